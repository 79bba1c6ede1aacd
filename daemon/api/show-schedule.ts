import type { z } from 'zod';
import type { ApiContext, Shown } from './endpoint.ts';
import type { schedule } from './shapes.ts';

export function showSchedule({ settings, scheduler }: ApiContext): Shown<z.output<typeof schedule>> {
  const next = scheduler.next;
  return {
    ...settings.schedule,
    overridden: settings.isOverridden,
    suspended: settings.suspended,
    next: next === undefined ? null : { type: next.type, at: next.at.toISOString() },
  };
}
