import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectorName, type Dn, type ObjectGuid, type Reference, type SourceKind } from '../model/index.ts';
import { type ImportedObject, openState, type State } from './index.ts';

let folder: string;
let state: State;
let connector: number;
const at = '2026-01-01T00:00:00.000Z';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-state-'));
  state = openState(join(folder, 'state.db'));
  connector = state.transact((tx) => tx.connectors.ensure(connectorName('contoso', 'corp'), 'contoso', 'corp'));
});

afterEach(() => {
  state[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function guid(n: number): ObjectGuid {
  return `00000000-0000-0000-0000-${String(n).padStart(12, '0')}` as ObjectGuid;
}

function object(n: number, dn: string, more: Partial<ImportedObject> = {}): ImportedObject {
  return {
    guid: guid(n),
    kind: 'user',
    dn: dn as Dn,
    sid: undefined,
    attributes: { cn: [`u${n}`] },
    partial: false,
    usn: '1',
    ...more,
  };
}

function to(n: number, dn: string): Reference {
  return { guid: guid(n), dn: dn as Dn };
}

/** Reads `objects` as one whole read, with the members of `groups`. */
function read(
  objects: readonly ImportedObject[],
  groups: ReadonlyMap<number, readonly Reference[]> = new Map(),
  mode: 'full' | 'delta' = 'full',
) {
  const importer = state.importer(connector, mode);
  state.transact(() => {
    for (const one of objects) {
      importer.object(one, at);
      for (const [n, values] of groups)
        if (guid(n) === one.guid) importer.links(one.guid, 'member', { kind: 'whole', values });
    }
  });
  state.transact(() => importer.complete());
  return importer.counts();
}

test('an object that comes again unchanged is no change', () => {
  const people = [object(1, 'CN=a,DC=x'), object(2, 'CN=b,DC=x')];
  expect(read(people)).toEqual({ read: 2, changed: 2, removed: 0 });
  expect(read(people)).toEqual({ read: 2, changed: 0, removed: 0 });
});

test('what a full read does not show is removed, what a delta does not show stays', () => {
  read([object(1, 'CN=a,DC=x'), object(2, 'CN=b,DC=x')]);
  expect(read([object(1, 'CN=a,DC=x')], new Map(), 'delta').removed).toBe(0);
  expect(read([object(1, 'CN=a,DC=x')]).removed).toBe(1);
  expect(state.read.objects.sourceByGuid(guid(2))).toBeUndefined();
});

test('a partial change keeps the other attributes and clears those that came empty', () => {
  read([object(1, 'CN=a,DC=x', { attributes: { cn: ['a'], title: ['Chief'], mail: ['a@x'] } })]);
  read([object(1, 'CN=a,DC=x', { partial: true, attributes: { title: ['Head'], mail: [] } })], new Map(), 'delta');
  expect(JSON.parse(state.read.objects.sourceByGuid(guid(1))?.attributes ?? '')).toEqual({
    cn: ['a'],
    title: ['Head'],
  });
});

test('a renamed container takes everything below it along, without a change of theirs', () => {
  const container = { kind: 'container' as SourceKind, attributes: {} };
  read([object(1, 'OU=Old,DC=x', container), object(2, 'CN=a,OU=Deep,OU=Old,DC=x'), object(3, 'CN=b,OU=Older,DC=x')]);
  read([object(1, 'OU=New,DC=x', { ...container, partial: true })], new Map(), 'delta');
  expect(state.read.objects.sourceByDn('cn=a,ou=deep,ou=new,dc=x')?.dn).toBe('CN=a,OU=Deep,OU=New,DC=x');
  expect(state.read.objects.sourceByDn('cn=b,ou=older,dc=x')?.dn).toBe('CN=b,OU=Older,DC=x');
  expect(state.read.objects.sourceByDn('cn=a,ou=deep,ou=old,dc=x')).toBeUndefined();
});

test('a member read before its object finds it when it comes, through a foreign principal too', () => {
  const sid = 'S-1-5-21-1-2-3-1105';
  const group = object(10, 'CN=g,DC=x', { kind: 'group' });
  const principal = object(11, `CN=${sid},CN=ForeignSecurityPrincipals,DC=x`, {
    kind: 'foreignSecurityPrincipal',
    sid,
  });
  read([group, principal], new Map([[10, [to(1, 'CN=a,DC=x'), to(11, principal.dn)]]]));
  const other = state.transact((tx) => tx.connectors.ensure(connectorName('fabrikam', 'fab'), 'fabrikam', 'fab'));
  const importer = state.importer(other, 'full');
  state.transact(() => {
    importer.object(object(1, 'CN=a,DC=x'), at);
    importer.object(object(2, 'CN=f,DC=fab', { sid }), at);
    importer.complete();
  });
  const pairs = state.transact((tx) => {
    for (const n of [1, 2, 10]) {
      const row = state.read.objects.sourceByGuid(guid(n));
      const kind = n === 10 ? 'group' : 'user';
      const identity = tx.evaluation.ensureIdentity(kind, `${n}` as never, `${n}`);
      tx.evaluation.setScope(row?.id ?? 0, true, { code: 'inScope', text: '' }, identity);
      tx.evaluation.setDesired({
        id: identity,
        forest: 'contoso',
        dn: null,
        desired: '{}',
        hash: new Uint8Array(1),
        displayName: '',
        userPrincipalName: null,
        mail: null,
        cause: 'new',
        linksChanged: 1,
      });
    }
    tx.planning.setLinkMappings([{ kind: 'group', source: 'member', target: 'member' }]);
    tx.planning.collectPairs({ usersStay: false });
    return tx.planning.pairsAfter({ holder: 0, attribute: '', member: 0 }, '', 10);
  });
  expect(pairs.map((pair) => [state.read.objects.identity(pair.member)?.anchor, pair.wanted])).toEqual([
    ['1', 1],
    ['2', 1],
  ]);
});

test('a group that comes whole without its members has none any more', () => {
  const group = object(10, 'CN=g,DC=x', { kind: 'group' });
  read([group, object(1, 'CN=a,DC=x')], new Map([[10, [to(1, 'CN=a,DC=x')]]]));
  expect(state.read.objects.countLinks(guid(10))).toBe(1);
  read([group, object(1, 'CN=a,DC=x')]);
  expect(state.read.objects.countLinks(guid(10))).toBe(0);
});

test('slices of a large group replace its members only with the last one', () => {
  const group = object(10, 'CN=g,DC=x', { kind: 'group' });
  const members = Array.from({ length: 30 }, (_, i) => to(100 + i, `CN=m${i},DC=x`));
  read([group], new Map([[10, members.slice(0, 10)]]));
  const importer = state.importer(connector, 'delta');
  const links = () => state.read.objects.countLinks(guid(10));
  state.transact(() => {
    importer.object(group, at);
    importer.links(guid(10), 'member', { kind: 'first', values: members.slice(5, 15) });
  });
  expect(links()).toBe(10);
  state.transact(() => importer.links(guid(10), 'member', { kind: 'next', values: members.slice(15, 25) }));
  state.transact(() => importer.links(guid(10), 'member', { kind: 'last', values: members.slice(25) }));
  expect(links()).toBe(25);
});

test('a link to an object that is deleted ends with it, and does not come back with the object alone', () => {
  const group = object(10, 'CN=g,DC=x', { kind: 'group' });
  read([object(1, 'CN=a,DC=x'), group], new Map([[10, [to(1, 'CN=a,DC=x')]]]));
  const importer = state.importer(connector, 'delta');
  state.transact(() => importer.deleted(guid(1)));
  expect(state.read.objects.countLinks(guid(10))).toBe(0);
  state.transact(() => importer.object(object(1, 'CN=a,DC=x'), at));
  expect(state.read.objects.countLinks(guid(10))).toBe(0);
});
