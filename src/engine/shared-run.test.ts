import { expect, test } from 'vitest';
import { SharedRun } from './shared-run.ts';

/** Work that ends when told to, and at once when it is stopped. */
function makeRun() {
  const ends: { resolve: (n: number) => void }[] = [];
  const run = new SharedRun<number>((signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    signal.addEventListener('abort', () => reject(signal.reason));
    ends.push({ resolve });
    return promise;
  });
  return { run, ends };
}

test('is done once for all who wait', async () => {
  const { run, ends } = makeRun();
  const both = [run.join(new AbortController().signal), run.join(new AbortController().signal)];
  ends[0]?.resolve(7);
  expect(await Promise.all(both)).toEqual([7, 7]);
  expect(ends).toHaveLength(1);
});

test('goes on for whoever still waits when the one who began it leaves', async () => {
  const { run, ends } = makeRun();
  const first = new AbortController();
  const begun = run.join(first.signal);
  const second = run.join(new AbortController().signal);
  first.abort(new Error('gone'));
  await expect(begun).rejects.toThrow('gone');
  ends[0]?.resolve(7);
  expect(await second).toBe(7);
});

test('is stopped when the last one leaves, and begins anew for the next', async () => {
  const { run, ends } = makeRun();
  const only = new AbortController();
  const begun = run.join(only.signal);
  only.abort(new Error('gone'));
  const next = run.join(new AbortController().signal);
  await expect(begun).rejects.toThrow('gone');
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.resolve(8);
  expect(await next).toBe(8);
  const gone = AbortSignal.abort(new Error('late'));
  await expect(run.join(gone)).rejects.toThrow('late');
  expect(ends).toHaveLength(2);
});
