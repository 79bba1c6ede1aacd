import { z } from 'zod';

/** How the synchronization service behaves, as part of the sandbox's profile. */
export const syncApiSettings = z.strictObject({
  /** Directory synchronization is on from the first start, without the switch of the organization being turned. */
  activated: z.boolean().default(false),
  /** Objects on one page of a read-back. Clients there are that read one page and take it for all. */
  pageSize: z.int().min(1).default(5000),
  /** Reference changes that one request may hold. */
  linksPerRequest: z.int().min(1).default(15_000),
  /** A read-back does not resume from an older cookie. */
  cookieDays: z.number().min(0).default(7),
  /** Clients of an older build are refused. */
  minimumBuild: z
    .string()
    .regex(/^\d+(\.\d+)*$/, 'a version as in 2.0.3.0')
    .default('1.6.2.4'),
  /** So long after it was made a user is not known where passwords are taken. */
  credentialDelaySeconds: z.number().min(0).default(0),
  /**
   * Origins that calls are sent on to, one after another: a call that comes to none of them or to one but the last is
   * redirected to the next. A list that names an origin twice never ends.
   */
  redirects: z.array(z.url()).default([]),
  /** Members of one group, written as a whole and as changes. */
  membersWhole: z.int().min(1).default(50_000),
  membersByChanges: z.int().min(1).default(250_000),
});

export type SyncApiSettings = z.output<typeof syncApiSettings>;
