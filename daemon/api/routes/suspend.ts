import { z } from 'zod';
import { schedule } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { named } from '../named.ts';
import { showSchedule } from '../show-schedule.ts';

export const suspend = endpoint({
  name: 'suspend',
  method: 'post',
  path: '/api/v1/suspend',
  role: 'operator',
  summary: 'No cycle begins by itself any more, until resumed; one that runs goes on',
  body: named('Suspend', z.strictObject({ reason: z.string().max(1000).nullable().default(null) })),
  answer: { schema: schedule },
  async handle({ context, body, actor }) {
    const { settings, logs, now } = context;
    settings.suspend(now(), body.reason);
    logs.of('api')('info', 'suspended', { reason: body.reason, actor });
    return { body: showSchedule(context) };
  },
});
