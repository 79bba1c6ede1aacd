import type { Statement } from 'better-sqlite3';
import type { DirectoryContext } from './context.ts';
import { foldedKey, keyRule } from './keys.ts';
import {
  type DirectoryKind,
  type DirectoryObject,
  never,
  type ObjectRow,
  type ObjectState,
  parseObject,
} from './object.ts';

/** A condition on `object o`, as a filter makes it. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export type SqlValue = string | number | null;

export interface PageRequest {
  readonly kinds: readonly DirectoryKind[];
  readonly state: Exclude<ObjectState, 'purged'>;
  readonly where?: Condition | undefined;
  /** SQL of the values to sort by; by number where there is none. */
  readonly order?: { readonly sql: string; readonly descending: boolean } | undefined;
  /** Where the page before ended. */
  readonly after?: { readonly sort?: SqlValue | undefined; readonly number: number } | undefined;
  readonly limit: number;
  /** Also what replicas do not show yet. */
  readonly hidden?: boolean;
}

export interface FoundObject {
  readonly object: DirectoryObject;
  /** The value it was sorted by. */
  readonly sort: SqlValue;
}

export type ObjectReader = ReturnType<typeof objectReader>;

/** Filters make statements of many shapes: the most recent ones are kept. */
const keptStatements = 500;

interface PageRow extends ObjectRow {
  readonly sort: SqlValue;
}

export function objectReader({ database, clock, profile, random }: DirectoryContext) {
  const byId = database.prepare<[string], ObjectRow>('SELECT * FROM object WHERE id = ?');
  const byNumber = database.prepare<[number], ObjectRow>('SELECT * FROM object WHERE number = ?');
  const byKey = database.prepare<[string, string], ObjectRow>(
    // Several times quicker than the join where there is nothing to find, which is the rule.
    'SELECT * FROM object WHERE number IN (SELECT object FROM key WHERE name = ? AND value = ?)',
  );
  const tally = database.prepare<[string, string], { objects: number }>(
    'SELECT objects FROM tally WHERE kind = ? AND state = ?',
  );
  const pages = new Map<string, Statement<SqlValue[], PageRow>>();
  const counts = new Map<string, Statement<SqlValue[], { n: number }>>();
  const parsed = (row: ObjectRow | undefined): DirectoryObject | undefined =>
    row === undefined || row.state === 'purged' ? undefined : parseObject(row);

  function prepared<Row>(kept: Map<string, Statement<SqlValue[], Row>>, sql: string): Statement<SqlValue[], Row> {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    if (kept.size >= keptStatements) kept.clear();
    const statement = database.prepare<SqlValue[], Row>(sql);
    kept.set(sql, statement);
    return statement;
  }

  /** Does a reader's replica show the object now? */
  function shown(object: DirectoryObject): boolean {
    const now = clock.now();
    const late = object.state === 'live' ? now < object.visibleFrom : now < object.visibleUntil;
    const there = object.state === 'live' ? !late : late;
    return late && profile().replication.flapping ? random() < 0.5 : there;
  }

  return {
    /** As it is, whatever replicas show. */
    byId: (id: string): DirectoryObject | undefined => parsed(byId.get(id.toLowerCase())),
    byNumber: (number: number): DirectoryObject | undefined => parsed(byNumber.get(number)),
    /** Also an object that is gone for good, of which the id is still known. */
    nameOf: (number: number): { readonly id: string; readonly kind: string } | undefined => byNumber.get(number),
    shown,

    /** Objects of every state that hold a value; deleted ones keep theirs. */
    byKey(name: string, value: string): readonly DirectoryObject[] {
      const rule = keyRule(name);
      return rule === undefined ? [] : byKey.all(name, foldedKey(rule, value)).map(parseObject);
    },

    count: (kind: DirectoryKind, state: ObjectState): number => tally.get(kind, state)?.objects ?? 0,

    page({ kinds, state, where, order, after, limit, hidden = false }: PageRequest): readonly FoundObject[] {
      const sort = order?.sql ?? 'NULL';
      const direction = order?.descending === true ? 'DESC' : 'ASC';
      const beyond = order?.descending === true ? '<' : '>';
      const resume =
        after === undefined
          ? ''
          : order === undefined
            ? 'AND o.number > ?'
            : `AND (coalesce(${sort}, '') ${beyond} ? OR (coalesce(${sort}, '') = ? AND o.number > ?))`;
      const resumed: SqlValue[] =
        after === undefined
          ? []
          : order === undefined
            ? [after.number]
            : [after.sort ?? '', after.sort ?? '', after.number];
      const sql = `SELECT o.*, ${order === undefined ? 'NULL' : `coalesce(${sort}, '')`} AS sort FROM object o
        WHERE ${among(kinds, state)} ${where === undefined ? '' : `AND (${where.sql})`} ${resume}
        ORDER BY ${order === undefined ? '' : `sort ${direction},`} o.number LIMIT ?`;
      const rows = prepared(pages, sql).all(
        ...seen(kinds, state, hidden ? never : clock.now()),
        ...(where?.parameters ?? []),
        ...resumed,
        limit,
      );
      return rows.map((row) => ({ object: parseObject(row), sort: row.sort }));
    },

    countWhere({ kinds, state, where }: Pick<PageRequest, 'kinds' | 'state' | 'where'>): number {
      const sql = `SELECT count(*) AS n FROM object o WHERE ${among(kinds, state)} ${where === undefined ? '' : `AND (${where.sql})`}`;
      const row = prepared(counts, sql).get(...seen(kinds, state, clock.now()), ...(where?.parameters ?? []));
      return row?.n ?? 0;
    },
  };
}

/** Live objects are seen once replicas have them; deleted ones are listed at once. */
function among(kinds: readonly DirectoryKind[], state: 'live' | 'deleted'): string {
  const list = kinds.map(() => '?').join(', ');
  return state === 'deleted'
    ? `o.kind IN (${list}) AND o.state = 'deleted'`
    : `o.kind IN (${list}) AND o.state = 'live' AND o.visible_from <= ?`;
}

function seen(kinds: readonly DirectoryKind[], state: 'live' | 'deleted', now: number): SqlValue[] {
  return state === 'deleted' ? [...kinds] : [...kinds, now];
}
