import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCloudForm } from './cloud-form.ts';
import { ntHashOf } from './crypto/md4.ts';
import { NtHash } from './nt-hash.ts';
import published from './vectors/cloud-form.json' with { type: 'json' };

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('the form the tenant takes', () => {
  test.each(published.vectors)(
    'is the published one of $ntHash with salt $salt',
    async ({ ntHash, salt, expected }) => {
      expect((await toCloudForm(new NtHash(hex(ntHash)), hex(salt))).credentialData).toBe(expected);
    },
  );

  test.each(published.vectors.filter(({ password }) => password !== undefined))(
    'comes from the password by way of $ntHash',
    ({ password, ntHash }) => {
      expect(ntHashOf(password ?? '').toString('hex')).toBe(ntHash);
    },
  );

  test.each(published.mistakes)('is not what a mistake makes: $why', async ({ ntHash, salt, wrong }) => {
    expect((await toCloudForm(new NtHash(hex(ntHash)), hex(salt))).credentialData).not.toBe(wrong);
  });

  test('has its length and alphabet, and another salt each time', async () => {
    const hash = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(hash, async (bytes) => {
        const { credentialData } = await toCloudForm(new NtHash(bytes));
        expect(credentialData).toMatch(/^v1;PPH1_MD4,[0-9a-f]{20},1000,[0-9a-f]{64};$/);
        expect(credentialData).toHaveLength(103);
        expect(seen).not.toContain(credentialData.slice(12, 32));
        seen.add(credentialData.slice(12, 32));
      }),
      { numRuns: 50 },
    );
  });

  test('shows itself to the one who asks by name, and to no other', async () => {
    const form = await toCloudForm(new NtHash(ntHashOf('Pa$$w0rd')));
    const secret = form.credentialData.slice(38);
    for (const shown of [JSON.stringify({ form }), inspect({ form }, { showHidden: true, depth: 9 }), `${form}`]) {
      expect(shown).not.toContain(secret);
      expect(shown).toContain('[credential]');
    }
  });
});

describe('a password hash in memory', () => {
  test('is of no use once wiped', () => {
    const bytes = ntHashOf('Pa$$w0rd');
    const hash = new NtHash(bytes);
    expect(hash.isWiped).toBe(false);
    hash[Symbol.dispose]();
    expect(hash.isWiped).toBe(true);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect(() => hash.use((lent) => lent.length)).toThrow(/wiped/);
  });

  test('knows the one of the empty password', () => {
    expect(new NtHash(ntHashOf('')).isOfEmptyPassword).toBe(true);
    expect(new NtHash(ntHashOf(' ')).isOfEmptyPassword).toBe(false);
  });

  test('shows itself to no log, no JSON and no crash report', () => {
    const bytes = ntHashOf('Pa$$w0rd');
    const shapes = [bytes.toString('hex'), bytes.toString('base64'), [...bytes].join(','), [...bytes].join(', ')];
    const hash = new NtHash(bytes);
    const crash = new Error('boom', { cause: { hash } });
    const shown = [
      JSON.stringify({ hash }),
      inspect({ hash }, { showHidden: true, depth: 9 }),
      inspect(crash, { depth: 9 }),
      `${hash}`,
      JSON.stringify(structuredClone({ ...hash })),
    ];
    for (const text of shown) for (const shape of shapes) expect(text).not.toContain(shape);
  });
});
