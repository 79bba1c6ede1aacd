import { z } from 'zod';
import { durationPattern } from './duration.ts';

/** Where a secret is kept; a secret itself is never in the document. */
const secretReference = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ vault: z.string().min(1) }),
]);

/** Up to some decades: what is longer is no time a clock can tell, and what is none is no time to wait. */
const duration = z.string().regex(durationPattern, 'a number above 0 with ms, s, m, h or d, as in 2m; at most 9999d');

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
  replication: z
    .strictObject({
      user: z.string().min(1),
      password: secretReference.optional(),
      keytab: z.string().optional().describe('File with the AES-256 key of the account, in place of its password'),
    })
    .optional()
    .describe('The account that reads password hashes, where it is another than that of bind'),
  tls: tls.optional(),
  clearText: z.boolean().default(false).describe('Names the wish to bind without TLS'),
  ldif: z
    .string()
    .optional()
    .describe(
      'Read this LDIF export in place of a domain controller; it must end as its tool ends it, or with an empty line after the last record',
    ),
  dns: z.string().optional().describe('Resolver asked for domain controllers'),
});

const dialect = z.enum(['provisioning', 'connect']);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** An attribute compared with a value; a filter's clauses all hold, or those of another of its groups. */
const clause = z.strictObject({
  attribute: z.string().min(1),
  operator: z.string().describe('EQUALS, NOT EQUALS, REGEX MATCH, IS NULL... or one of Connect’s'),
  value: scalar.optional(),
});

/** Who takes part: an expression, one in a dialect, or groups of clauses. */
const filter = z.union([
  z.string(),
  z.strictObject({ expression: z.string(), dialect: dialect.optional() }),
  z.array(z.array(clause).min(1)).min(1),
]);

const scope = z.strictObject({
  organizationalUnits: z.array(z.string()).default([]),
  excludeOrganizationalUnits: z.array(z.string()).default([]),
  groups: z.array(z.string()).default([]),
  nestedGroups: z.boolean().default(false),
  filters: z.strictObject({ user: filter, group: filter, contact: filter, device: filter }).partial().default({}),
});

/** How the outcome of a mapping is used, whatever it comes from. */
const behaviour = {
  flow: z.enum(['always', 'create']).optional().describe('create: sent only when the object is made'),
  default: scalar.optional().describe('Sent when the object is made and the mapping gives nothing'),
  whenEmpty: z
    .union([z.enum(['clear', 'keep']), z.strictObject({ value: scalar })])
    .optional()
    .describe('Nothing clears the tenant’s value, leaves it alone, or sets this one'),
  merge: z
    .enum(['first', 'all', 'allIgnoringCase'])
    .optional()
    .describe('Of several joined objects the first that has a value gives it, or all give theirs'),
  from: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('The forests or connectors (forest/domain) that may give the value, strongest first'),
};

/** What differs from a default mapping: an expression, or one of the named forms; `null` removes the attribute from flowing. */
const mapping = z.union([
  z.null(),
  z.string(),
  z.strictObject({ attribute: z.string().min(1), ...behaviour }),
  z.strictObject({ constant: scalar, ...behaviour }),
  z.strictObject({ expression: z.string(), dialect: dialect.optional(), ...behaviour }),
]);

const mappingsOfKind = z.record(z.string(), mapping);

/** By what objects of several connectors are found to be the same one, besides the source anchor. */
const join = z.union([
  z.enum(['sid', 'mail']),
  z.strictObject({ attribute: z.string().min(1) }),
  z.strictObject({ expression: z.string(), dialect: dialect.optional() }),
]);

