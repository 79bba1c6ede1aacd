import { AnswerLostError, TenantUnavailableError, TenantUnreachableError, ThrottledError } from '../errors.ts';
import type { Priority } from '../quota.ts';
import { Batcher } from './batcher.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { refusalOf } from './refusal.ts';
import { requireDone, type WriteRequest } from './requests.ts';
import { backoff, retryAfter } from './retry-after.ts';

const attempts = { throttled: 12, unavailable: 4, unreachable: 3, late: 8 };

/** Sends writes until the tenant has said yes or no, as far as that is safe. */
export interface Writer {
  /**
   * `resend`: a second time gives the same result, so that a 503 is no reason to give up. Throws `AnswerLostError` when
   * nobody can say what became of it, `BadAnswerError` when something else than the tenant says it, and never sends it again then.
   */
  write(request: WriteRequest, resend: 'safe' | 'unsafe'): Promise<GraphAnswer>;
  wait(milliseconds: number): Promise<void>;
}

/** Where an application is throttled, the tenant refuses this last. */
function hurried(request: WriteRequest): WriteRequest {
  return { ...request, headers: { 'x-ms-throttle-priority': 'High', ...request.headers } };
}

export function openWriter(context: GraphContext, priority: Priority, signal: AbortSignal, cut: AbortSignal): Writer {
  const batcher = new Batcher(context, priority, signal, cut);
  const wait = (milliseconds: number): Promise<void> => context.sleep(milliseconds, signal);

  async function send(request: WriteRequest): Promise<GraphAnswer> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await batcher.send(priority === 'interactive' ? hurried(request) : request);
      } catch (error) {
        if (!(error instanceof TenantUnreachableError) || attempt + 1 >= attempts.unreachable) throw error;
        await wait(backoff(attempt, context.random));
      }
    }
  }

  return {
    wait,
    async write(request, resend) {
      let unavailable = 0;
      let late = 0;
      for (let attempt = 0; ; attempt += 1) {
        const answer = await send(request);
        const { status } = answer;
        if (late < attempts.late && context.extensions.isLate(context, answer)) {
          await wait(backoff(late, context.random));
          late += 1;
          continue;
        }
        if (status < 400) {
          requireDone(request, answer);
          return answer;
        }
        if (status < 500 && status !== 429 && status !== 408) return answer;
        if (status === 501) return answer;
        const asked = retryAfter(answer, context.now());
        if (status === 429) {
          if (attempt + 1 >= attempts.throttled) throw new ThrottledError(request.path, asked ?? 60_000);
          await wait(asked ?? backoff(attempt, context.random));
          continue;
        }
        const reason = `${status} ${refusalOf(answer).message}`;
        if (status !== 503 || resend === 'unsafe') throw new AnswerLostError(request.path, reason);
        unavailable += 1;
        if (unavailable >= attempts.unavailable) throw new TenantUnavailableError(request.path, status, reason);
        await wait(asked ?? backoff(unavailable, context.random));
      }
    },
  };
}
