import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { openState } from './state.ts';

/** Each statement of the state, by its text, with the way SQLite takes for it. */
const ways = new Map<string, readonly string[]>();
const { prepare } = Sqlite.prototype;

beforeEach(() => {
  Sqlite.prototype.prepare = function (this: Sqlite.Database, text: string) {
    const statement = prepare.call(this, text);
    if (/^\s*(SELECT|INSERT|DELETE|UPDATE)/.test(text)) {
      const named = Object.fromEntries([...text.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]));
      const parameters: unknown[] =
        Object.keys(named).length > 0 ? [named] : Array(text.match(/\?/g)?.length ?? 0).fill(null);
      const explain = prepare.call(this, `EXPLAIN QUERY PLAN ${text}`) as Sqlite.Statement;
      const rows = explain.all(...parameters) as { detail: string }[];
      ways.set(
        text.replace(/\s+/g, ' '),
        rows.map(({ detail }) => detail),
      );
    }
    return statement;
  } as typeof prepare;
});
afterEach(() => {
  Sqlite.prototype.prepare = prepare;
  ways.clear();
});

function openAndListWays(): void {
  using memory = memoryFolder();
  using state = openState(join(memory.path, 'state.db'));
  expect(state.read.facts.get('rulesDigest')).toBeUndefined();
}

/** SQLite chooses its way by what it guesses of sizes: these are the ways that keep a large group from costing its square. */
it('looks at the one link between two ends, not at all links of a holder', () => {
  openAndListWays();
  const wanted = [...ways].filter(
    ([text]) => text.includes('FROM link_pair') || text.includes('DELETE FROM link_pair'),
  );
  expect(wanted.length).toBeGreaterThanOrEqual(2);
  for (const [, way] of wanted) expect(way).not.toContain('SEARCH l USING PRIMARY KEY (source=?)');
  expect(wanted.flatMap(([, way]) => way)).toContain(
    'SEARCH l USING COVERING INDEX source_link_reference (reference=? AND source=? AND attribute=?)',
  );
});

/** What goes through a whole table does so because it means all of it, or on a full read, or when a person asks. */
const scans = [
  'UPDATE source_object SET dirty = 1 WHERE dirty = 0',
  'UPDATE identity SET dirty = 1, links_dirty = 1',
  'SELECT tenant_id FROM tenant_object WHERE soft_deleted = 0 AND tenant_id NOT IN (SELECT tenant_id FROM tenant_seen)',
  'SELECT tenant_id FROM tenant_object WHERE soft_deleted = 1 AND tenant_id NOT IN (SELECT tenant_id FROM tenant_seen)',
  'SELECT holder, attribute, member FROM tenant_link l WHERE NOT EXISTS (SELECT 1 FROM tenant_link_seen s',
  'SELECT kind, count(*) AS n FROM tenant_object WHERE identity IS NOT NULL',
  // Up to so many, which are few for few changes.
  'SELECT count(*) AS n FROM (SELECT 1 FROM tenant_object t',
  'SELECT count(*) AS n FROM (SELECT 1 FROM tenant_link l',
  // The last row alone.
  'SELECT hash FROM log ORDER BY id DESC LIMIT 1',
  // A row for each link that changed.
  'INSERT INTO link_pair (holder, attribute, member) SELECT h.identity, m.target, e.identity FROM link_change l',
  'DELETE FROM link_pair AS p',
];

it('goes through no table that holds a row for each object or link, but where all of them are meant', () => {
  openAndListWays();
  expect(ways.size).toBeGreaterThan(200);
  const large =
    /^SCAN (o|i|t|l|h|e|ht|mt|r|p|source_object|identity|tenant_object|tenant_link|source_link|reference|operation|log|password)( |$)/;
  // A partial index holds only the few it is about.
  const few =
    /INDEX (source_object_(dirty|left_out)|identity_(stale|dirty|links_dirty|error|unwanted)|operation_in_flight)/;
  const found = [...ways]
    .filter(([, way]) => way.some((step) => large.test(step) && !few.test(step)))
    .map(([text]) => text);
  expect(found.filter((text) => !scans.some((start) => text.startsWith(start)))).toEqual([]);
});

it('sorts nothing in what is asked once for each object', () => {
  openAndListWays();
  const perObject = [
    'FROM tenant_object INDEXED BY tenant_object_anchor WHERE identity IS NULL',
    'FROM tenant_object INDEXED BY tenant_object_user_principal_name WHERE identity IS NULL',
    'FROM tenant_object INDEXED BY tenant_object_mail WHERE identity IS NULL',
    'WHERE o.identity = +? AND o.in_scope = 1 ORDER BY o.connector, o.id',
    'FROM identity i INDEXED BY identity_dirty',
    'FROM identity i LEFT JOIN escrow e',
    'FROM operation o INDEXED BY operation_undone',
    'FROM password p INDEXED BY password_open',
  ];
  for (const part of perObject) {
    const found = [...ways].filter(([text]) => text.includes(part));
    expect(found, part).not.toEqual([]);
    for (const [, way] of found) expect(way.join('; '), part).not.toContain('TEMP B-TREE');
  }
});

it('goes on in a list from where the page before it ended, and sorts no more than a page', () => {
  openAndListWays();
  const lists = [...ways].filter(
    ([text]) => text.includes('AS unwanted') || text.includes('o.identity, o.reason_code'),
  );
  const begins = [
    'SEARCH i USING INTEGER PRIMARY KEY (rowid>?)',
    'SEARCH i USING INDEX identity_display_name (display_name>? AND display_name<?)',
    'SEARCH i USING INDEX identity_user_principal_name (<expr>>? AND <expr><?)',
    'SEARCH i USING INDEX identity_mail (mail>? AND mail<?)',
    'SEARCH o USING INDEX source_object_left_out (id>?)',
  ];
  const walks = lists.filter(([, [first = '']]) => begins.includes(first));
  expect(new Set(walks.map(([, [first]]) => first))).toEqual(new Set(begins));
  for (const [text, way] of walks) expect(way.join('; '), text).not.toMatch(/SCAN|TEMP B-TREE/);
  // Two lists in one: a page of each is all that is merged.
  const merged = lists.filter((list) => !walks.includes(list));
  expect(merged.map(([text]) => text.includes('FROM escrow WHERE identity >'))).toEqual([true]);
  const [, way = []] = merged[0] ?? [];
  expect(way).toEqual(
    expect.arrayContaining([
      'SEARCH identity USING INDEX identity_error (id>?)',
      'SEARCH escrow USING INTEGER PRIMARY KEY (rowid>?)',
    ]),
  );
  expect(way.filter((step) => step.startsWith('SCAN') && !/SCAN (\(subquery-\d\)|f)$/.test(step))).toEqual([]);
  const cycles = [...ways].find(([text]) => text.includes('FROM cycle WHERE id < +@before'));
  expect(cycles?.[1]).toEqual(['SEARCH cycle USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)']);
});