/** An AD attribute kept in the tenant under a name of its own. */
const directoryExtension = z.union([
  z.string().min(1),
  z.strictObject({
    attribute: z.string().min(1),
    name: z.string().optional().describe('What it is called in the tenant, when not as in AD'),
    type: z.enum(['String', 'Boolean', 'Integer', 'LargeInteger', 'DateTime', 'Binary']).optional(),
  }),
]);

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
        certificate: z.string().optional().describe('PEM file with certificate and private key, or a PFX file'),
        passphrase: secretReference.optional().describe('Opens the private key of the certificate'),
        clientSecret: secretReference.optional(),
        tokenFile: z.string().optional().describe('Token of another identity provider (workload identity)'),
      })
      .optional(),
    endpoints: z
      .strictObject({ graph: z.url(), authority: z.url(), syncApi: z.url().optional(), ca: z.string().optional() })
      .optional(),
    graph: z
      .strictObject({
        onPremises: z
          .boolean()
          .default(false)
          .describe('Write onPremises* of users through Graph beta, which carries no promise of support'),
        owners: z
          .boolean()
          .default(false)
          .describe('Make the managedBy of a group its owner, who may then change its members in the tenant'),
      })
      .optional(),
    syncApi: z
      .strictObject({
        endpoint: z.url().optional().describe('The synchronization service of a national cloud'),
        build: z.string().optional().describe('The build of Entra Connect to count as'),
        membersPerGroup: z
          .int()
          .min(1)
          .default(250_000)
          .describe('Groups of more members are left out, since the service takes no more'),
      })
      .optional(),
  }),
  forests: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        domains: z.array(domain).min(1),
        scope: scope.prefault({}),
        attributes: z
          .array(z.string())
          .default([])
          .describe('Attributes its schema has beyond those of AD, Exchange and Lync'),
      }),
    )
    .min(1),
  objects: z
    .array(z.enum(['user', 'group', 'contact', 'device']))
    .min(1, 'at least one kind of object is needed')
    .meta({ uniqueItems: true })
    .default(['user', 'group', 'contact']),
  mappings: z
    .strictObject({
      defaults: z
        .enum(['all', 'minSync', 'none'])
        .default('all')
        .describe('Which default mappings apply: minSync is what third-party applications need'),
      user: mappingsOfKind.optional(),
      group: mappingsOfKind.optional(),
      contact: mappingsOfKind.optional(),
      device: mappingsOfKind.optional(),
    })
    .prefault({}),
  directoryExtensions: z
    .strictObject({
      applicationId: z.guid().optional().describe('The application that owns them; the one that signs in, if left out'),
      user: z.array(directoryExtension).default([]),
      group: z.array(directoryExtension).default([]),
    })
    .prefault({}),
  joins: z
    .strictObject({ user: z.array(join), group: z.array(join), contact: z.array(join), device: z.array(join) })
    .partial()
    .default({}),
  precedence: z
    .array(z.string())
    .default([])
    .describe('Forests or connectors (forest/domain) whose values win, first of all; the others follow in their order'),
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
      managerRemovals: guard.default({ count: 500, percent: 20 }),
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
      evaluateFrom: z
        .number()
        .int()
        .min(1)
        .default(5000)
        .describe('Failures of one cycle below which nothing is judged'),
      percent: z.number().min(0).max(100).default(40).describe('Of all operations of a cycle'),
      objects: z.number().int().min(1).default(40_000).describe('Failures, memberships and managers not counted'),
      all: z.number().int().min(1).default(60_000).describe('Failures of any kind'),
    })
    .prefault({})
    .describe('A connector or tenant that fails this often in a row is tried ever more rarely'),
  log: z.strictObject({ retention: duration.default('90d') }).prefault({}),
  passwords: z
    .strictObject({
      sync: z.boolean().default(false),
      interval: duration.default('2m'),
      waits: z
        .array(duration)
        .min(1)
        .default(['2m', '10m', '30m', '1h', '6h'])
        .describe('One password the tenant refused: when it is tried again, the last wait repeating'),
      selective: z
        .enum(['everyone', 'exceptFiltered', 'onlyIncluded'])
        .default('everyone')
        .describe('By adminDescription: all but PHSFiltered, or PHSIncluded alone'),
      signIn: z
        .enum(['kerberos', 'ntlm'])
        .default('kerberos')
        .describe(
          'How the replication service of the domain controller is signed in to; ntlm does not prove the server',
        ),
    })
    .prefault({})
    .describe('Password hashes, through the syncApi target'),
  drift: z
    .enum(['repair', 'report'])
    .default('repair')
    .describe('What becomes of a synced attribute somebody changed in the tenant'),
  removal: z
    .strictObject({ user: z.enum(['delete', 'disable', 'keep']).default('delete') })
    .prefault({})
    .describe('What becomes of an account that no longer takes part'),
  staging: z.boolean().default(false).describe('Read and plan, never write'),
});

/** The configuration document with its defaults filled in. */
export type Configuration = z.infer<typeof configurationSchema>;
export type ForestConfiguration = Configuration['forests'][number];
export type DomainConfiguration = ForestConfiguration['domains'][number];
export type SecretReference = z.infer<typeof secretReference>;
export type MappingConfiguration = z.infer<typeof mapping>;
export type FilterConfiguration = z.infer<typeof filter>;
export type ClauseConfiguration = z.infer<typeof clause>;
export type JoinConfiguration = z.infer<typeof join>;
export type DirectoryExtensionConfiguration = z.infer<typeof directoryExtension>;
