import { version } from '../../version.ts';
import { endpoint } from '../endpoint.ts';
import { status } from '../shapes.ts';
import { showSchedule } from '../show-schedule.ts';

export const getStatus = endpoint({
  name: 'getStatus',
  method: 'get',
  path: '/api/v1/status',
  role: 'reader',
  summary: 'The daemon, its tenant, forests, objects, schedule, and the cycle that runs',
  answer: { schema: status },
  async handle({ context }) {
    const { engine, startedAt, dataDirectory, configuration } = context;
    return {
      body: {
        version,
        pid: process.pid,
        startedAt: startedAt.toISOString(),
        dataDirectory,
        configurationFile: configuration.file,
        ...(await engine.status()),
        schedule: showSchedule(context),
      },
    };
  },
});
