import type { z } from 'zod';
import { version } from '../version.ts';
import type { status } from './daemon-shapes.ts';
import type { ApiContext, Shown } from './endpoint.ts';
import { showSchedule } from './show-schedule.ts';

export async function showStatus(context: ApiContext): Promise<Shown<z.output<typeof status>>> {
  const { engine, startedAt, dataDirectory, configurations } = context;
  return {
    version,
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    dataDirectory,
    configurationFile: configurations.loaded.file,
    ...(await engine.status()),
    schedule: showSchedule(context),
  };
}
