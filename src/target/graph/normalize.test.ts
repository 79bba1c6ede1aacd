import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TenantValue } from '../../model/index.ts';
import { sameValue } from '../../model/index.ts';
import { graphKinds } from './attributes.ts';
import { fromBody, toBody } from './body.ts';
import { parseJsonExactly } from './json.ts';
import { normalizeValue } from './normalize.ts';
import { graphProfile } from './profile.ts';

const extensions = (['String', 'Boolean', 'Integer', 'LargeInteger', 'DateTime', 'Binary'] as const).flatMap((type) =>
  [true, false].map((many) => ({ name: `extension_0123456789abcdef0123456789abcdef_${type}${many}`, type, many })),
);
const options = {
  onPremisesByBeta: true,
  owners: true,
  directoryExtensions: { user: extensions, group: extensions },
};
const kinds = graphKinds(options);
const profile = graphProfile(options);

const sidBytes = Uint8Array.from([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, ...Array.from({ length: 16 }, (_, i) => i)]);
const value: fc.Arbitrary<TenantValue> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.emailAddress(),
  fc.constantFrom('de', 'DE', 'en-US', 'ada@contoso.test', '  padded ', '', ' ', 'S-1-5-21-1-2-3', '\ud800', 'TRUE'),
  fc.string({ minLength: 1000, maxLength: 2500 }),
  fc.boolean(),
  fc.integer(),
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.constant('9223372036854775807'),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String), { maxLength: 3 }),
  fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 3 }),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.constant(sidBytes),
  fc.uint8Array({ maxLength: 30 }),
);
const attribute = fc.constantFrom(
  ...(['user', 'group'] as const).flatMap((kind) => [...kinds[kind].attributes.keys()].map((name) => ({ kind, name }))),
);

describe('a normalized value', () => {
  test('is its own normal form', () => {
    fc.assert(
      fc.property(attribute, value, ({ kind, name }, given) => {
        const once = profile.normalize(kind, name, given);
        if ('problem' in once) return;
        expect(profile.normalize(kind, name, once.value)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('comes back from the tenant as it was sent', () => {
    fc.assert(
      fc.property(attribute, value, ({ kind, name }, given) => {
        const graph = kinds[kind];
        const normal = profile.normalize(kind, name, given);
        if ('problem' in normal || graph.attributes.get(name)?.write === 'never') return;
        const sent: unknown = parseJsonExactly(JSON.stringify(toBody(graph, { [name]: normal.value })));
        const shown = fromBody(graph, sent as Record<string, unknown>);
        expect(sameValue(shown[name], normal.value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is never longer than the tenant takes', () => {
    fc.assert(
      fc.property(attribute, value, ({ kind, name }, given) => {
        const rule = kinds[kind].attributes.get(name);
        const normal = profile.normalize(kind, name, given);
        if (rule === undefined || 'problem' in normal || typeof normal.value !== 'string') return;
        expect(normal.value.length).toBeLessThanOrEqual(rule.maxLength);
      }),
    );
  });
});

function user(name: string, given: TenantValue): unknown {
  const rule = kinds.user.attributes.get(name);
  if (rule === undefined) throw new Error(`no attribute ${name}`);
  return normalizeValue(rule, given);
}

test('blanks around a value go, and nothing but blanks is no value', () => {
  expect(user('title', '  Countess ')).toEqual({ value: 'Countess' });
  expect(user('title', ' \t ')).toEqual({ value: null });
});

test('of a list for an attribute with one value, the first is taken', () => {
  expect(user('telephoneNumber', ['1', '2'])).toEqual({ value: '1' });
});

test('a value that is too long says by how much', () => {
  expect(user('employeeId', '12345678901234567')).toEqual({
    problem: 'it has 17 characters, and the tenant takes at most 16',
  });
});

test('a user principal name names the character it cannot hold', () => {
  expect(user('userPrincipalName', 'jürgen@contoso.test')).toEqual({
    problem: 'a user principal name cannot hold "ü" before @',
  });
  expect(user('userPrincipalName', "o'neil.#1_x~y-z!^@contoso.test")).toEqual({
    value: "o'neil.#1_x~y-z!^@contoso.test",
  });
  expect(user('userPrincipalName', 'nobody')).toEqual({ problem: '"nobody" is not of the form name@domain' });
  expect(user('userPrincipalName', `${'a'.repeat(65)}@contoso.test`)).toHaveProperty('problem');
});

test('an alias holds none of the characters an address cannot', () => {
  for (const bad of ['a b', 'a@b', 'a(b', 'ä', 'a;b', 'a"b', 'a,b'])
    expect(user('alias', bad)).toHaveProperty('problem');
  expect(user('alias', 'ada.lovelace')).toEqual({ value: 'ada.lovelace' });
});

test('a SID is read from bytes and from text', () => {
  expect(user('onPremiseSecurityIdentifier', sidBytes)).toEqual({
    value: 'S-1-5-21-50462976-117835012-185207048-252579084',
  });
  expect(user('onPremiseSecurityIdentifier', 'S-1-5-32-544')).toHaveProperty('problem');
});

test('a country is two letters', () => {
  expect(user('usageLocation', 'de')).toEqual({ value: 'DE' });
  expect(user('usageLocation', 'DEU')).toHaveProperty('problem');
});

test('a flag is true or false and nothing else', () => {
  expect(user('accountEnabled', 'True')).toEqual({ value: true });
  expect(user('accountEnabled', 'yes')).toHaveProperty('problem');
});
