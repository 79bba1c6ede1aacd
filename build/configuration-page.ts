import { configurationJsonSchema, durationPattern } from '../src/config/index.ts';

/** docs/configuration.md: every key of the configuration document, from its schema. */

/** As much of JSON Schema as the document is described with. */
interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly required?: readonly string[];
}

/** The document at the top of the page: a cautious beginning. */
export const example = `version: 1
staging: true                      # reads and plans, and writes nothing: remove it when the plan is what you want
tenant:
  id: contoso.onmicrosoft.com
  target: graph
  credential: { clientId: 7d9f1c52-0b1e-4c0a-9a55-1f8d2c6e4b10, certificate: ./app.pem }
forests:
  - name: contoso
    domains:
      - name: corp.contoso.com
        bind: { user: svc-cloudsync@corp.contoso.com, password: { vault: corp } }
        tls: { ca: ./corp-ca.pem }
    scope:
      organizationalUnits: ["OU=People,DC=corp,DC=contoso,DC=com"]
matching: { soft: approve }
removal: { user: disable }
safety:                            # for some 2,000 users: what is more than a usual day is held
  deletes: { count: 10, percent: 5 }
  scopeLosses: { count: 10, percent: 5 }
  disables: { count: 20, percent: 5 }
  renames: { count: 20, percent: 5 }
  attributeChanges: { count: 100, percent: 20 }
  memberRemovals: { count: 100, percent: 10 }
  managerRemovals: { count: 20, percent: 10 }
  memberRemovalsPerGroup: { count: 25, percent: 50 }
`;

const head = `# Configuration

One document, YAML or JSON, \`cloudsync.yaml\` unless \`--config\` names another. \`cloudsync config check\` says what is wrong
with it, with line and column; \`cloudsync config schema\` prints its JSON Schema. What is not said has the default below; a
key that is not below is refused. Paths are taken from the folder of the document. A duration is a number with \`ms\`,
\`s\`, \`m\`, \`h\` or \`d\`, as in \`2m\`.

\`\`\`yaml
${example}\`\`\`

## What the guards need of you

A guard holds what is too much of one kind of change **in one cycle**, for all forests together and for each by itself; the
rest of the cycle goes on, and what is held waits until a person approves or denies it. \`count: 10\` lets nine go and holds
ten. What was let go in one cycle does not count in the next. While \`schedule.watch\` is on, cycles may be seconds
apart: a script that deletes accounts one after another is met in portions, and a limit of 500 may then never be
reached. So the percentage, and the defaults, protect against one big blow alone: against a slow one only an absolute
\`count\` does, and only one that is small for your directory. Take what one cycle does on a busy day, and not much more:

| users | deletes, scopeLosses | disables, renames, managerRemovals | attributeChanges, memberRemovals | memberRemovalsPerGroup |
| --- | --- | --- | --- | --- |
| up to 500 | 5 | 10 | 50 | 10 |
| up to 5,000 | 10 | 20 | 100 | 25 |
| up to 50,000 | 50 | 100 | 500 | 100 |
| more | 100 | 200 | 1,000 | 200 |

A reorganization is then held, and approved once it has been looked at. Where changes should come to the guards in
larger portions, set \`schedule: { watch: false, delta: 30m }\`.

This page is made from the code by \`npm run docs\`.
`;

/** Shapes that stand in several places: each has a section of its own. */
const shapes: Readonly<Record<string, string>> = {
  secret: 'Where a secret is kept: one of these keys. A secret itself is never in the document.',
  filter:
    'An expression, one with its dialect, or a list of groups of clauses: the clauses of a group all hold, or those of another do ([filters](mappings.md#filters)).',
  mapping:
    'An expression; `null`, by which the attribute does not flow; or one of `attribute`, `constant` and `expression`, with how it is used.',
  join: '`sid` (objectSid, msExchMasterAccountSid and msRTCSIP-OriginatorSid), `mail`, or one of these keys.',
  'directory extension': 'The name of the AD attribute, or these keys.',
  guard:
    'The word `off`, by which nothing is held, or both of these keys: the smaller of the two counts ([what it needs](#what-the-guards-need-of-you)).',
};

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|');
const anchor = (title: string): string => title.replaceAll(' ', '-');

