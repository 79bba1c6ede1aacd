import { z } from 'zod';
import { durationPattern } from './duration.ts';

/** Where a secret is kept; a secret itself is never in the document. */
const secretReference = z
  .union([
    z.strictObject({ env: z.string().min(1).describe('An environment variable of the daemon that holds it') }),
    z.strictObject({ file: z.string().min(1).describe('A file that holds it, from the folder of the configuration') }),
    z.strictObject({
      vault: z
        .string()
        .min(1)
        .describe('The name it has in the data folder, where `cloudsync secret set` keeps it encrypted'),
    }),
  ])
  .meta({ title: 'secret' });

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
  name: z.string().min(1).describe('The DNS name of the domain, as in corp.contoso.com'),
  servers: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'Its domain controllers as URLs, as in ldaps://dc1.corp.contoso.com, tried in order; found by DNS when left out',
    ),
  bind: z
    .strictObject({
      user: z.string().min(1).describe('As in svc-cloudsync@corp.contoso.com'),
      password: secretReference.describe('Where its password is kept'),
    })
    .optional()
    .describe('The account that reads the domain; any user may. Needed unless ldif is named'),
  replication: z
    .strictObject({
      user: z
        .string()
        .min(1)
        .describe('The account, with Replicating Directory Changes and Replicating Directory Changes All'),
      password: secretReference.optional().describe('Where its password is kept; it or keytab is needed'),
      keytab: z.string().optional().describe('File with the AES-256 key of the account, in place of its password'),
    })
    .optional()
    .describe('The account that reads password hashes, where it is another than that of bind'),
  tls: tls
    .optional()
    .describe(
      'What the certificate of a domain controller is held against; the authorities of the system when left out',
    ),
  clearText: z
    .boolean()
    .default(false)
    .describe('Sign in to ldap:// servers without TLS: the password then crosses the network in clear text'),
  ldif: z
    .string()
    .optional()
    .describe(
      'Read this LDIF export in place of a domain controller; it must end as its tool ends it, or with an empty line after the last record. It holds no passwords: passwords.sync does nothing for this domain',
    ),
  dns: z.string().optional().describe('The DNS server asked for domain controllers; that of the system when left out'),
});

const dialect = z
  .enum(['provisioning', 'connect'])
  .describe('The language of the expression: that of Cloud Sync, or that of Entra Connect; provisioning when left out');
const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** An attribute compared with a value; a filter's clauses all hold, or those of another of its groups. */
const clause = z.strictObject({
  attribute: z.string().min(1).describe('The AD attribute that is looked at'),
  operator: z.string().describe('EQUALS, NOT EQUALS, REGEX MATCH, IS NULL... or one of Connect’s'),
  value: scalar.optional().describe('What it is compared with'),
});

/** Who takes part: an expression, one in a dialect, or groups of clauses. */
const filter = z
  .union([
    z.string(),
    z.strictObject({
      expression: z.string().describe('Who takes part: those for whom it is True'),
      dialect: dialect.optional(),
    }),
    z.array(z.array(clause).min(1)).min(1),
  ])
  .meta({ title: 'filter' });

const scope = z.strictObject({
  organizationalUnits: z
    .array(z.string())
    .default([])
    .describe('DNs of the organizational units, with all below them, that take part; all of its domains when left out'),
  excludeOrganizationalUnits: z
    .array(z.string())
    .default([])
    .describe('DNs of organizational units that do not; of several that hold an object the nearest counts'),
  groups: z
    .array(z.string())
    .default([])
    .describe('DNs of groups: then only they and their members take part, of what the units let in'),
  nestedGroups: z.boolean().default(false).describe('The members of groups within these groups take part too'),
  filters: z
    .strictObject({
      user: filter.describe('Users that take part, of what the units and groups let in'),
      group: filter.describe('The same for groups'),
      contact: filter.describe('The same for contacts'),
      device: filter.describe('The same for devices'),
    })
    .partial()
    .default({})
    .describe('Conditions on the objects themselves, by kind'),
});

