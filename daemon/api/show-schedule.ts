import type { z } from 'zod';
import type { schedule } from './daemon-shapes.ts';
import type { ApiContext, Shown } from './endpoint.ts';

export function showSchedule({ settings, scheduler }: ApiContext): Shown<z.output<typeof schedule>> {
  const next = scheduler.next;
  return {
    ...settings.schedule,
    overridden: settings.isOverridden,
    suspended: settings.suspended,
    next: next === undefined ? null : { type: next.type, at: next.at.toISOString() },
  };
}
