import { expect, test } from 'vitest';
import { parseSourceAnchor, parseTenantId, type SourceAnchor, type TenantId } from '../../model/index.ts';
import { graphKinds } from './attributes.ts';
import { fallbackAlias } from './body.ts';
import { initialPassword } from './password.ts';
import { checkPermissions } from './permissions.ts';
import { Recent } from './recent.ts';
import * as requests from './requests.ts';
import { backoff, retryAfter } from './retry-after.ts';

const kinds = graphKinds({ onPremisesByBeta: true });
const anchor = required(parseSourceAnchor('CT7rK/wsik+tLKonW9x5Gg=='));
const origin = 'https://graph.test';

function required<T extends SourceAnchor | TenantId>(value: T | undefined): T {
  if (value === undefined) throw new Error('not an id');
  return value;
}

function id(n: number): TenantId {
  return required(parseTenantId(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`));
}

test('a user is made with its anchor, an alias and a password that must be changed', () => {
  const attributes = {
    userPrincipalName: 'ada@contoso.test',
    displayName: 'Ada',
    telephoneNumber: '1',
    extensionAttribute3: 'x',
  };
  expect(requests.createUser(kinds.user, anchor, attributes, 'secret')).toEqual({
    method: 'POST',
    path: '/users',
    body: {
      accountEnabled: true,
      mailNickname: 'ada',
      userPrincipalName: 'ada@contoso.test',
      displayName: 'Ada',
      businessPhones: ['1'],
      onPremisesExtensionAttributes: { extensionAttribute3: 'x' },
      onPremisesImmutableId: anchor,
      passwordProfile: { password: 'secret', forceChangePasswordNextSignIn: true },
    },
    done: [201],
  });
});

test('a group is upserted by its anchor as a security group', () => {
  expect(requests.createGroup(kinds.group, anchor, { displayName: 'G', alias: 'g', mailEnabled: false })).toEqual({
    method: 'PATCH',
    path: "/groups(uniqueName='CT7rK%2Fwsik%2BtLKonW9x5Gg%3D%3D')",
    headers: { Prefer: 'create-if-missing' },
    body: { displayName: 'G', mailNickname: 'g', mailEnabled: false, securityEnabled: true },
    done: [201, 204],
  });
});

test('an update says the changes alone, and clears what has no value', () => {
  const changes = { title: 'Countess', telephoneNumber: null, extensionAttribute1: null, extensionAttribute2: 'b' };
  expect(requests.update('user', kinds.user, id(1), changes)).toEqual({
    method: 'PATCH',
    path: `/users/${id(1)}`,
    version: 'v1.0',
    body: {
      jobTitle: 'Countess',
      businessPhones: [],
      onPremisesExtensionAttributes: { extensionAttribute1: null, extensionAttribute2: 'b' },
    },
    done: [200, 204],
    shows: id(1),
  });
});

test('what beta alone writes takes the rest of the update with it: one write', () => {
  const request = requests.update('user', kinds.user, id(1), { title: 'x', onPremisesSamAccountName: 'ada' });
  expect(request).toMatchObject({ version: 'beta', body: { jobTitle: 'x', onPremisesSamAccountName: 'ada' } });
});

test('a link is removed by reference: the member itself is never deleted', () => {
  expect(requests.removeLink(id(1), 'member', id(2))).toEqual({
    method: 'DELETE',
    path: `/groups/${id(1)}/members/${id(2)}/$ref`,
    done: [204],
  });
  expect(requests.clearManager(id(1)).path).toBe(`/users/${id(1)}/manager/$ref`);
});

test('members are bound by URL, owners under their own name', () => {
  expect(requests.addLinks(origin, id(1), 'managedBy', [id(2)])).toEqual({
    method: 'PATCH',
    path: `/groups/${id(1)}`,
    body: { 'owners@odata.bind': [`${origin}/v1.0/directoryObjects/${id(2)}`] },
    done: [200, 204],
    shows: id(1),
  });
});

test('an alias where the directory has none is the name before @, else of the anchor', () => {
  expect(fallbackAlias(anchor, 'ada.l@contoso.test')).toBe('ada.l');
  expect(fallbackAlias(anchor, undefined)).toBe('093eeb2bfc2c8a4fad2caa275bdc791a');
  expect(fallbackAlias(anchor, '(;)@contoso.test')).toBe('093eeb2bfc2c8a4fad2caa275bdc791a');
});

test('initial passwords are long, of four kinds of characters, and never the same', () => {
  const made = Array.from({ length: 500 }, initialPassword);
  expect(new Set(made).size).toBe(500);
  for (const password of made) {
    expect(password).toHaveLength(40);
    for (const kind of [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
  }
});

test('an id is recent for a while, and no longer', () => {
  let now = 0;
  const recent = new Recent(() => new Date(now));
  recent.add(id(1));
  now = 60_000;
  recent.add(id(2));
  expect([recent.has(id(1)), recent.has(id(2)), recent.has(id(3)), recent.has(undefined)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  now = 200_000;
  expect([recent.has(id(1)), recent.has(id(2))]).toEqual([false, true]);
});

test('Retry-After is seconds or a date, and never for ever', () => {
  const now = new Date('2026-01-31T10:00:00Z');
  const asked = (value: string | undefined) =>
    retryAfter({ status: 429, body: undefined, header: () => value, requestId: undefined }, now);
  expect(asked('12')).toBe(12_000);
  expect(asked('Sat, 31 Jan 2026 10:00:30 GMT')).toBe(30_000);
  expect(asked('Sat, 31 Jan 2026 09:00:00 GMT')).toBe(0);
  expect(asked('-3')).toBe(0);
  expect(asked('999999999')).toBe(600_000);
  expect(asked('soon')).toBeUndefined();
  expect(asked(undefined)).toBeUndefined();
});

test('waiting grows with the attempts and is scattered', () => {
  expect(backoff(0, () => 0)).toBe(750);
  expect(backoff(0, () => 1)).toBe(1_250);
  expect(backoff(3, () => 0.5)).toBeGreaterThan(backoff(2, () => 0.5));
  expect(backoff(50, () => 1)).toBeLessThanOrEqual(75_000);
});

test('each permission says what it is for and what stands for it', () => {
  const checks = checkPermissions(['Directory.ReadWrite.All', 'RoleManagement.Read.Directory'], {});
  const [byRole, byAll] = [true, false].map((role) =>
    checks.filter(({ by }) => (by === 'RoleManagement.Read.Directory') === role),
  );
  expect(byRole?.map(({ permission }) => permission)).toEqual([
    'RoleManagement.Read.Directory',
    'RoleEligibilitySchedule.Read.Directory',
  ]);
  expect(byAll?.every(({ granted, by, why }) => granted && by === 'Directory.ReadWrite.All' && why !== '')).toBe(true);
  expect(checkPermissions([], {}).every(({ granted }) => !granted)).toBe(true);
  expect(checks.map(({ permission }) => permission)).not.toContain('Application.ReadWrite.OwnedBy');
  const withExtensions = checkPermissions([], {
    directoryExtensions: { user: [{ name: 'x', type: 'String', many: false }] },
  });
  expect(withExtensions.map(({ permission }) => permission)).toContain('Application.ReadWrite.OwnedBy');
});
