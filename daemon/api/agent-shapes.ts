import { z } from 'zod';
import type { ControllerContact, Finding } from '../../src/engine/index.ts';
import { objectKinds } from '../../src/model/index.ts';
import { named, pageOf } from './named.ts';
import { connector, time } from './shapes.ts';

/** Who reads the directories, and by which mappings. */

const controller = named(
  'DomainController',
  z.object({
    url: z.string(),
    inUse: z.boolean().describe('The one that is spoken to now'),
    failures: z.number().int().describe('In a row; after each it is left alone for longer, while others will do'),
    leftAloneUntil: time.nullable(),
    lastContactAt: time.nullable().describe('When it last answered, since the daemon started'),
  }),
) satisfies z.ZodType<ControllerContact>;

const agent = named(
  'Agent',
  z.object({
    name: z.string(),
    builtIn: z.boolean().describe('Part of the daemon itself'),
    state: z.enum(['online', 'offline']),
    host: z.string(),
    platform: z.string().describe('Operating system and processor'),
    version: z.string(),
    since: time.describe('When it started'),
    lastContactAt: time.describe('When the daemon last heard of it'),
    domains: z.array(
      connector.extend({ controllers: z.array(controller).describe('In the order they are tried; none of a file') }),
    ),
  }),
);

export const agentPage = pageOf('AgentPage', agent);

const attributeMapping = named(
  'AttributeMapping',
  z.object({
    kind: z.enum(objectKinds),
    target: z.string().describe('The attribute of the tenant'),
    type: z.enum(['direct', 'constant', 'expression', 'reference']),
    attributes: z.array(z.string()).describe('The AD attributes it looks at'),
    expression: z.string().describe('What it says; values in one that passes through Redact are hidden'),
    dialect: z.enum(['provisioning', 'connect']).nullable(),
    flow: z.enum(['always', 'create']).describe('create: sent only when the object is made'),
    origin: z.enum(['default', 'configuration']),
    written: z.boolean().describe('False: only to find the object of the tenant by'),
    default: z.unknown().optional().describe('Sent when the object is made and the mapping gives nothing'),
    whenEmpty: z.union([z.enum(['clear', 'keep']), z.object({ value: z.unknown() })]),
    merge: z.enum(['first', 'all', 'allIgnoringCase']).describe('Of several joined objects, whose values count'),
    redacted: z.boolean().describe('Nobody is shown its values'),
    precedence: z
      .array(z.object({ forest: z.string(), connector: z.string() }))
      .describe('Where values may come from, strongest first'),
    ofAccount: z.boolean().describe('An enabled account gives it before one that is not, whatever the precedence'),
  }),
);

export const attributeMappingPage = pageOf('AttributeMappingPage', attributeMapping);

const finding = named(
  'Finding',
  z.object({
    check: z.string().describe('port, tls, signIn, clock, replicationRight, permission, disk...'),
    subject: z.string().describe('The domain controller, domain, tenant or folder it is about'),
    state: z.enum(['passed', 'warning', 'failed']),
    message: z.string(),
    remedy: z.string().nullable(),
    code: z.templateLiteral(['CS', z.number()]).nullable().describe('Of the error behind it; see docs/errors.md'),
  }),
) satisfies z.ZodType<Finding>;

export const findingPage = pageOf('FindingPage', finding);
