import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** docs/security.md says what meets each requirement of OWASP ASVS 5.0 up to level 2, and names the test that shows it. */

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const rows = [...page.matchAll(/^\| (V\d.*?) \| (.*?) \| ?(.*?) ?\|$/gm)].map(
  ([, requirements = '', how = '', shown = '']) => ({
    requirements: requirements.split(', ').flatMap(range),
    how,
    shown,
  }),
);

/** `V1.2.3–V1.2.5` and what lies between. */
function range(text: string): readonly string[] {
  const [, section, first, last = first] = text.match(/^(V\d+\.\d+)\.(\d+)(?:–V[\d.]+\.(\d+))?$/) ?? [];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => `${section}.${Number(first) + n}`);
}

/** How many requirements of levels 1 and 2 each section of ASVS 5.0 has. The standard numbers those of level 3 after them. */
const counts: Readonly<Record<string, readonly number[]>> = {
  V1: [2, 9, 11, 3, 2],
  V2: [3, 3, 4, 1],
  V3: [0, 2, 4, 6, 5, 0, 2],
  V4: [3, 1, 2, 4],
  V5: [1, 3, 2, 3],
  V6: [3, 12, 4, 4, 5, 3, 0, 4],
  V7: [3, 4, 2, 5, 2, 2],
  V8: [2, 3, 1, 1],
  V9: [3, 4],
  V10: [2, 2, 4, 11, 5, 2, 3],
  V11: [2, 3, 3, 4, 1, 1],
  V12: [3, 2, 4],
  V13: [1, 5, 2, 5],
  V14: [2, 4, 3],
  V15: [3, 3, 7],
  V16: [1, 5, 4, 3, 3],
  V17: [1, 4, 2],
};

test('every requirement has one row, with what meets it or why there is nothing to meet', () => {
  const all = Object.entries(counts).flatMap(([chapter, sections]) =>
    sections.flatMap((count, n) => Array.from({ length: count }, (_, i) => `${chapter}.${n + 1}.${i + 1}`)),
  );
  expect(all).toHaveLength(253);
  expect(rows.flatMap(({ requirements }) => requirements).sort()).toEqual(all.sort());
  for (const { requirements, how } of rows) expect(how.length, String(requirements)).toBeGreaterThan(5);
});

test('every test it names is there', () => {
  const named = rows.flatMap(({ shown }) => (shown === '' ? [] : shown.split('<br>')));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((one) => !isThere(one))).toEqual([]);
});

/** `` `file` name ``, as it is declared in the file. */
function isThere(one: string): boolean {
  const [, file = '', name = ''] = one.match(/^`(\S+)` (.+)$/) ?? [];
  if (!existsSync(join(root, file)) || name === '') return false;
  const source = readFileSync(join(root, file), 'utf8');
  if (file.endsWith('.cs')) return source.includes(` ${name}(`);
  const calls = ['test', 'it'].flatMap((call) => ["'", '"', '`'].map((quote) => `${call}(${quote}${name}${quote}`));
  return calls.some((call) => source.includes(call));
}
