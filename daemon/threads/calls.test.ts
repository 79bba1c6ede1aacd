import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { Calls } from './calls.ts';

type Echo = {
  echo(value: unknown): unknown;
  wait(): string;
  fail(): void;
  count(to: number): number;
  exit(): void;
  close(): void;
};

const script = `
import { parentPort } from 'node:worker_threads';
import { answerCalls, tell } from ${JSON.stringify(import.meta.resolve('./calls.ts'))};
answerCalls(parentPort, {
  echo: async (_, value) => value,
  wait: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'))),
  fail: async () => { throw new TypeError('a defect'); },
  count: async ({ event }, to) => { for (let i = 1; i <= to; i += 1) event(i); return to; },
  exit: async () => process.exit(3),
  close: async () => tell(parentPort, 'closing'),
});
`;

let calls: Calls<Echo>;
let heard: unknown[] = [];
function start(): Calls<Echo> {
  heard = [];
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
  calls = new Calls<Echo>(worker, { note: (note) => heard.push(note), died: (error) => heard.push(error) });
  return calls;
}
afterEach(() => calls.close());

describe('calls to a thread', () => {
  test('give back what was answered, each to its caller', async () => {
    start();
    const values = [1, 'x', null, undefined, { a: [1n] }, new Uint8Array([1])];
    expect(await Promise.all(values.map((value) => calls.call('echo', [value])))).toEqual(values);
  });

  test('tell of events on the way, in order', async () => {
    start();
    const events: unknown[] = [];
    expect(await calls.call('count', [3], { event: (event) => events.push(event) })).toBe(3);
    expect(events).toEqual([1, 2, 3]);
  });

  test('are aborted one by one', async () => {
    start();
    const controller = new AbortController();
    const [aborted, other] = [calls.call('wait', [], { signal: controller.signal }), calls.call('echo', ['other'])];
    expect(await other).toBe('other');
    controller.abort();
    expect(await aborted).toBe('aborted');
    expect(await calls.call('wait', [], { signal: controller.signal })).toBe('aborted');
  });

  test('bring a defect over as an unforeseen error, with where it was', async () => {
    start();
    await expect(calls.call('fail', [])).rejects.toMatchObject({
      code: 'CS7099',
      message: expect.stringContaining('a defect') as unknown,
      stack: expect.stringContaining('TypeError: a defect') as unknown,
    });
  });

  test('fail when the thread dies under them, and so does every later one', async () => {
    start();
    const open = calls.call('wait', []);
    const dying = calls.call('exit', []);
    await expect(open).rejects.toThrow(/ended with code 3/);
    await expect(dying).rejects.toThrow();
    await expect(calls.call('echo', [1])).rejects.toThrow();
    expect(heard).toEqual([expect.objectContaining({ message: 'the thread ended with code 3' })]);
  });

  test('end with the thread when it is closed, which is no death', async () => {
    start();
    const open = calls.call('wait', []).catch((error: Error) => error);
    await calls.close();
    expect(await open).toBeInstanceOf(Error);
    expect(heard).toEqual(['closing']);
  });
});
