import { z } from 'zod';

/** Where a secret is kept; a secret itself is never in the document. */
const secretReference = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

const duration = z.string().regex(/^\d+(ms|s|m|h|d)$/, 'a number with ms, s, m, h or d, as in 2m');

const tls = z.strictObject({
  ca: z.string().optional().describe('PEM file of the authority that signed the domain controller’s certificate'),
  fingerprint: z.string().optional().describe('SHA-256 of the certificate, in hex'),
  serverName: z
    .string()
    .optional()
    .describe('The name the certificate must carry, when it is not the one connected to'),
});

const domain = z.strictObject({
  name: z.string().min(1),
  servers: z.array(z.string()).min(1).optional().describe('Tried in order; found by DNS when left out'),
  bind: z.strictObject({ user: z.string().min(1), password: secretReference }).optional(),
  tls: tls.optional(),
  clearText: z.boolean().default(false).describe('Names the wish to bind without TLS'),
  ldif: z.string().optional().describe('Read this file in place of a domain controller'),
  dns: z.string().optional().describe('Resolver asked for domain controllers'),
});

const scope = z.strictObject({
  organizationalUnits: z.array(z.string()).default([]),
  excludeOrganizationalUnits: z.array(z.string()).default([]),
  groups: z.array(z.string()).default([]),
  nestedGroups: z.boolean().default(false),
  filters: z
    .strictObject({ user: z.string(), group: z.string(), contact: z.string(), device: z.string() })
    .partial()
    .default({}),
});

const flow = z.enum(['always', 'create']);

/** What differs from a default mapping: an expression, or one of the named forms; `null` removes the attribute from flowing. */
const mapping = z.union([
  z.null(),
  z.string(),
  z.strictObject({ attribute: z.string(), flow: flow.optional() }),
  z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean()]), flow: flow.optional() }),
  z.strictObject({
    expression: z.string(),
    dialect: z.enum(['provisioning', 'connect']).optional(),
    flow: flow.optional(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    whenEmpty: z.enum(['clear', 'keep']).optional(),
  }),
]);

const mappingsOfKind = z.record(z.string(), mapping);

/** The most one cycle may do without approval: the count or the percentage, whichever is less. `off` is the wish by name. */
const guard = z.union([
  z.literal('off'),
  z.strictObject({ count: z.number().int().min(0), percent: z.number().min(0).max(100) }),
]);

export const configurationSchema = z.strictObject({
  version: z.literal(1),
  tenant: z.strictObject({
    id: z.string().min(1),
    cloud: z.enum(['global', 'usGov', 'usGovDoD', 'china', 'custom', 'sandbox']).default('global'),
    target: z.enum(['graph', 'syncApi']).default('graph'),
    credential: z
      .strictObject({
        clientId: z.string().min(1),
        certificate: z.string().optional(),
        clientSecret: secretReference.optional(),
      })
      .optional(),
    endpoints: z
      .strictObject({ graph: z.url(), authority: z.url(), syncApi: z.url().optional(), ca: z.string().optional() })
      .optional(),
    syncApi: z
      .strictObject({
        endpoint: z.url().optional().describe('The synchronization service of a national cloud'),
        build: z.string().optional().describe('The build of Entra Connect to count as'),
      })
      .optional(),
  }),
  forests: z
    .array(z.strictObject({ name: z.string().min(1), domains: z.array(domain).min(1), scope: scope.prefault({}) }))
    .min(1),
  objects: z.array(z.enum(['user', 'group', 'contact', 'device'])).default(['user', 'group', 'contact']),
  mappings: z
    .strictObject({ user: mappingsOfKind, group: mappingsOfKind, contact: mappingsOfKind, device: mappingsOfKind })
    .partial()
    .default({}),
  matching: z.strictObject({ soft: z.enum(['approve', 'auto', 'never']).default('approve') }).prefault({}),
  schedule: z
    .strictObject({ delta: duration.default('2m'), full: duration.default('7d'), watch: z.boolean().default(true) })
    .prefault({}),
  safety: z
    .strictObject({
      deletes: guard.default({ count: 500, percent: 20 }),
      scopeLosses: guard.default({ count: 500, percent: 20 }),
      disables: guard.default({ count: 500, percent: 20 }),
      renames: guard.default({ count: 500, percent: 20 }),
      attributeChanges: guard.default({ count: 5000, percent: 50 }),
      memberRemovals: guard.default({ count: 5000, percent: 30 }),
      memberRemovalsPerGroup: guard.default({ count: 500, percent: 50 }),
    })
    .prefault({}),
  retry: z
    .strictObject({
      waits: z.array(duration).min(1).default(['6h', '12h', '24h']),
      giveUpAfter: duration.default('28d'),
    })
    .prefault({})
    .describe('One object the tenant refused: when it is tried again, the last wait repeating'),
  quarantine: z
    .strictObject({
      failures: z.number().int().min(1).default(3),
      waits: z.array(duration).min(1).default(['10m', '30m', '1h', '6h', '1d']),
    })
    .prefault({})
    .describe('A connector or tenant that fails this often in a row is tried ever more rarely'),
  log: z.strictObject({ retention: duration.default('90d') }).prefault({}),
  staging: z.boolean().default(false).describe('Read and plan, never write'),
});

/** The configuration document with its defaults filled in. */
export type Configuration = z.infer<typeof configurationSchema>;
export type ForestConfiguration = Configuration['forests'][number];
export type DomainConfiguration = ForestConfiguration['domains'][number];
export type SecretReference = z.infer<typeof secretReference>;
export type MappingConfiguration = z.infer<typeof mapping>;
