import { CloudSyncError } from '../../model/index.ts';
import {
  attribute,
  child,
  children,
  childText,
  credentialResults,
  dateTime,
  element,
  integerOf,
  namespace,
  namespaces,
  type XmlElement,
} from '../../wire/index.ts';
import type { PasswordResult, PasswordUpload, PasswordWrite } from '../target.ts';
import {
  PasswordRefusedError,
  PasswordSyncInactiveError,
  PasswordUserUnknownError,
  ResultMissingError,
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
    let answer: Result;
    try {
      answer = await service.call({ operation, content: [writeItems(passwords)] }, signal);
    } catch (error) {
      // Nobody's password is taken: that is for the caller to know, not a matter of each user.
      if (error instanceof PasswordSyncInactiveError || !(error instanceof CloudSyncError)) throw error;
      return passwords.map(({ user }) => ({ user, outcome: 'failed', requestId: undefined, error }));
    }
    return resultsOf(passwords, answer);
  }

  return {
    batch,
    async *send(passwords, signal) {
      for (let at = 0; at < passwords.length; at += batch)
        yield await sendBatch(passwords.slice(at, at + batch), signal);
    },
    async ping(signal) {
      await service.call({ operation, content: [writeItems([])] }, signal);
    },
  };
}

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
    const code = child(found, 'Result');
    const name = `user ${user.anchor}`;
    if (found === undefined || code === undefined)
      return { user, requestId, outcome: 'failed', error: new ResultMissingError(name) };
    const number = integerOf(code);
    if (number === credentialResults.done) return { user, requestId, outcome: 'done' };
    const error =
      number === credentialResults.anchorUnknown
        ? new PasswordUserUnknownError(name)
        : new PasswordRefusedError(name, number, childText(found, 'ExtendedErrorInformation'));
    return { user, requestId, outcome: 'failed', error };
  });
}
