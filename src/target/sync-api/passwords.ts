import type { CloudSyncError } from '../../model/index.ts';
import {
  attribute,
  child,
  children,
  childText,
  credentialResults,
  dateTime,
  element,
  namespace,
  namespaces,
  type XmlElement,
} from '../../wire/index.ts';
import type { TargetError } from '../errors.ts';
import type { PasswordResult, PasswordUpload, PasswordWrite, TenantRef } from '../target.ts';
import {
  PasswordRefusedError,
  PasswordUserUnknownError,
  ResultMissingError,
  ServiceFaultError,
  ServiceInternalError,
} from './errors.ts';
import type { Result, SyncService } from './service.ts';

const operation = 'ProvisionCredentials';
const batch = 50;

/** Sends password hashes; each is written into its request and nowhere else. */
export function passwordUpload(service: SyncService): PasswordUpload {
  async function sendBatch(
    passwords: readonly PasswordWrite[],
    signal: AbortSignal,
  ): Promise<readonly PasswordResult[]> {
    try {
      return resultsOf(passwords, await call(passwords, signal));
    } catch (error) {
      // Where it takes nobody's password, that is for the caller to know, not a matter of each user.
      if (!isOfContent(error)) throw error;
      await call([], signal);
      if (passwords.length === 1) return passwords.map(({ user }) => failed(user, undefined, error));
      const half = Math.ceil(passwords.length / 2);
      const first = await sendBatch(passwords.slice(0, half), signal);
      return [...first, ...(await sendBatch(passwords.slice(half), signal))];
    }
  }

  const call = (passwords: readonly PasswordWrite[], signal: AbortSignal): Promise<Result> =>
    service.call({ operation, content: [writeItems(passwords)] }, signal);

  return {
    batch,
    async *send(passwords, signal) {
      for (let at = 0; at < passwords.length; at += batch)
        yield await sendBatch(passwords.slice(at, at + batch), signal);
    },
    async ping(signal) {
      await call([], signal);
    },
  };
}

/** Refused for what may stand in it: a call without anything in it tells whether it is that. */
const isOfContent = (error: unknown): error is TargetError =>
  error instanceof ServiceFaultError || error instanceof ServiceInternalError;

const failed = (user: TenantRef, requestId: string | undefined, error: CloudSyncError): PasswordResult => ({
  user,
  outcome: 'failed',
  requestId,
  error,
});

function writeItems(passwords: readonly PasswordWrite[]): XmlElement {
  return element(
    'request',
    [namespace('b', namespaces.coexistence), namespace('i', namespaces.instance)],
    [element('b:RequestItems', [], passwords.map(writeItem))],
  );
}

const nil = (name: string): XmlElement => element(name, [attribute('i:nil', true)]);

function writeItem({ user, changedAt, form, forceChangeOnLogon }: PasswordWrite): XmlElement {
  return element(
    'b:SyncCredentialsChangeItem',
    [],
    [
      element('b:ChangeDate', [], [dateTime(changedAt)]),
      nil('b:CloudAnchor'),
      element('b:CredentialData', [], [form.credentialData]),
      element('b:ForcePasswordChangeOnLogon', [], [forceChangeOnLogon]),
      element('b:SourceAnchor', [], [user.anchor]),
      nil('b:WindowsLegacyCredentials'),
      nil('b:WindowsSupplementalCredentials'),
    ],
  );
}

function resultsOf(
  passwords: readonly PasswordWrite[],
  { element: result, requestId }: Result,
): readonly PasswordResult[] {
  const all = children(child(result, 'Results'), 'SyncCredentialsChangeResult');
  const byAnchor = new Map(all.map((one) => [childText(one, 'SourceAnchor'), one]));
  return passwords.map(({ user }): PasswordResult => {
    const found = byAnchor.get(user.anchor);
    const code = childText(found, 'Result')?.trim() ?? '';
    const name = `user ${user.anchor}`;
    if (!/^\d{1,9}$/.test(code)) return failed(user, requestId, new ResultMissingError(name));
    const number = Number(code);
    if (number === credentialResults.done) return { user, requestId, outcome: 'done' };
    const error =
      number === credentialResults.anchorUnknown
        ? new PasswordUserUnknownError(name)
        : new PasswordRefusedError(name, number, childText(found, 'ExtendedErrorInformation'));
    return failed(user, requestId, error);
  });
}
