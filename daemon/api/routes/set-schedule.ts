import { schedule, scheduleChange } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { showSchedule } from '../show-schedule.ts';

export const setSchedule = endpoint({
  name: 'setSchedule',
  method: 'put',
  path: '/api/v1/schedule',
  role: 'operator',
  summary: 'Changes the schedule in place of the configuration; outlives a restart',
  body: scheduleChange,
  answer: { schema: schedule },
  async handle({ context, body, actor }) {
    const { settings, scheduler, logs } = context;
    settings.change(body);
    scheduler.wake();
    logs.of('api')('info', 'scheduleChanged', { ...settings.schedule, actor });
    return { body: showSchedule(context) };
  },
});
