import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { ProfileError } from './errors.ts';
import { syncApiSettings } from './sync-api/settings.ts';

/**
 * How strict and how moody the tenant is. Every setting has a default; a profile file names only what differs.
 * The defaults hold every rule that decides what a tenant accepts, and leave out what only slows or disturbs.
 */

const seconds = z.number().min(0);
const count = z.int().min(0);
const rate = z.number().min(0).max(1);

/** What happens to a request instead of its answer. */
const faultKinds = [
  /** 429 with Retry-After, nothing done. */
  'throttled',
  /** 503, 504 and 500. */
  'unavailable',
  'gatewayTimeout',
  'internalError',
  /** The connection is cut. */
  'reset',
  /** No answer until the client gives up, or `hangSeconds` have passed. */
  'hang',
  /** Answers outside the contract: a proxy's page, half a JSON text, JSON of another shape, a redirect. */
  'html',
  'truncated',
  'wrongShape',
  'redirect',
] as const;

const faultRule = z.strictObject({
  kind: z.enum(faultKinds),
  /** Share of the requests it strikes. */
  rate: rate.default(1),
  /** `before`: nothing was done. `after`: the write took effect and only its answer is lost. */
  when: z.enum(['before', 'after']).default('before'),
  /** HTTP methods; all when left out. */
  methods: z.array(z.string()).optional(),
  /** A part of the path and query, decoded. */
  path: z.string().optional(),
  /** Strikes that often and then no more. */
  times: count.optional(),
  retryAfterSeconds: seconds.optional(),
});

const bucket = z.strictObject({ limit: count, seconds: z.number().positive() });

const profileSchema = z.strictObject({
  /** A new id answers 404, and a deleted one still answers, for a time between 0 and `seconds`. */
  replication: z
    .strictObject({
      seconds: seconds.default(0),
      /** Within its window an object is there or not from one request to the next, as replicas differ. */
      flapping: z.boolean().default(false),
      seed: z.int().default(1),
    })
    .prefault({}),
  /** Refuses a second object with the same user name, proxy address, anchor, SID or unique name. */
  uniqueness: z.boolean().default(true),
  softDelete: z
    .strictObject({
      securityGroups: z.boolean().default(true),
      days: z.number().min(0).default(30),
      /** Values that a deleted object keeps for itself until it is gone for good. */
      holds: z
        .array(z.enum(['onPremisesImmutableId', 'uniqueName', 'onPremisesSecurityIdentifier']))
        .default(['onPremisesImmutableId', 'uniqueName', 'onPremisesSecurityIdentifier']),
    })
    .prefault({}),
  /** Administrators may be changed only by an application that holds a directory role itself. */
  adminProtection: z.boolean().default(true),
  /** Privileged Identity Management is licensed: eligible roles can be asked for, and given. */
  roleEligibility: z.boolean().default(true),
  /** The roles in the token decide; without, every token may do everything. */
  permissions: z.boolean().default(true),
  quotas: z
    .strictObject({
      /** Token buckets; off, costs are shown and nothing is refused. */
      throttling: z.boolean().default(false),
      /** Resource units of one application, by the tenant's size: under 50 users, to 500, above. */
      units: z
        .strictObject({
          small: bucket.default({ limit: 3_500, seconds: 10 }),
          medium: bucket.default({ limit: 5_000, seconds: 10 }),
          large: bucket.default({ limit: 8_000, seconds: 10 }),
        })
        .prefault({}),
      applicationWrites: bucket.default({ limit: 3_000, seconds: 150 }),
      tenantWrites: bucket.default({ limit: 18_000, seconds: 300 }),
      deviceWrites: bucket.default({ limit: 3_000, seconds: 150 }),
      /** Most objects the tenant holds, deleted ones counted; null is no limit. */
      objects: count.nullable().default(null),
      ownersPerGroup: count.default(100),
      extensionValuesPerObject: count.default(100),
    })
    .prefault({}),
  faults: z
    .strictObject({
      seed: z.int().default(1),
      hangSeconds: seconds.default(120),
      rules: z.array(faultRule).default([]),
    })
    .prefault({}),
  delta: z
    .strictObject({
      pageSize: count.min(1).default(200),
      /** Member changes on one page; a larger group goes on over the next ones. */
      linksPerPage: count.min(1).default(1_000),
      /** Changes show up only after this time. */
      lateSeconds: seconds.default(0),
      /** How many of the last changes come once more with the next round. */
      replays: count.default(0),
      tokenDays: z.number().min(0).default(7),
    })
    .prefault({}),
  batch: z
    .strictObject({
      /** `any`: items without dependsOn run and answer in an order drawn from the seed, as in the real tenant. */
      order: z.enum(['any', 'given']).default('any'),
      seed: z.int().default(1),
    })
    .prefault({}),
  domains: z
    .strictObject({
      /** What `POST /domains/{name}/verify` finds in the DNS. */
      verify: z.enum(['found', 'missing']).default('found'),
    })
    .prefault({}),
  exchange: z
    .strictObject({
      /** What Exchange makes shows in Graph after this time. */
      delaySeconds: seconds.default(0),
    })
    .prefault({}),
  jobs: z
    .strictObject({
      /** Provisioning jobs stand in quarantine for this reason until they are restarted. */
      quarantine: z
        .enum(['TooManyDeletes', 'EncounteredEscrowProportionThreshold', 'EncounteredQuarantineException'])
        .nullable()
        .default(null),
    })
    .prefault({}),
  tokens: z.strictObject({ lifetimeSeconds: z.number().positive().default(3_599) }).prefault({}),
  syncApi: syncApiSettings.prefault({}),
  /** Further host names and addresses the certificate stands for; read when the sandbox starts. */
  hostNames: z.array(z.string().min(1)).default([]),
  /** How far the tenant's `Date` header is off. */
  clockSkewSeconds: z.number().default(0),
});

/** A profile with every setting. */
export type Profile = z.output<typeof profileSchema>;
/** A profile as it is written: what is left out has its default. */
export type SandboxProfile = z.input<typeof profileSchema>;
export type FaultRule = z.output<typeof faultRule>;
export type FaultKind = (typeof faultKinds)[number];
export type Bucket = z.output<typeof bucket>;

/** The tenant as it is in its everyday mood: late replicas, quotas, replays. No faults. */
export const realisticProfile: SandboxProfile = {
  replication: { seconds: 8, flapping: true },
  quotas: { throttling: true, objects: 300_000 },
  delta: { replays: 3, lateSeconds: 2 },
};

/** Checks a profile; `object` is what it is called in the error. */
export function parseProfile(input: unknown, object = 'given'): Profile {
  const result = profileSchema.safeParse(input ?? {});
  if (result.success) return result.data;
  const reason = result.error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
  throw new ProfileError(object, reason);
}

/** Reads a profile from a YAML or JSON file. */
export function readProfile(file: string): SandboxProfile {
  let input: unknown;
  try {
    input = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProfileError(file, error instanceof Error ? error.message : String(error), error);
  }
  return parseProfile(input, file);
}

/** Checks what comes from outside as a change: no defaults are filled in. */
export function parseChange(input: unknown): SandboxProfile {
  parseProfile(input, 'change');
  return input as SandboxProfile;
}

/** `change` laid over `profile`: objects are merged, everything else is replaced. */
export function changedProfile(profile: Profile, change: SandboxProfile): Profile {
  return parseProfile(merged(profile, change), 'change');
}

function merged(base: unknown, change: unknown): unknown {
  if (!isRecord(base) || !isRecord(change)) return change;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) result[key] = merged(base[key], value);
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
