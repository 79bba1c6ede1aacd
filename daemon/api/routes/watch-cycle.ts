import { CycleUnknownError } from '../../../src/engine/index.ts';
import type { CycleEvent } from '../../cycles.ts';
import { type StreamEvent, streamEndpoint } from '../endpoint.ts';
import { LatestQueue } from '../latest-queue.ts';
import { cycle, progress } from '../shapes.ts';
import { cycleOf, cyclePath } from './cycle-path.ts';

export const watchCycle = streamEndpoint({
  name: 'watchCycle',
  method: 'get',
  path: '/api/v1/cycles/{cycle}/events',
  role: 'reader',
  summary: 'The progress of a cycle, as server-sent events, until it has ended',
  params: cyclePath,
  events: { cycle, progress, ended: cycle },
  errors: [CycleUnknownError],
  async *handle({ context, params, signal }): AsyncIterable<StreamEvent> {
    // Listens before it looks, so that no end falls between.
    const queue = new LatestQueue<CycleEvent>(signal, ({ type }) => type);
    using _ = context.cycles.listen((event) => {
      if ((event.type === 'progress' ? event.cycle : event.cycle.id) === params.cycle) queue.push(event);
    });
    const now = await cycleOf(context, params.cycle);
    if (now.state !== 'running') {
      yield { event: 'ended', data: now };
      return;
    }
    yield { event: 'cycle', data: now };
    for await (const event of queue) {
      if (event.type === 'progress') yield { event: 'progress', data: event.progress };
      if (event.type !== 'ended') continue;
      yield { event: 'ended', data: event.cycle };
      return;
    }
  },
});
