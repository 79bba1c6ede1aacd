import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { StreamEvent } from './endpoint.ts';
import { TooManyStreamsError } from './errors.ts';

const mostStreams = 64;
/** A comment now and then keeps middle boxes and clients from giving up, in milliseconds. */
const heartbeatEvery = 15_000;

/** The open event streams. */
export class Streams {
  #open = 0;

  /** Sends the events as they come, no faster than the client reads. The first is awaited before the answer begins. */
  async send(
    response: ServerResponse,
    events: AsyncIterable<StreamEvent>,
    json: (value: unknown) => string,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#open >= mostStreams) throw new TooManyStreamsError(mostStreams);
    this.#open += 1;
    const iterator = events[Symbol.asyncIterator]();
    let heartbeat: NodeJS.Timeout | undefined;
    try {
      // What cannot begin is a problem document, not a broken stream.
      const begun = iterator.next();
      const first = await Promise.race([begun, soon()]);
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
      response.flushHeaders();
      heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatEvery);
      let next = first ?? (await begun);
      while (next.done !== true && !signal.aborted) {
        if (!response.write(format(next.value, json))) await once(response, 'drain', { signal });
        next = await iterator.next();
      }
      response.end();
    } catch (error) {
      if (!signal.aborted) throw error;
      response.destroy();
    } finally {
      clearInterval(heartbeat);
      this.#open -= 1;
      await iterator.return?.();
    }
  }
}

/** Long enough for whatever can be refused at once. */
function soon(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, 1000, undefined).unref());
}

function format({ event, data, id }: StreamEvent, json: (value: unknown) => string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${json(data)}\n\n`;
}
