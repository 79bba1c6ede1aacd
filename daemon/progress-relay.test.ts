import { expect, test } from 'vitest';
import type { Progress } from '../src/engine/index.ts';
import { progressRelay } from './progress-relay.ts';

test('hands on little of a fast phase, and always how far it came', () => {
  let time = 0;
  const sent: Progress[] = [];
  const relay = progressRelay(
    (progress) => sent.push(progress),
    () => time,
  );
  for (let done = 0; done <= 1000; done += 1) {
    time += 1;
    relay({ phase: 'import', connector: 'a', done });
  }
  relay({ phase: 'import', connector: 'b', done: 1 });
  relay({ phase: 'plan', done: 2 });
  expect(sent.length).toBeLessThan(15);
  expect(sent.slice(-3)).toEqual([
    { phase: 'import', connector: 'a', done: 1000 },
    { phase: 'import', connector: 'b', done: 1 },
    { phase: 'plan', done: 2 },
  ]);
});