/** How the outcome of a mapping is used, whatever it comes from. */
const behaviour = {
  flow: z.enum(['always', 'create']).optional().describe('create: sent only when the object is made'),
  default: scalar.optional().describe('Sent when the object is made and the mapping gives nothing'),
  whenEmpty: z
    .union([z.enum(['clear', 'keep']), z.strictObject({ value: scalar.describe('The value that is set') })])
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
const mapping = z
  .union([
    z.null(),
    z.string(),
    z.strictObject({ attribute: z.string().min(1).describe('The AD attribute whose value it gets'), ...behaviour }),
    z.strictObject({ constant: scalar.describe('The value every object gets'), ...behaviour }),
    z.strictObject({
      expression: z.string().describe('What works the value out'),
      dialect: dialect.optional(),
      ...behaviour,
    }),
  ])
  .meta({ title: 'mapping' });

const mappingsOfKind = z.record(z.string(), mapping);

/** By what objects of several connectors are found to be the same one, besides the source anchor. */
const join = z
  .union([
    z.enum(['sid', 'mail']),
    z.strictObject({ attribute: z.string().min(1).describe('The AD attribute that is the same on both') }),
    z.strictObject({ expression: z.string().describe('What is the same on both'), dialect: dialect.optional() }),
  ])
  .meta({ title: 'join' });

/** An AD attribute kept in the tenant under a name of its own. */
const directoryExtension = z
  .union([
    z.string().min(1),
    z.strictObject({
      attribute: z.string().min(1).describe('The AD attribute'),
      name: z.string().optional().describe('What it is called in the tenant, when not as in AD'),
      type: z
        .enum(['String', 'Boolean', 'Integer', 'LargeInteger', 'DateTime', 'Binary'])
        .optional()
        .describe('Its type in the tenant; that of the schema of AD when left out'),
    }),
  ])
  .meta({ title: 'directory extension' });

/** The most one cycle may do without approval: the count or the percentage, whichever is less. `off` is the wish by name. */
const guard = z
  .union([
    z.literal('off'),
    z.strictObject({
      count: z.number().int().min(0).describe('So many in one cycle are held, one fewer go; 0 and 1 hold each one'),
      percent: z
        .number()
        .min(0)
        .max(100)
        .describe(
          'So many in a hundred of what the tenant has, where that is less than count; but never fewer than 3, of attributes, members and managers 10',
        ),
    }),
  ])
  .meta({ title: 'guard' });

export const configurationSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format'),
  tenant: z
    .strictObject({
      id: z
        .string()
        .min(1)
        .describe(
          'The tenant: one of its domains, as in contoso.onmicrosoft.com, or its id. A data folder belongs to one tenant (CS6010)',
        ),
      cloud: z
        .enum(['global', 'usGov', 'usGovDoD', 'china', 'custom', 'sandbox'])
        .default('global')
        .describe(
          'The cloud the tenant is in; custom goes by endpoints, sandbox is a tenant within the daemon that needs no credential',
        ),
      target: z
        .enum(['graph', 'syncApi'])
        .default('graph')
        .describe(
          'How the tenant is written: by Microsoft Graph, or by the service Entra Connect writes to (docs/sync-api.md), which alone takes contacts, mail-enabled groups, devices and passwords',
        ),
      credential: z
        .strictObject({
          clientId: z.string().min(1).describe('The application (client) id'),
          certificate: z.string().optional().describe('PEM file with certificate and private key, or a PFX file'),
          passphrase: secretReference.optional().describe('Opens the private key of the certificate'),
          clientSecret: secretReference.optional().describe('Where the client secret is kept; its value, not its id'),
          tokenFile: z.string().optional().describe('Token of another identity provider (workload identity)'),
        })
        .optional()
        .describe('The application that signs in, by exactly one of certificate, clientSecret and tokenFile'),
      endpoints: z
        .strictObject({
          graph: z.url().describe('The address of Microsoft Graph'),
          authority: z.url().describe('The address of the sign-in'),
          syncApi: z.url().optional().describe('The address of the synchronization service'),
          ca: z.string().optional().describe('PEM file of the authority that signed their certificates'),
        })
        .optional()
        .describe('The addresses of cloud: custom'),
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
        .optional()
        .describe('What the target graph does only when asked to'),
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
        .optional()
        .describe('How the target syncApi is called'),
    })
    .describe('The tenant that is written, and how'),
  forests: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('What it is called here, in logs and in precedence'),
        domains: z.array(domain).min(1).describe('Its domains that are read'),
        scope: scope
          .prefault({})
          .describe('Who of the forest takes part; what drops out of it is removed from the tenant'),
        attributes: z
          .array(z.string())
          .default([])
          .describe('Attributes its schema has beyond those of AD, Exchange and Lync'),
      }),
    )
    .min(1)
    .describe('The forests that are read. One that is taken out counts as out of scope with all it brought'),
  objects: z
    .array(z.enum(['user', 'group', 'contact', 'device']))
    .min(1, 'at least one kind of object is needed')
    .meta({ uniqueItems: true })
    .default(['user', 'group', 'contact'])
    .describe('The kinds of objects that take part; contacts and devices need the target syncApi'),
  mappings: z
    .strictObject({
      defaults: z
        .enum(['all', 'minSync', 'none'])
        .default('all')
        .describe('Which default mappings apply: minSync is what third-party applications need'),
      user: mappingsOfKind
        .optional()
        .describe('What differs from the defaults for users, by the attribute of the tenant'),
      group: mappingsOfKind
        .optional()
        .describe('What differs from the defaults for groups, by the attribute of the tenant'),
      contact: mappingsOfKind
        .optional()
        .describe('What differs from the defaults for contacts, by the attribute of the tenant'),
      device: mappingsOfKind
        .optional()
        .describe('What differs from the defaults for devices, by the attribute of the tenant'),
    })
    .prefault({})
    .describe(
      'Which value each attribute of the tenant gets (docs/mappings.md). A mapping cannot change the source anchor: it is mS-DS-ConsistencyGuid, or objectGUID where that is empty',
    ),
  directoryExtensions: z
    .strictObject({
      applicationId: z.guid().optional().describe('The application that owns them; the one that signs in, if left out'),
      user: z.array(directoryExtension).default([]).describe('Of users'),
      group: z.array(directoryExtension).default([]).describe('Of groups'),
    })
    .prefault({})
    .describe('AD attributes the tenant has no name for, kept there as `extension_{application id}_{name}`'),
  joins: z
    .strictObject({
      user: z.array(join).describe('What makes users of several forests one'),
      group: z.array(join).describe('The same for groups'),
      contact: z.array(join).describe('The same for contacts'),
      device: z.array(join).describe('The same for devices'),
    })
    .partial()
    .default({})
    .describe('By what objects of several domains are found to be the same one, besides the source anchor'),
  precedence: z
    .array(z.string())
    .default([])
    .describe('Forests or connectors (forest/domain) whose values win, first of all; the others follow in their order'),
  matching: z
    .strictObject({
      soft: z
        .enum(['approve', 'auto', 'never'])
        .default('approve')
        .describe(
          'approve: each such takeover is held until a person approves it. auto: it is done at once. never: the object is left alone with an error (CS6007), and no second one is made',
        ),
    })
    .prefault({})
    .describe(
      'How an object finds the one that is in the tenant already: by the source anchor, the value of mS-DS-ConsistencyGuid or, where that is empty, of objectGUID, which needs no word from anybody; else softly, a user by userPrincipalName and then by primary mail address, mail-enabled groups and contacts by that address. Administrators and objects with the anchor of another source are never taken over',
    ),
  schedule: z
    .strictObject({
      delta: duration.default('2m').describe('A cycle that reads what changed begins at least this often'),
      full: duration
        .default('7d')
        .describe('A cycle that reads directories and tenant in full, whatever changed, begins this often'),
      watch: z
        .boolean()
        .default(true)
        .describe(
          'Ask the domain controllers each second whether they moved, and begin a cycle at once if so: cycles may be seconds apart. false: by delta and full alone',
        ),
    })
    .prefault({})
    .describe('When the daemon begins cycles by itself; the first one as soon as it starts'),
  safety: z
    .strictObject({
      deletes: guard
        .default({ count: 500, percent: 20 })
        .describe(
          'Deletions, whatever their cause. off, or a percent of 100, also means that a domain that reads as empty is believed',
        ),
      scopeLosses: guard
        .default({ count: 500, percent: 20 })
        .describe(
          'Deletions of objects that are still in the directory: they left the scope, or the configuration changed',
        ),
      disables: guard.default({ count: 500, percent: 20 }).describe('Accounts that are disabled'),
      renames: guard.default({ count: 500, percent: 20 }).describe('Objects whose userPrincipalName or mail changes'),
      attributeChanges: guard
        .default({ count: 5000, percent: 50 })
        .describe('Objects on which one and the same attribute changes; each attribute counts by itself'),
      memberRemovals: guard
        .default({ count: 5000, percent: 30 })
        .describe('Memberships that are removed, of all groups'),
      managerRemovals: guard.default({ count: 500, percent: 20 }).describe('Managers that are cleared'),
      memberRemovalsPerGroup: guard.default({ count: 500, percent: 50 }).describe('Members that one group loses'),
    })
    .prefault({})
    .describe(
      'What is too much in one cycle, of one kind of change, for all forests together and for each by itself: it is held until a person approves it, and all else goes on. What counts is the number in one cycle, and cycles may be seconds apart: only a count that is small for your directory protects (see above)',
    ),
  retry: z
    .strictObject({
      waits: z
        .array(duration)
        .min(1)
        .default(['6h', '12h', '24h'])
        .describe('How long until it is tried again, refusal by refusal; a change of the object is sent at once'),
      giveUpAfter: duration.default('28d').describe('After so long it is tried only when it changes or is released'),
    })
    .prefault({})
    .describe('One object the tenant refused: when it is tried again, the last wait repeating'),
  quarantine: z
    .strictObject({
      failures: z
        .number()
        .int()
        .min(1)
        .default(3)
        .describe('Failures in a row that begin a quarantine; a refused sign-in begins one at once'),
      waits: z
        .array(duration)
        .min(1)
        .default(['10m', '30m', '1h', '6h', '1d'])
        .describe(
          'How long cycles of the schedule then leave it alone, failure by failure, the last wait repeating; a cycle started by hand does not wait',
        ),
      evaluateFrom: z
        .number()
        .int()
        .min(1)
        .default(5000)
        .describe('Failures of one cycle below which nothing is judged'),
      percent: z
        .number()
        .min(0)
        .max(100)
        .default(40)
        .describe('So many of all operations of a cycle failed: the tenant goes into quarantine'),
      objects: z
        .number()
        .int()
        .min(1)
        .default(40_000)
        .describe('So many failures in one cycle do it too, memberships and managers not counted'),
      all: z.number().int().min(1).default(60_000).describe('And so many failures of any kind'),
    })
    .prefault({})
    .describe(
      'A domain that cannot be read, or a tenant that refuses too much, is tried ever more rarely; other domains go on. It slows cycles of the schedule down and deletes nothing',
    ),
  log: z
    .strictObject({
      retention: duration
        .default('90d')
        .describe('How long the provisioning log and the list of cycles are kept: only so far back does undo reach'),
    })
    .prefault({})
    .describe('The provisioning log'),
  passwords: z
    .strictObject({
      sync: z
        .boolean()
        .default(false)
        .describe(
          'Send the hashes of passwords to the tenant, which turns its feature password hash synchronization on',
        ),
      interval: duration
        .default('2m')
        .describe(
          'Each domain is asked for changed passwords this often, and at once when it moves while schedule.watch is on',
        ),
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
    .describe(
      'Password hashes, through the target syncApi alone, from domain controllers alone: a domain that is read from an LDIF file has none. The target graph gives each new user a random password that nobody knows',
    ),
  drift: z
    .enum(['repair', 'report'])
    .default('repair')
    .describe(
      'What becomes of a synced object somebody changed, detached from its anchor or deleted in the tenant: repaired, or reported as failing and left so until the directory changes it. Members, owners and managers are always repaired, and who no longer takes part goes again as removal says',
    ),
  removal: z
    .strictObject({
      user: z
        .enum(['delete', 'disable', 'keep'])
        .default('delete')
        .describe(
          'delete: into the recycle bin of the tenant, from where it comes back within 30 days. disable: its sign-in is blocked. keep: nothing. An account that stays remains a member or manager where a directory still names it so, and nowhere else',
        ),
    })
    .prefault({})
    .describe(
      'What becomes of a user that left the scope or was deleted in the directory. Groups, contacts and devices are always deleted',
    ),
  staging: z
    .boolean()
    .default(false)
    .describe(
      'Read and plan, never write: neither objects nor passwords, whoever starts the cycle. A new configuration should begin with true',
    ),
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
