import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TokenRefusedError } from '../daemon/api/errors.ts';
import { checkConfiguration } from '../src/config/index.ts';
import { CycleRunningError, DeleteThresholdError } from '../src/engine/index.ts';
import { configurationKeys, configurationPage, example } from './configuration-page.ts';
import { causes, errorsPage } from './docs.ts';
import { eventsPage } from './events-page.ts';
import { expressionsPage } from './expressions-page.ts';
import { mappingsPage } from './mappings-page.ts';

const written = (page: string): Promise<string> => readFile(join(import.meta.dirname, '..', 'docs', page), 'utf8');

describe('error reference', () => {
  it('gives every cause a code of its own', async () => {
    const all = await causes();
    const codes = all.map(({ code }) => code);
    expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
    expect(codes.length).toBeGreaterThan(10);
  });

  it('says what to do about each in the words of the error', async () => {
    const remedies = new Map((await causes()).map(({ code, remedy }) => [code, remedy]));
    for (const [code, remedy] of remedies) expect(remedy, code).toMatch(/^[A-Z].*\.$/);
    const facts = { count: 3, of: 9, limit: 2, forest: undefined, subject: '' };
    for (const error of [new DeleteThresholdError(facts), new TokenRefusedError()])
      expect(remedies.get(error.code)).toBe(error.remedy);
    expect(remedies.get(CycleRunningError.code)).toBe(
      `${new CycleRunningError().remedy} Or: ${new CycleRunningError(7).remedy}`,
    );
    expect(remedies.get('CS7106')).toBe('Use {allowed}.');
  });

  it('is what npm run docs writes', async () => {
    expect(await written('errors.md')).toBe(await errorsPage());
  });

  it('turns synchronization on as its page does', async () => {
    const remedy = (await causes()).find(({ code }) => code === 'CS4107')?.remedy ?? '';
    const page = (await written('sync-api.md')).replace(/[`*]/g, '').replace(/\s+/g, ' ');
    for (const words of [/PATCH https:\S+ with \{.*?\}/, /permission \S+ and the role Hybrid Identity Administrator/]) {
      const said = words.exec(remedy)?.[0];
      expect(said).toBeDefined();
      expect(page).toContain(said);
    }
  });
});

describe('reference of events, expressions and mappings', () => {
  it('is what npm run docs writes', async () => {
    expect(await written('events.md')).toBe(eventsPage());
    expect(await written('expressions.md')).toBe(expressionsPage());
    expect(await written('mappings.md')).toBe(mappingsPage());
  });
});

describe('reference of the configuration', () => {
  it('begins with a document that is right, and writes nothing', async () => {
    const { document, errors } = checkConfiguration('example.yaml', example);
    expect(errors).toEqual([]);
    expect(document?.staging).toBe(true);
    expect(await written('configuration.md')).toContain(example);
  });

  it('begins in staging in the README too', async () => {
    const readme = await written('../README.md');
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const { document, errors } = checkConfiguration('cloudsync.yaml', text);
    expect(errors).toEqual([]);
    expect(document?.staging).toBe(true);
  });

  it('says of every key what it is', () => {
    const keys = configurationKeys();
    expect(keys.length).toBeGreaterThan(100);
    expect(keys.filter(({ schema }) => (schema.description ?? '') === '').map(({ path }) => path)).toEqual([]);
  });

  it('is what npm run docs writes', async () => {
    expect(await written('configuration.md')).toBe(configurationPage());
  });
});
