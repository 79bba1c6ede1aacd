import { expect, test } from 'vitest';
import { InvalidRequestError, ReaderRefusedError, TokenRefusedError } from './errors.ts';
import { RefusalLog } from './refusal-log.ts';

test('tells who was turned away, the first of each kind a minute, and how many there were', () => {
  let now = 0;
  const lines: unknown[] = [];
  const refusals = new RefusalLog(
    (level, event, fields) => lines.push({ level, event, ...fields }),
    () => new Date(now),
  );
  const note = (error = new TokenRefusedError()) => refusals.note(error, 'id', { method: 'GET', url: '/x?token=abc' });
  for (let n = 0; n < 1000; n += 1) note();
  note(new ReaderRefusedError());
  now = 60_000;
  note();
  const line = { level: 'warn', event: 'requestRefused', request: 'id', method: 'GET', path: '/x' };
  expect(lines).toEqual([
    { ...line, code: 'CS7103', before: 0 },
    { ...line, code: 'CS7104', before: 0 },
    { ...line, code: 'CS7103', before: 999 },
  ]);
});

test('says nothing of a request that is only wrong, and little of one that is long', () => {
  const lines: { readonly path?: unknown }[] = [];
  const refusals = new RefusalLog(
    (_, __, fields) => lines.push(fields),
    () => new Date(0),
  );
  refusals.note(new InvalidRequestError('body', 'x'), 'id', { method: 'GET', url: '/' });
  expect(lines).toEqual([]);
  refusals.note(new TokenRefusedError(), 'id', { method: 'GET', url: `/${'x'.repeat(10_000)}` });
  expect(String(lines[0]?.path)).toHaveLength(200);
});
