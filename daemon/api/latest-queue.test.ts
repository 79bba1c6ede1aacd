import { expect, test } from 'vitest';
import { LatestQueue } from './latest-queue.ts';

const queue = () => {
  const controller = new AbortController();
  return { controller, queue: new LatestQueue<string>(controller.signal, (text) => text[0] ?? '') };
};

test('keeps the latest of each kind for a reader that is slow', async () => {
  const { queue: waiting } = queue();
  for (const item of ['a1', 'b1', 'a2', 'a3']) waiting.push(item);
  const reader = waiting[Symbol.asyncIterator]();
  expect([(await reader.next()).value, (await reader.next()).value]).toEqual(['b1', 'a3']);
});

test('hands on what comes while the reader waits', async () => {
  const { queue: waiting } = queue();
  const reader = waiting[Symbol.asyncIterator]();
  const next = reader.next();
  waiting.push('a1');
  expect(await next).toEqual({ value: 'a1', done: false });
});

test('ends when its signal aborts, also while the reader waits', async () => {
  const { queue: waiting, controller } = queue();
  const next = waiting[Symbol.asyncIterator]().next();
  controller.abort();
  expect((await next).done).toBe(true);
});
