import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Redactor } from '../logs/redact.ts';
import { InvalidRequestError } from './errors.ts';
import { IdempotentAnswers } from './idempotent-answers.ts';

const hour = 3600 * 1000;
let folder: string;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-answers-'));
  now = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function answers(redactor = new Redactor()) {
  const kept = new IdempotentAnswers(folder, redactor, () => new Date(now));
  let done = 0;
  const ask = (key: string) =>
    kept.once(key, 'request', async () => {
      done += 1;
      return { body: { done } };
    });
  return { ask, done: () => done };
}

test('lets go of an answer after a day, and then does it again', async () => {
  const { ask, done } = answers();
  await ask('a');
  now += 23 * hour;
  expect(await ask('a')).toMatchObject({ body: { done: 1 } });
  now += 2 * hour;
  await ask('b');
  expect(done()).toBe(2);
  expect(readdirSync(join(folder, 'answers'))).toHaveLength(1);
  expect(await ask('a')).toMatchObject({ body: { done: 3 } });
});

test('does it once for any number of calls, of two at once and of two after one another', async () => {
  const { ask, done } = answers();
  await Promise.all([ask('a'), ask('a')]);
  await ask('a');
  expect(done()).toBe(1);
});

test('takes no key that could be something else than a name, and keeps none as a path', async () => {
  const { ask } = answers();
  for (const key of ['', ' ', 'a b', 'ä', 'a'.repeat(201), 'a\n']) {
    await expect(ask(key), key).rejects.toBeInstanceOf(InvalidRequestError);
  }
  await ask('../../x');
  expect(readdirSync(join(folder, 'answers'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
});
