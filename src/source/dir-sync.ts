import { type AskedType, place } from './asked.ts';
import { dirSync, dirSyncAnswer, dirSyncFlags, extendedDn } from './controls.ts';
import type { Session } from './domain-controllers.ts';
import { DirectoryRefusedError, IncompleteReadError } from './errors.ts';
import { ofTheseClasses } from './searches.ts';
import type { AttributeType, SearchEntry } from './wire/entry-decoder.ts';

/** What a read by DirSync resumes from. */
export interface DirSyncPoint {
  readonly cookie: Buffer;
  /** Asked for with the rights of the account alone, since it may not replicate. */
  readonly objectSecurity: boolean;
}

export interface DirSyncPage<Type extends AttributeType> {
  readonly entries: readonly SearchEntry<Type>[];
  readonly point: DirSyncPoint;
}

/** Pages without a change that are put up with in a row: a server answers so while it walks past what the filter leaves out. */
const emptyPages = 20_000;

/** No object has this GUID. */
const nothing = `(objectGUID=${'\\00'.repeat(16)})`;

/**
 * The point up to which everything has been written by now, without reading any of it: the server walks through its
 * changes for a filter that none of them meets. Undefined where the server does not give changes in this way.
 */
export async function dirSyncNow(session: Session): Promise<DirSyncPoint | undefined> {
  if (session.facts.readOnly) return undefined;
  for (const objectSecurity of [false, true]) {
    try {
      let point: DirSyncPoint = { cookie: Buffer.alloc(0), objectSecurity };
      for await (const page of dirSyncPages(session, point, nothing, [])) point = page.point;
      return point;
    } catch (error) {
      if (!(error instanceof DirectoryRefusedError)) throw error;
    }
  }
  return undefined;
}

/** May the account replicate: has it the right Replicating Directory Changes on the head of the domain? Asked, not looked up. */
export async function mayReplicate(session: Session): Promise<boolean> {
  try {
    // The first page is answer enough.
    for await (const _ of dirSyncPages(session, { cookie: Buffer.alloc(0), objectSecurity: false }, nothing, [])) break;
    return true;
  } catch (error) {
    if (!(error instanceof DirectoryRefusedError)) throw error;
    return false;
  }
}

/** What has changed since a point, by pages, in no order. */
export function dirSyncSince(
  session: Session,
  point: DirSyncPoint,
  types: readonly AskedType[],
): AsyncGenerator<DirSyncPage<AskedType>> {
  return dirSyncPages(
    session,
    point,
    ofTheseClasses,
    // An attribute the schema does not have would have the whole search refused.
    [place, ...types.filter(({ name, inSchema }) => inSchema && name !== place.name)],
  );
}

async function* dirSyncPages<Type extends AttributeType>(
  { connection, facts }: Session,
  from: DirSyncPoint,
  filter: string,
  types: readonly Type[],
): AsyncGenerator<DirSyncPage<Type>> {
  const flags = dirSyncFlags.incrementalValues | (from.objectSecurity ? dirSyncFlags.objectSecurity : 0);
  const base = facts.domain.namingContext;
  let { cookie } = from;
  for (let empty = 0; ; ) {
    const { entries, references, controls } = await connection.search({
      base,
      scope: 'sub',
      filter,
      types,
      attributes: types.length === 0 ? ['objectGUID'] : types.map(({ name }) => name),
      controls: [dirSync(flags, cookie), extendedDn()],
    });
    const [elsewhere] = references;
    if (elsewhere !== undefined) throw new IncompleteReadError(connection.url, `it refers to ${elsewhere} for more`);
    const answer = dirSyncAnswer(controls);
    if (answer === undefined || answer.cookie.length === 0) {
      throw new IncompleteReadError(connection.url, 'it does not say up to where it gave the changes');
    }
    empty = entries.length === 0 ? empty + 1 : 0;
    if (answer.more && (answer.cookie.equals(cookie) || empty > emptyPages)) {
      throw new IncompleteReadError(connection.url, 'it promises more changes and gives none');
    }
    cookie = answer.cookie;
    yield { entries: connection.decode(entries), point: { ...from, cookie } };
    if (!answer.more) return;
  }
}
