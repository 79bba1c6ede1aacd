import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ObjectKind, parseSourceAnchor, parseTenantId, type SourceAnchor, type TenantId } from '../model/index.ts';
import { openDatabase } from './database.ts';
import { openState, type State } from './index.ts';

let folder: string;
let state: State;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-links-'));
  state = openState(join(folder, 'state.db'));
});

afterEach(() => {
  state[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function id(n: number): TenantId {
  const parsed = parseTenantId(`00000000-0000-0000-0000-${String(n).padStart(12, '0')}`);
  if (parsed === undefined) throw new Error('no id');
  return parsed;
}

function anchor(n: number): SourceAnchor {
  const parsed = parseSourceAnchor(Buffer.from(String(n).padStart(16, '0')).toString('base64'));
  if (parsed === undefined) throw new Error('no anchor');
  return parsed;
}

type Ends = Readonly<Record<string, readonly (SourceAnchor | TenantId)[]>>;

function learn(n: number, kind: ObjectKind, links?: Ends): void {
  const flags = { synced: false, privileged: false, softDeleted: false };
  state.transact((tx) => {
    tx.tenant.learn({ id: id(n), kind, anchor: anchor(n), attributes: {}, ...flags }, false);
    tx.tenant.fullRead.object(id(n));
    if (links !== undefined) tx.tenant.wholeLinks(id(n), links);
  });
}

function links(): readonly string[] {
  const database = openDatabase({ file: join(folder, 'state.db'), mode: 'reader' });
  const rows = database
    .prepare<[], { holder: string; attribute: string; member: string }>('SELECT * FROM tenant_link ORDER BY 1, 2, 3')
    .all();
  database.close();
  return rows.map(
    ({ holder, attribute, member }) => `${Number(holder.slice(24))} ${attribute} ${Number(member.slice(24))}`,
  );
}

it('finds ends by anchor or by id, and takes what is not named as gone', () => {
  for (const n of [1, 2, 3]) learn(n, 'user');
  learn(9, 'group', { member: [anchor(1), id(2)], managedBy: [anchor(3)] });
  expect(links()).toEqual(['9 managedBy 3', '9 member 1', '9 member 2']);
  learn(9, 'group', { member: [anchor(2), anchor(3)] });
  expect(links()).toEqual(['9 member 2', '9 member 3']);
  learn(9, 'group', {});
  expect(links()).toEqual([]);
});

it('links an end that is read after its holder', () => {
  learn(9, 'group', { member: [anchor(1), anchor(2)] });
  expect(links()).toEqual([]);
  learn(2, 'user');
  expect(links()).toEqual(['9 member 2']);
  learn(9, 'group', { member: [anchor(2)] });
  learn(1, 'user');
  expect(links()).toEqual(['9 member 2']);
});

it('keeps after a read of everything the links that were shown, in whatever order', () => {
  for (const n of [1, 2]) learn(n, 'user');
  learn(9, 'group', { member: [anchor(1), anchor(2)] });
  state.transact((tx) => tx.tenant.fullRead.begin());
  learn(9, 'group', { member: [anchor(2), anchor(3)] });
  learn(2, 'user');
  learn(3, 'user');
  state.transact((tx) => tx.tenant.fullRead.complete());
  expect(links()).toEqual(['9 member 2', '9 member 3']);
});

it('waits no longer for the ends of a group that is gone', () => {
  learn(9, 'group', { member: [anchor(1)] });
  state.transact((tx) => tx.tenant.removed(id(9), false));
  learn(1, 'user');
  expect(links()).toEqual([]);
});

it('takes in a group of more members than a page', () => {
  const members = Array.from({ length: 2500 }, (_, i) => i + 100);
  for (const n of members) learn(n, 'user');
  learn(9, 'group', { member: members.map(anchor) });
  expect(links()).toHaveLength(2500);
  learn(9, 'group', { member: members.slice(2000).map(anchor) });
  expect(links()).toHaveLength(500);
});
