import {
  booleanOf,
  child,
  children,
  childText,
  credentialResults,
  dateOf,
  element,
  namespace,
  namespaces,
  WireError,
  type XmlElement,
} from '../../wire/index.ts';
import { isoTime } from '../clock.ts';
import type { DirectoryObject } from '../directory/index.ts';
import type { SyncContext } from './context.ts';
import { member } from './envelope.ts';
import { fault } from './faults.ts';
import { hasFeature } from './features.ts';
import { idOfCloudAnchor, isLive } from './kinds.ts';
import { isPasswordForm } from './passwords.ts';

const batch = 50;

interface CredentialResult {
  readonly cloudAnchor: string | undefined;
  readonly sourceAnchor: string | undefined;
  readonly result: number;
  readonly information: string | undefined;
}

/** What the service says no with has not been published, but for the anchor it does not know. */
const refused = 3;

/** Takes password hashes, one user at a time: what is refused is that user's matter. No items at all is a sign of life. */
export function provisionCredentials(context: SyncContext, body: XmlElement): XmlElement {
  if (!hasFeature(context.directory, 'passwordHashSync')) throw fault.passwordSyncInactive();
  const items = children(child(body, 'request', 'RequestItems'), 'SyncCredentialsChangeItem');
  if (items.length > batch) throw fault.tooManyCredentials(batch);
  const results = context.directory.transact(() => items.map((item) => take(context, item)));
  return element(
    'ProvisionCredentialsResult',
    [namespace('b', namespaces.coexistence), namespace('i', namespaces.instance)],
    [element('b:Results', [], results.map(shown))],
  );
}

function shown({ cloudAnchor, sourceAnchor, result, information }: CredentialResult): XmlElement {
  return element(
    'b:SyncCredentialsChangeResult',
    [],
    [
      member('b:CloudAnchor', cloudAnchor),
      member('b:ExtendedErrorInformation', information),
      member('b:Result', String(result)),
      member('b:SourceAnchor', sourceAnchor),
    ],
  );
}

function take(context: SyncContext, item: XmlElement): CredentialResult {
  const anchors = { cloudAnchor: childText(item, 'CloudAnchor'), sourceAnchor: childText(item, 'SourceAnchor') };
  const answer = (result: number, information?: string): CredentialResult => ({ ...anchors, result, information });
  const user = userOf(context, anchors);
  if (user === undefined) return answer(credentialResults.anchorUnknown);
  const ready = user.createdAt + context.settings().credentialDelaySeconds * 1000;
  if (context.clock.now() < ready) return answer(credentialResults.anchorUnknown);
  if (user.mastery !== 'synced') return answer(refused, 'The user is not synchronized.');
  const form = childText(item, 'CredentialData') ?? '';
  if (!isPasswordForm(form)) return answer(refused, 'The credential data is not valid.');
  try {
    store(context, user, form, item);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return answer(refused, error.message);
  }
  return answer(credentialResults.done);
}

function store(context: SyncContext, user: DirectoryObject, form: string, item: XmlElement): void {
  const date = child(item, 'ChangeDate');
  const forced = child(item, 'ForcePasswordChangeOnLogon');
  const changedAt = date === undefined ? context.clock.now() : dateOf(date).getTime();
  const forceChange =
    forced !== undefined && booleanOf(forced) && hasFeature(context.directory, 'userForcePasswordChangeOnLogon');
  context.passwords.put(user.number, { form, changedAt, forceChange });
  const expires = hasFeature(context.directory, 'cloudPasswordPolicyForPasswordSyncedUsers');
  context.directory.transact((writer) =>
    writer.update(user, {
      lastPasswordChangeDateTime: isoTime(changedAt),
      ...(expires ? {} : { passwordPolicies: 'DisablePasswordExpiration' }),
    }),
  );
}

function userOf(
  { directory }: SyncContext,
  { cloudAnchor, sourceAnchor }: Pick<CredentialResult, 'cloudAnchor' | 'sourceAnchor'>,
): DirectoryObject | undefined {
  const id = idOfCloudAnchor(cloudAnchor ?? '');
  const found =
    sourceAnchor === undefined || sourceAnchor === ''
      ? directory.objects.byId(id ?? '')
      : directory.objects.byKey('sourceAnchor', sourceAnchor).find(isLive);
  return isLive(found) && found.kind === 'user' ? found : undefined;
}
