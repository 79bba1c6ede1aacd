import type { ConnectorName } from '../model/index.ts';
import type { Rules } from '../rules/index.ts';
import type { After, ListedIdentity, ListedSource, StateReader } from '../state/index.ts';
import { breathe } from './breathe.ts';
import type { Connector } from './context.ts';
import type { FailingFilter, ObjectFilter, SkippedFilter } from './engine.ts';
import type { ObjectInfo, ObjectState, Page } from './shapes.ts';
import { findObject, isObjectKind, showIdentity, showSource, stateOf, stateOfLeftOut } from './show-object.ts';

/** Rows looked at in one stroke. */
const slice = 500;
/** Rows looked at for one page, however few of them a filter lets through. */
const most = 20_000;

/** What an object is, and where. */
interface Placed {
  readonly kind: string;
  readonly state: ObjectState;
  readonly forest: string | null;
  readonly connectors: readonly string[];
}

const placed = ({ kind, state, sources }: ObjectInfo): Placed => ({
  kind,
  state,
  forest: null,
  connectors: sources.map(({ connector }) => connector),
});

/** An object as far as lists choose by it. */
interface Listed extends Placed {
  readonly at: After;
  readonly code: string | null;
  readonly reason: string | null;
  readonly show: () => ObjectInfo | undefined;
}

type List = (after: After, limit: number) => readonly (Listed | After)[];

/** What a list is made of. */
export interface ListContext {
  readonly read: StateReader;
  readonly rules: Rules;
  readonly connectors: readonly Connector[];
}

/** All objects; of those whose name begins with a text the ones called so come first, then by the names they sign in and get mail with. */
export async function listObjects(
  context: ListContext,
  { names, text, ...filter }: ObjectFilter,
  cursor: string | undefined,
  limit: number,
): Promise<Page<ObjectInfo>> {
  const { read, rules } = context;
  const fits = fitting(context, filter);
  if (names !== undefined && (cursor === undefined || text === undefined)) {
    const named = names
      .map((name) => findObject(read, rules, name))
      .find((one) => one !== undefined && fits(placed(one)));
    if (named !== undefined || text === undefined) return { items: named === undefined ? [] : [named], next: null };
  }
  const all = [identities(context, read.lists.identities), sources(context, ({ identity }) => identity === null)];
  return page(text === undefined ? all : beginningWith(context, text), fits, cursor, limit);
}

/** Identities that are held or that the tenant refused. */
export async function listFailing(
  context: ListContext,
  { code, kind }: FailingFilter,
  cursor: string | undefined,
  limit: number,
): Promise<Page<ObjectInfo>> {
  const fits = (one: Listed): boolean => (code ?? one.code) === one.code && (kind ?? one.kind) === one.kind;
  return page([identities(context, context.read.lists.failing)], fits, cursor, limit);
}

/** Source objects that take no part. */
export async function listSkipped(
  context: ListContext,
  { reason, kind }: SkippedFilter,
  cursor: string | undefined,
  limit: number,
): Promise<Page<ObjectInfo>> {
  const fits = (one: Listed): boolean => (reason ?? one.reason) === one.reason && (kind ?? one.kind) === one.kind;
  return page([sources(context, () => true)], fits, cursor, limit);
}

/** Goes through lists one after another. What a filter leaves out costs as well, so that a page may be short of its limit. */
async function page(
  lists: readonly List[],
  fits: (one: Listed) => boolean,
  cursor: string | undefined,
  limit: number,
): Promise<Page<ObjectInfo>> {
  const items: ObjectInfo[] = [];
  let { stage, ...after } = parseCursor(cursor);
  for (let looked = 0; looked < most; await breathe()) {
    const list = lists[stage];
    if (list === undefined) return { items, next: null };
    const rows = list(after, slice);
    for (const row of rows) {
      after = 'at' in row ? row.at : row;
      const shown = 'at' in row && fits(row) ? row.show() : undefined;
      if (shown !== undefined) items.push(shown);
      if (items.length === limit) return { items, next: cursorOf(stage, after) };
    }
    looked += rows.length;
    if (rows.length === slice) continue;
    stage += 1;
    after = { key: '', id: 0 };
  }
  return { items, next: cursorOf(stage, after) };
}

