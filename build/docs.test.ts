import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { causes, errorsPage } from './docs.ts';
import { eventsPage } from './events-page.ts';
import { expressionsPage } from './expressions-page.ts';
import { mappingsPage } from './mappings-page.ts';

describe('error reference', () => {
  it('gives every cause a code of its own', async () => {
    const all = await causes();
    const codes = all.map(({ code }) => code);
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
    expect(codes.length).toBeGreaterThan(10);
  });

  it('is what npm run docs writes', async () => {
    expect(await readFile(join(import.meta.dirname, '..', 'docs', 'errors.md'), 'utf8')).toBe(await errorsPage());
  });
});

describe('reference of events, expressions and mappings', () => {
  const written = (page: string): Promise<string> => readFile(join(import.meta.dirname, '..', 'docs', page), 'utf8');

  it('is what npm run docs writes', async () => {
    expect(await written('events.md')).toBe(eventsPage());
    expect(await written('expressions.md')).toBe(expressionsPage());
    expect(await written('mappings.md')).toBe(mappingsPage());
  });
});
