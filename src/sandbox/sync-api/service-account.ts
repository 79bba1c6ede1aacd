import { randomBytes } from 'node:crypto';
import { childText, element, type XmlElement } from '../../wire/index.ts';
import { text } from '../directory/index.ts';
import { initialDomain } from './conflicts.ts';
import type { SyncContext } from './context.ts';
import { fault } from './faults.ts';
import { isLive } from './kinds.ts';

/** Makes an account for synchronization, or gives the one there is a new password. */
export function serviceAccount(context: SyncContext, body: XmlElement): XmlElement {
  const identifier = childText(body, 'identifier')?.trim() ?? '';
  if (!/^[A-Za-z0-9_.-]{1,40}$/.test(identifier)) throw fault.malformed('identifier is no name of an account');
  const userPrincipalName = `${identifier}@${initialDomain(context)}`;
  const password = `${randomBytes(12).toString('base64url')}!a1`;
  const change = { passwordProfile: { password, forceChangePasswordNextSignIn: false }, syncAccount: true };
  context.directory.transact((writer) => {
    const known = context.directory.objects.byKey('userPrincipalName', userPrincipalName).find(isLive);
    if (known !== undefined) {
      writer.update(known, change);
      return;
    }
    const displayName = 'On-Premises Directory Synchronization Service Account';
    writer.create('user', {
      ...change,
      userPrincipalName,
      displayName,
      accountEnabled: true,
      mailNickname: identifier,
      userType: 'Member',
    });
  });
  const user = context.directory.objects.byKey('userPrincipalName', userPrincipalName).find(isLive);
  return element(
    'GetServiceAccountResult',
    [],
    [
      element('Password', [], [password]),
      element('UserName', [], [text(user?.properties['userPrincipalName']) ?? userPrincipalName]),
    ],
  );
}