function typeOf(schema: Schema): string {
  const { title, type, items, anyOf, additionalProperties } = schema;
  if (title !== undefined && title in shapes) return `[${title}](#${anchor(title)})`;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(' or ');
  if (type === 'array') return `list of ${items === undefined ? '' : typeOf(items)}`;
  if (type === 'object') {
    const value =
      additionalProperties === undefined || additionalProperties === false ? '' : ` of ${typeOf(additionalProperties)}`;
    return schema.properties === undefined ? `map${value}` : 'keys';
  }
  if (schema.pattern === durationPattern.source) return 'duration';
  if (schema.format === 'uri') return 'URL';
  if (type === 'integer' || type === 'number') return `${type}${bounds(schema)}`;
  return type === 'null' ? code(null) : [type ?? []].flat().join(' or ');
}

function bounds({ minimum, maximum }: Schema): string {
  const least = minimum === undefined ? '' : ` from ${minimum}`;
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? least : `${least} to ${maximum}`;
}

/** A key with its place, as in `forests[].domains[].name`. */
interface Key {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
}

/** The keys of an object and of those within, but not of shapes. */
function keysOf(schema: Schema, prefix: string, shape = false): readonly Key[] {
  const { properties = {}, required = [], items, anyOf = [], title } = schema;
  if (!shape && title !== undefined && title in shapes) return [];
  if (items !== undefined) return keysOf(items, `${prefix}[]`);
  return [
    ...Object.entries(properties).flatMap(([name, own]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      return [{ path, schema: own, required: required.includes(name) }, ...keysOf(own, path)];
    }),
    ...anyOf.flatMap((one) => keysOf(one, prefix)),
  ];
}

/** `required` is what stands for a default where a key has to be there. */
function table(keys: readonly Key[], required: string): readonly string[] {
  const rows = new Map(
    keys.map((key) => {
      const { path, schema } = key;
      const given = schema.default === undefined || typeOf(schema) === 'keys' ? '–' : code(schema.default);
      const otherwise = key.required ? required : given;
      return [
        path,
        `| \`${path}\` | ${cell(typeOf(schema))} | ${cell(otherwise)} | ${cell(schema.description ?? '')} |`,
      ];
    }),
  );
  return ['| key | type | default | |', '| --- | --- | --- | --- |', ...rows.values(), ''];
}

/** Every key of the document, and of the shapes in it. */
export function configurationKeys(): readonly Key[] {
  const document: Schema = configurationJsonSchema();
  return [...keysOf(document, ''), ...[...shapesIn(document).values()].flatMap((shape) => keysOf(shape, '', true))];
}

/** The shapes by title, as the document has them somewhere. */
function shapesIn(schema: Schema): ReadonlyMap<string, Schema> {
  const { title, items, anyOf = [], properties = {}, additionalProperties } = schema;
  const found = new Map<string, Schema>(title !== undefined && title in shapes ? [[title, schema]] : []);
  const within = [...Object.values(properties), ...anyOf, ...(items === undefined ? [] : [items])];
  if (additionalProperties !== undefined && additionalProperties !== false) within.push(additionalProperties);
  for (const one of within) for (const [name, shape] of shapesIn(one)) if (!found.has(name)) found.set(name, shape);
  return found;
}

export function configurationPage(): string {
  const document: Schema = configurationJsonSchema();
  const shaped = shapesIn(document);
  const sections = Object.entries(document.properties ?? {}).flatMap(([name, schema]) => {
    const required = document.required?.includes(name) ?? false;
    const own = { path: name, schema, required };
    const within = keysOf(schema, name);
    const keys = within.length === 0 ? [own] : within;
    const about = within.length === 0 || schema.description === undefined ? [] : [`${schema.description}.`, ''];
    return [`## ${name}`, '', ...about, ...table(keys, 'required')];
  });
  const ofShapes = Object.entries(shapes).flatMap(([title, about]) => {
    const shape = shaped.get(title);
    if (shape === undefined) throw new Error(`the document has no ${title}`);
    return [`### ${title}`, '', about, '', ...table(keysOf(shape, '', true), '–')];
  });
  return `${[head, ...sections, '## Shapes', '', ...ofShapes].join('\n').trimEnd()}\n`;
}
