import { z } from 'zod';
import { durationSchema } from '../schedule.ts';
import { named, pageOf } from './named.ts';
import { engineStatus, time } from './shapes.ts';

/** The daemon's own shapes as the API publishes them; the engine's are in shapes.ts. */

export const schedule = named(
  'Schedule',
  z.object({
    delta: durationSchema,
    full: durationSchema,
    watch: z.boolean().describe('Ask each domain controller every second whether it moved'),
    overridden: z.boolean().describe('Differs from the configuration'),
    suspended: z.object({ since: time, reason: z.string().nullable() }).nullable(),
    next: z
      .object({ type: z.enum(['delta', 'full']), at: time })
      .nullable()
      .describe('Null while suspended'),
  }),
);

export const scheduleChange = named(
  'ScheduleChange',
  z
    .strictObject({ delta: durationSchema.nullable(), full: durationSchema.nullable(), watch: z.boolean().nullable() })
    .partial()
    .describe('What is left out stays; null goes back to the configuration'),
);

export const status = named(
  'Status',
  engineStatus.extend({
    version: z.string(),
    pid: z.number().int(),
    startedAt: time,
    dataDirectory: z.string(),
    configurationFile: z.string(),
    schedule,
  }),
);

export const logLine = named(
  'LogLine',
  z.object({
    seq: z.number().int(),
    time,
    level: z.enum(['error', 'warn', 'info', 'debug']),
    subsystem: z.string(),
    event: z.string(),
    eventId: z.number().int().describe('As the event log of Windows has it: docs/events.md'),
    fields: z.record(z.string(), z.unknown()),
  }),
);

export const logPage = pageOf('LogPage', logLine);

export const problem = named(
  'Problem',
  z
    .object({
      type: z.string().describe('`urn:cloudsync:error:` and the code'),
      title: z.string(),
      status: z.number().int(),
      detail: z.string(),
      instance: z.string().describe("The request's id, as in the log"),
      code: z.string(),
      remedy: z.string(),
      retry: z.enum(['never', 'later', 'after']),
      object: z.string().optional(),
      attribute: z.string().optional(),
    })
    .describe('RFC 9457'),
);

export const secret = named('Secret', z.object({ name: z.string(), at: time.describe('When it was set') }));

export const secretPage = pageOf('SecretPage', secret);

const configurationFacts = z.object({
  version: z.number().int().describe('From 1, one more each time another one comes into force'),
  digest: z.string().describe('SHA-256 of the text, hex: the ETag'),
  appliedAt: time,
  file: z.string(),
  actor: z.string(),
});

export const configurationVersion = named(
  'ConfigurationVersion',
  configurationFacts.extend({
    text: z.string().describe('As written; it holds no secrets, only where they are'),
    document: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe('With its defaults filled in; null where this program would refuse it'),
  }),
);

export const dashboardLink = named(
  'DashboardLink',
  z.object({ url: z.string().describe('For the address bar of a browser on this machine'), expiresAt: time }),
);

export const session = named(
  'Session',
  z.object({
    role: z.enum(['reader', 'operator']),
    actor: z.string().describe('As the log names them'),
    endsAt: time.nullable().describe("The latest a dashboard's session ends; null for a token"),
  }),
);

export const configurationVersionPage = pageOf(
  'ConfigurationVersionPage',
  named('ConfigurationFacts', configurationFacts),
);

export const configurationDifferences = named(
  'ConfigurationDifferences',
  z.object({
    differences: z.array(
      z.object({
        path: z.string(),
        before: z.unknown().optional().describe('Absent where there was nothing'),
        after: z.unknown().optional(),
      }),
    ),
  }),
);
