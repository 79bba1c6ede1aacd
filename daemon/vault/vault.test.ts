import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VaultError } from '../errors.ts';
import { SecretVault } from './vault.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date(0);
const open = (env: Record<string, string> = {}): SecretVault => new SecretVault(folder, env);

test('gives back what was put in, to the next process as well, and nothing of what was not', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
      open().set('one', one, now);
      open().set('other', other, now);
      expect([open().get('one'), open().get('other'), open().get('third')]).toEqual([one, other, undefined]);
    }),
    { numRuns: 20 },
  );
});

test('shows nothing of a secret in any file, and its files to their owner alone', () => {
  open().set('dc', 'Canary~Password.1', now);
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    expect(readFileSync(file, 'utf8')).not.toContain('Canary');
    expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from('Canary~Password.1').toString('base64'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
  expect(open().list()).toEqual([{ name: 'dc', at: '1970-01-01T00:00:00.000Z' }]);
});

test('refuses a secret that was moved to another name, changed, or written with another key', () => {
  open().set('a', 'secret', now);
  open().set('b', 'other', now);
  const file = join(folder, 'vault.json');
  const kept = readFileSync(file, 'utf8');
  const content = JSON.parse(kept) as { secrets: Record<string, { data: string }> };
  writeFileSync(file, JSON.stringify({ ...content, secrets: { a: content.secrets['b'] } }));
  expect(() => open().get('a')).toThrow(VaultError);
  const changed = { ...content.secrets['a'], data: Buffer.from('xxxxxx').toString('base64') };
  writeFileSync(file, JSON.stringify({ ...content, secrets: { a: changed } }));
  expect(() => open().get('a')).toThrow(VaultError);
  writeFileSync(file, kept);
  writeFileSync(join(folder, 'vault.key'), Buffer.alloc(32).toString('base64'));
  expect(() => open().get('a')).toThrow(VaultError);
});

test('keeps its key where it is told, and makes no new one for secrets that are there', () => {
  const key = join(folder, 'elsewhere', 'key');
  open({ CLOUDSYNC_VAULT_KEY: key }).set('a', 'secret', now);
  expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'vault.json', 'vault.lock']);
  expect(() => open().get('a')).toThrow(/vault\.key is missing/);
  expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'vault.json', 'vault.lock']);
  expect(open({ CLOUDSYNC_VAULT_KEY: key }).get('a')).toBe('secret');
});

test('lets go of a secret', () => {
  open().set('a', 'secret', now);
  expect([open().remove('a'), open().remove('a'), open().get('a')]).toEqual([true, false, undefined]);
});

test('loses no secret of several programs that write at once', async () => {
  const script = `
    const { SecretVault } = await import(${JSON.stringify(import.meta.resolve('./vault.ts'))});
    const [folder, name] = process.argv.slice(1);
    const vault = new SecretVault(folder, {});
    for (let i = 0; i < 20; i += 1) vault.set(name + i, 'secret of ' + name, new Date(0));
  `;
  const writers = ['a', 'b', 'c'].map(async (name) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, folder, name], {
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
  await Promise.all(writers);
  expect(open().list()).toHaveLength(60);
  expect(open().get('b7')).toBe('secret of b');
});
