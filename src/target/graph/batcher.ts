import { AnswerLostError, BadAnswerError } from '../errors.ts';
import type { Priority } from '../quota.ts';
import { batchAnswers, batchBody, batchSize } from './batch.ts';
import type { GraphAnswer, GraphRequest, GraphVersion } from './client.ts';
import type { GraphContext } from './context.ts';
import { retryAfter } from './retry-after.ts';

/** Batches under way at once. A batch takes the tenant a second or two, and the quota allows one in that time. */
const parallel = 4;

interface Pending {
  readonly request: GraphRequest;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts writes that wait at the same time into one `$batch`; one alone goes by itself. Each counts against the quota. */
export class Batcher {
  readonly #context: GraphContext;
  readonly #priority: Priority;
  /** Stops what has not been sent. */
  readonly #signal: AbortSignal;
  /** Cuts off what has. */
  readonly #cut: AbortSignal;
  readonly #pending: Record<GraphVersion, Pending[]> = { 'v1.0': [], beta: [] };
  #running = 0;
  #scheduled = false;

  constructor(context: GraphContext, priority: Priority, signal: AbortSignal, cut: AbortSignal) {
    this.#context = context;
    this.#priority = priority;
    this.#signal = signal;
    this.#cut = cut;
  }

  /** The answer to one write, whatever its status. Throws where there is none. */
  send(request: GraphRequest): Promise<GraphAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<GraphAnswer>();
    this.#pending[request.version ?? 'v1.0'].push({ request, resolve, reject });
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#start();
      });
    }
    return promise;
  }

  #start(): void {
    for (const version of ['v1.0', 'beta'] as const) {
      const pending = this.#pending[version];
      while (pending.length > 0 && this.#running < parallel) {
        const items = pending.splice(0, batchSize);
        this.#running += 1;
        void this.#run(version, items).finally(() => {
          this.#running -= 1;
          this.#start();
        });
      }
    }
  }

  async #run(version: GraphVersion, items: readonly Pending[]): Promise<void> {
    try {
      await this.#context.quota.acquire(items.length, this.#priority, this.#signal);
      const answers = await this.#exchange(
        version,
        items.map(({ request }) => request),
      );
      if (answers === 'notAsBatch') {
        for (const item of items) await this.#run(version, [item]);
        return;
      }
      items.forEach((item, i) => {
        const answer = answers[i] ?? new AnswerLostError(item.request.path, 'the batch came back without it');
        if (answer instanceof Error) item.reject(answer);
        else {
          this.#learn(answer);
          item.resolve(answer);
        }
      });
    } catch (error) {
      for (const { reject } of items) reject(error);
    }
  }

  async #exchange(
    version: GraphVersion,
    requests: readonly GraphRequest[],
  ): Promise<ReturnType<typeof batchAnswers> | 'notAsBatch'> {
    const { client } = this.#context;
    const [first] = requests;
    if (first === undefined) return [];
    if (requests.length === 1) return [await client.send(first, this.#cut)];
    const answer = await client.send(
      { method: 'POST', path: '/$batch', version, body: batchBody(requests) },
      this.#cut,
    );
    const { status } = answer;
    if (status === 200) return batchAnswers(requests.length, answer);
    if (status < 400) throw new BadAnswerError('/$batch', `${status} is no answer to it`);
    // About the token, or the time: what holds for the batch as a whole holds for each of its requests.
    if (status === 401 || status === 408 || status === 429 || status >= 500) return requests.map(() => answer);
    return 'notAsBatch';
  }

  #learn(answer: GraphAnswer): void {
    const { quota, now } = this.#context;
    const percentage = Number(answer.header('x-ms-throttle-limit-percentage'));
    if (answer.status === 429) quota.refused(retryAfter(answer, now()) ?? 0);
    else if (answer.status < 500) quota.accepted(percentage > 0 ? percentage : undefined);
  }
}
