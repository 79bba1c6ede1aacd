import { z } from 'zod';
import { levels } from '../../../src/model/index.ts';

const word = z.string().regex(/^[A-Za-z]{1,60}$/);

/** What narrows the log down. */
export const lineFilter = z.strictObject({
  level: z.enum(levels).default('info').describe('This and what is worse'),
  subsystem: word.optional(),
  event: word.optional().describe('By its name, as docs/events.md has it'),
});
