import type { Progress } from '../src/engine/index.ts';

/** Progress is handed on at most this often, in milliseconds; what ends a phase or a connector always is. */
const every = 100;

/** Thins out progress on its way to another thread. */
export function progressRelay(send: (progress: Progress) => void, now: () => number): (progress: Progress) => void {
  let waiting: Progress | undefined;
  let last: Progress | undefined;
  let at = 0;
  return (progress) => {
    const moved = last !== undefined && (last.phase !== progress.phase || last.connector !== progress.connector);
    if (moved && waiting !== undefined) send(waiting);
    const time = now();
    const due = last === undefined || moved || time - at >= every;
    waiting = due ? undefined : progress;
    last = progress;
    if (!due) return;
    at = time;
    send(progress);
  };
}
