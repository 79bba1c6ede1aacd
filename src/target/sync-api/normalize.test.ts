import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type TenantValue } from '../../model/index.ts';
import { properties } from '../../wire/index.ts';
import { normalizeValue } from './normalize.ts';
import { syncApiProfile } from './profile.ts';

const { normalize, writable, kinds } = syncApiProfile({
  directoryExtensions: { user: [`extension_${'a'.repeat(32)}_costCenter`] },
});

const anyValue: fc.Arbitrary<TenantValue> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
  fc.array(fc.string()),
  fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 20 }),
);

describe('a value', () => {
  it('once normal stays as it is, and is of the property’s type', () => {
    fc.assert(
      fc.property(fc.constantFrom(...properties), anyValue, (property, value) => {
        const first = normalizeValue(property, value);
        if ('problem' in first) return;
        const second = normalizeValue(property, first.value);
        expect('value' in second && canonicalJson(second.value)).toBe(canonicalJson(first.value));
        if (
          first.value !== null &&
          property.many !== (typeof first.value === 'object' && !(first.value instanceof Uint8Array))
        )
          throw new Error(`${property.name}: one for many, or many for one`);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['user', 'displayName', ' True ', ' True '],
    ['user', 'displayName', '', null],
    ['user', 'countryCode', '276', 276],
    ['user', 'msExchHideFromAddressLists', 'TRUE', true],
    ['user', 'url', 'https://a', ['https://a']],
    ['user', 'proxyAddresses', ['smtp:b', 'SMTP:a', 'smtp:b'], ['SMTP:a', 'smtp:b']],
    ['user', 'title', ['one', 'two'], 'one'],
    [
      'user',
      'onPremiseSecurityIdentifier',
      'S-1-5-21-1-2',
      new Uint8Array(Buffer.from('0103000000000005150000000100000002000000', 'hex')),
    ],
    [
      'device',
      'deviceId',
      '28eb3e09-2cfc-458a-ad2c-aa275bdc791a',
      new Uint8Array(Buffer.from('093eeb28fc2c8a45ad2caa275bdc791a', 'hex')),
    ],
    ['user', 'thumbnailPhoto', 'AQI=', new Uint8Array([1, 2])],
    ['user', `extension_${'a'.repeat(32)}_costCenter`, '0042', '0042'],
  ] as const)('%s %s: %j becomes %j', (kind, attribute, value, expected) => {
    expect(normalize(kind, attribute, value)).toEqual({ value: expected });
  });

  it.each([
    ['user', 'accountEnabled', 'yes', /not true or false/],
    ['user', 'countryCode', 'DE', /not a whole number/],
    ['user', 'thumbnailPhoto', '!', /not bytes/],
    ['device', 'userCertificate', Array.from({ length: 16 }, (_, i) => new Uint8Array([i])), /at most 15/],
    ['contact', 'accountEnabled', true, /no such attribute/],
  ] as const)('%s %s: %j is refused', (kind, attribute, value, problem) => {
    expect(normalize(kind, attribute, value)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('an object', () => {
  it('is written when the tenant has a place for it', () => {
    const may = (...of: Parameters<typeof writable>): boolean => writable(...of).writable;
    expect(may('group', { securityEnabled: false })).toBe(false);
    expect(may('group', { securityEnabled: true })).toBe(true);
    expect(may('group', { securityEnabled: false, mail: 'a@b.c' })).toBe(true);
    expect(may('device', {})).toBe(false);
    expect(may('device', { userCertificate: [new Uint8Array(1)] })).toBe(true);
    expect(may('contact', {})).toBe(true);
  });

  it('has of what the cloud tells of itself nothing to write, and says why', () => {
    for (const kind of Object.values(kinds)) {
      if (!kind.supported) throw new Error('all kinds are supported');
      expect([...kind.attributes.keys()].filter((name) => /^cloud|^sourceAnchor/.test(name))).toEqual([]);
      expect(kind.reason?.('cloudAnchor')).toMatch(/nobody writes/);
      expect(kind.reason?.('nonsense')).toMatch(/has no nonsense/);
    }
  });
});
