import { randomUUID } from 'node:crypto';
import { type DirectoryObject, text } from '../../directory/index.ts';
import { SignInRefusal } from '../../sign-in/index.ts';
import { initialDomain } from '../conflicts.ts';
import type { SyncContext } from '../context.ts';
import { isLive } from '../kinds.ts';
import { isAdministrator } from '../matching.ts';
import { isPassword } from '../passwords.ts';
import { isStructure } from '../values.ts';

/** Who has signed in as a user. */
export interface SignedIn {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** May call what only administrators and accounts of synchronization may. */
  readonly administrator: boolean;
}

/** Who answers where a person would have to: the sandbox's own administrator, who is in no list of users. */
export function builtInAdministrator(context: SyncContext): SignedIn {
  return {
    id: context.directory.facts.once('administratorId', randomUUID),
    userPrincipalName: `admin@${initialDomain(context)}`,
    displayName: 'Sandbox administrator',
    administrator: true,
  };
}

/** By name and password: of a synced user the one that AD has, of a cloud user the one it was given here. */
export function checkPassword(context: SyncContext, name: string, password: string): SignedIn {
  const user = context.directory.objects
    .byKey('userPrincipalName', name)
    .filter(isLive)
    .find(({ kind }) => kind === 'user');
  if (user === undefined) throw new SignInRefusal('userUnknown', name);
  const { properties } = user;
  if (properties['accountEnabled'] === false) throw new SignInRefusal('userDisabled');
  const synced = context.passwords.get(user.number);
  const profile = isStructure(properties['passwordProfile']) ? properties['passwordProfile'] : {};
  const good =
    synced === undefined ? isCloudPassword(profile['password'], password) : isPassword(synced.form, password);
  if (!good) throw new SignInRefusal('passwordWrong');
  const mustChange = synced === undefined ? profile['forceChangePasswordNextSignIn'] === true : synced.forceChange;
  if (mustChange) throw new SignInRefusal('passwordExpired');
  return signedIn(context, user);
}

function isCloudPassword(known: unknown, given: string): boolean {
  return typeof known === 'string' && known !== '' && known === given;
}

export function signedIn(context: SyncContext, user: DirectoryObject): SignedIn {
  return {
    id: user.id,
    userPrincipalName: text(user.properties['userPrincipalName']) ?? '',
    displayName: text(user.properties['displayName']) ?? '',
    administrator: user.properties['syncAccount'] === true || isAdministrator(context, user),
  };
}

/** The user of a token that was given out before, as they are now. */
export function stillSignedIn(context: SyncContext, id: string): SignedIn | undefined {
  const administrator = builtInAdministrator(context);
  if (id === administrator.id) return administrator;
  const user = context.directory.objects.byId(id);
  return isLive(user) && user.properties['accountEnabled'] !== false ? signedIn(context, user) : undefined;
}