const cursorOf = (stage: number, { id, key }: After): string =>
  `${stage}.${id}${key === '' ? '' : `.${Buffer.from(key).toString('base64url')}`}`;

function parseCursor(cursor = ''): After & { readonly stage: number } {
  const [stage = '', id = '', key = ''] = cursor.split('.');
  return { stage: Number(stage), id: Number(id), key: Buffer.from(key, 'base64url').toString() };
}

const at = ({ id, key }: After): After => ({ id, key });

function identities(
  { read, rules }: ListContext,
  list: (after: After, limit: number) => readonly ListedIdentity[],
): List {
  const show = (id: number): ObjectInfo | undefined => {
    const identity = read.objects.identity(id);
    return identity === undefined ? undefined : showIdentity(read, rules, identity);
  };
  return (after, limit) =>
    list(after, limit).map((row) =>
      row.repeated === 1
        ? at(row)
        : {
            at: at(row),
            kind: row.kind,
            state: stateOf({
              held: row.held === 1,
              code: row.code,
              unwanted: row.unwanted === 1,
              absent: row.absent === 1,
              reason: row.reason_code,
            }),
            code: row.code,
            reason: row.reason_code,
            forest: row.forest,
            connectors: row.connectors?.split('\n') ?? [],
            show: () => show(row.id),
          },
    );
}

function sources({ read, rules }: ListContext, among: (row: ListedSource) => boolean): List {
  const show = (id: number): ObjectInfo | undefined => {
    const source = read.objects.source(id);
    return source === undefined ? undefined : showSource(read, rules, source);
  };
  return (after, limit) =>
    read.lists.leftOut(after, limit).map((row) =>
      isObjectKind(row.kind) && among(row)
        ? {
            at: { id: row.id, key: '' },
            kind: row.kind,
            state: stateOfLeftOut(row.reason_code),
            code: null,
            reason: row.reason_code,
            forest: null,
            connectors: [row.connector],
            show: () => show(row.id),
          }
        : { id: row.id, key: '' },
    );
}

/**
 * Identities whose display name, user principal name, mail address or DN begins so. A DN is found by the name it begins
 * with, since an index on DNs would cost every import more than completing one is worth: only that of an object
 * called as in its DN.
 */
function beginningWith(context: ListContext, text: string): readonly List[] {
  const { lists, objects } = context.read;
  const [, name] = text.match(/^[A-Za-z][A-Za-z0-9-]*=((?:[^,\\]|\\.)+)/) ?? [];
  if (name === undefined)
    return [lists.called, lists.signingIn, lists.mailed].map((list) =>
      identities(context, (after, limit) => list(text, after, limit)),
    );
  const called = name.replaceAll(/\\(?=[^0-9A-Fa-f])/g, '');
  const wanted = text.toLowerCase();
  const isThere = ({ id }: ListedIdentity): boolean =>
    objects.sourcesOf(id).some(({ dn }) => dn.toLowerCase().startsWith(wanted));
  return [
    identities(context, (after, limit) =>
      lists.called(called, after, limit).map((row) => (isThere(row) ? row : { ...row, repeated: 1 })),
    ),
  ];
}

/** Where a directory holds it no longer, an object is still of the forest it was last read in. */
function fitting(
  { connectors }: ListContext,
  { kind, state, forest, domain }: Omit<ObjectFilter, 'names' | 'text'>,
): (one: Placed) => boolean {
  const there = new Set<string>(
    connectors
      .filter((connector) => forest === undefined || connector.forest === forest)
      .filter((connector) => domain === undefined || connector.domain.toLowerCase() === domain.toLowerCase())
      .map(({ name }): ConnectorName => name),
  );
  return (one) =>
    (kind ?? one.kind) === one.kind &&
    (state ?? one.state) === one.state &&
    ((forest ?? domain) === undefined ||
      one.connectors.some((name) => there.has(name)) ||
      (one.connectors.length === 0 && domain === undefined && one.forest === forest));
}
