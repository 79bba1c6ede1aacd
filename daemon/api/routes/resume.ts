import { schedule } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { showSchedule } from '../show-schedule.ts';

export const resume = endpoint({
  name: 'resume',
  method: 'post',
  path: '/api/v1/resume',
  role: 'operator',
  summary: 'Cycles begin by themselves again',
  answer: { schema: schedule },
  async handle({ context, actor }) {
    const { settings, scheduler, logs } = context;
    settings.resume();
    scheduler.wake();
    logs.of('api')('info', 'resumed', { actor });
    return { body: showSchedule(context) };
  },
});
