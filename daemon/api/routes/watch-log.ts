import { fits, type LogLine } from '../../logs/logs.ts';
import { logLine } from '../daemon-shapes.ts';
import { type StreamEvent, streamEndpoint } from '../endpoint.ts';
import { LatestQueue } from '../latest-queue.ts';
import { lineFilter } from './line-filter.ts';

/** Lines that may wait for a reader; `seq` shows it what it missed. */
const waiting = 1000;

export const watchLog = streamEndpoint({
  name: 'watchLog',
  method: 'get',
  path: '/api/v1/log/events',
  role: 'reader',
  summary: 'The log as it is written, as server-sent events',
  query: lineFilter,
  events: { line: logLine },
  async *handle({ context, query, signal }): AsyncIterable<StreamEvent> {
    const queue = new LatestQueue<LogLine>(signal, ({ seq }) => String(seq % waiting));
    using _ = context.logs.listen((line) => {
      if (fits(line, query)) queue.push(line);
    });
    for await (const line of queue) yield { event: 'line', data: line, id: String(line.seq) };
  },
});
