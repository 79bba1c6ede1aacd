import type { Dn, ObjectGuid, SourceKind } from '../model/index.ts';
import type { AskedType } from './asked.ts';
import { linksTo } from './back-links.ts';
import { extendedDn } from './controls.ts';
import type { DirSyncPage } from './dir-sync.ts';
import { type DirSyncEntry, readDirSyncEntry } from './dir-sync-entry.ts';
import type { Session } from './domain-controllers.ts';
import { type ReadEntry, readEntry, valuesOf } from './entry.ts';
import { changesOf, changesOfPages } from './pages.ts';
import type { ReadProof } from './read-proof.ts';
import { byGuid, changedSince } from './searches.ts';
import type { ReadRequest, SourceChange } from './source.ts';

const defaultPageSize = 1000;
const guidsAtOnce = 100;

type Known = (guid: ObjectGuid) => SourceKind | undefined;
const knowsNothing: Known = () => undefined;

/** What a server wrote since a USN: every changed object whole. */
export async function* usnChanges(
  session: Session,
  since: bigint,
  types: readonly AskedType[],
  request: ReadRequest,
  proof: ReadProof,
): AsyncGenerator<readonly SourceChange[]> {
  const { connection } = session;
  const { pageSize = defaultPageSize, known = knowsNothing, attributes } = request;
  let back: { readonly guid: ObjectGuid; readonly dn: Dn }[] = [];
  const seen = ({ object: { guid, dn }, birth }: Extract<ReadEntry, { type: 'object' }>): void => {
    if (birth !== undefined && BigInt(birth) <= since && known(guid) === undefined) back.push({ guid, dn });
  };
  const search = changedSince(session, since, types);
  for await (const changes of changesOfPages(connection, search, pageSize, proof, seen)) {
    yield changes;
    const returned = back;
    back = [];
    for (const object of returned) yield* nonEmpty(await linksTo(connection, object, attributes));
  }
}

/** What a page of DirSync comes to: changed objects in part, new ones whole. */
export async function* dirSyncChanges(
  session: Session,
  { entries, point }: DirSyncPage<AskedType>,
  types: readonly AskedType[],
  { known = knowsNothing, attributes }: ReadRequest,
  proof: ReadProof,
): AsyncGenerator<readonly SourceChange[]> {
  const { connection } = session;
  const kinds = new Map<ObjectGuid, SourceKind>();
  const read: DirSyncEntry[] = [];
  for (const entry of entries) {
    const one = readDirSyncEntry(entry, (guid) => kinds.get(guid) ?? known(guid));
    const [object] = one.type === 'created' ? one.changes : [];
    if (object?.type === 'object') kinds.set(object.guid, object.kind);
    read.push(one);
  }
  const hidden = point.objectSecurity ? new Set<ObjectGuid>() : await hiddenOf(session, [...kinds.keys()]);
  const changes: SourceChange[] = [];
  const back: ObjectGuid[] = [];
  for (const one of read) {
    if (one.type === 'other' || hidden.has(one.guid)) continue;
    if (one.type === 'returned') back.push(one.guid);
    else if (one.type === 'deleted') {
      proof.deletion();
      changes.push(one);
    } else {
      proof.object(one.dn);
      changes.push(...one.changes);
    }
  }
  yield* nonEmpty(changes);
  for (const guid of back) {
    const entry = await connection.find({ base: `<GUID=${guid}>`, types, controls: [extendedDn()] });
    const whole: ReadEntry = entry === undefined ? { type: 'other' } : readEntry(entry);
    if (whole.type !== 'object') continue;
    proof.object(whole.object.dn);
    yield* changesOf(connection, whole);
    yield* nonEmpty(await linksTo(connection, whole.object, attributes));
  }
}

/**
 * A right to replicate shows objects the account may not read, which a full read does not bring: they are left out here
 * too, or they would come with one and go with the other.
 */
async function hiddenOf(session: Session, guids: readonly ObjectGuid[]): Promise<ReadonlySet<ObjectGuid>> {
  const hidden = new Set(guids);
  const types = [{ name: 'objectGUID', form: 'guid' }] as const;
  for (let at = 0; at < guids.length; at += guidsAtOnce) {
    const { entries } = await session.connection.search(byGuid(session, guids.slice(at, at + guidsAtOnce), types));
    for (const entry of session.connection.decode(entries)) {
      const [guid] = valuesOf(entry, 'objectGUID');
      if (typeof guid === 'string') hidden.delete(guid as ObjectGuid);
    }
  }
  return hidden;
}

function* nonEmpty(changes: readonly SourceChange[]): Generator<readonly SourceChange[]> {
  if (changes.length > 0) yield changes;
}
