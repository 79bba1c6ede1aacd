import { AnswerLostError, BadAnswerError, TargetError } from '../errors.ts';
import type { Operation, OperationResult } from '../target.ts';
import { carryOut } from './carry-out.ts';
import type { GraphContext } from './context.ts';
import { openWriter } from './writer.ts';

/** So few operations are someone's waiting for them. */
const interactive = 3;
/** How long what has been sent may take to be answered once the caller wants to stop. */
const grace = 5_000;

/** Carries operations out side by side, and gives back their results as they come. */
export async function* applyOperations(
  context: GraphContext,
  operations: readonly Operation[],
  signal: AbortSignal,
): AsyncIterable<readonly OperationResult[]> {
  const left = new AbortController();
  const stop = AbortSignal.any([signal, left.signal]);
  using cut = cutAfter(stop);
  const writer = openWriter(context, operations.length <= interactive ? 'interactive' : 'bulk', stop, cut.signal);
  let results: OperationResult[] = [];
  let running = operations.length;
  let failure: unknown;
  let wake = Promise.withResolvers<void>();
  for (const operation of operations) {
    resultOf({ context, writer, signal: stop }, operation)
      .then(
        (result) => void results.push(result),
        (error: unknown) => {
          failure ??= error;
        },
      )
      .finally(() => {
        running -= 1;
        wake.resolve();
      });
  }
  try {
    while (running > 0 || results.length > 0) {
      if (results.length === 0) await wake.promise;
      wake = Promise.withResolvers<void>();
      const ready = results;
      results = [];
      if (ready.length > 0) yield ready;
    }
  } finally {
    // A caller that goes away takes what has not been sent with it.
    left.abort(new Error('nobody takes the results'));
  }
  // Stopped before it was sent, or a fault of this program: no result.
  if (failure !== undefined) throw failure;
}

async function resultOf(carrying: Parameters<typeof carryOut>[0], operation: Operation): Promise<OperationResult> {
  try {
    return await carryOut(carrying, operation);
  } catch (error) {
    const base = { operationId: operation.operationId, requestId: undefined };
    if (error instanceof AnswerLostError || error instanceof BadAnswerError)
      return { ...base, outcome: 'unknown', error };
    if (error instanceof TargetError) return { ...base, outcome: 'failed', error };
    throw error;
  }
}

/** Aborts a while after `signal` does: what was sent gets time for its answer, and not for ever. */
function cutAfter(signal: AbortSignal): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => controller.abort(signal.reason), grace);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', begin);
    },
  };
}
