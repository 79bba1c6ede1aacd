import { schedule } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { showSchedule } from '../show-schedule.ts';

export const getSchedule = endpoint({
  name: 'getSchedule',
  method: 'get',
  path: '/api/v1/schedule',
  role: 'reader',
  summary: 'When cycles run by themselves, and the next one',
  answer: { schema: schedule },
  async handle({ context }) {
    return { body: showSchedule(context) };
  },
});
