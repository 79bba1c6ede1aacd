import { z } from 'zod';
import { toDn } from '../model/index.ts';
import { nearestName } from '../rules/index.ts';

import { type Configuration, configurationSchema } from './document.ts';
import {
  type ConfigurationError,
  ConfigurationSyntaxError,
  InvalidSettingError,
  type Place,
  UnknownKeyError,
} from './errors.ts';
import { type Path, PlacedDocument, record, showPath } from './places.ts';

export type Checked =
  | { readonly document: Configuration; readonly errors: readonly [] }
  | { readonly document: undefined; readonly errors: readonly [ConfigurationError, ...ConfigurationError[]] };

/** The published JSON Schema of the document, as an admin writes it (defaults may be left out). */
export function configurationJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configurationSchema, { io: 'input' }), title: 'CloudSync configuration' };
}

/** Reads a configuration document, YAML or JSON, and says with line and column what is wrong with it. */
export function checkConfiguration(file: string, text: string): Checked {
  const document = new PlacedDocument(text);
  const { broken } = document;
  if (broken !== undefined) {
    return refused([new ConfigurationSyntaxError(file, broken.place, withoutDot(broken.reason))]);
  }
  const say = ({ path, reason, remedy }: Contradiction): ConfigurationError =>
    new InvalidSettingError(file, document.place(path), showPath(path), reason, remedy);
  const unusable = unusableTexts(document.value).map(say);
  const parsed = configurationSchema.safeParse(document.value);
  const errors = [
    ...unusable,
    ...(parsed.success
      ? contradictions(parsed.data).map(say)
      : parsed.error.issues.flatMap((issue) => fromIssue(file, document, issue))),
  ];
  if (parsed.success && errors.length === 0) return { document: parsed.data, errors: [] };
  return refused(errors);
}

function refused(errors: readonly ConfigurationError[]): Checked {
  const [first, ...rest] = errors;
  if (first === undefined) throw new Error('refused without a reason');
  return { document: undefined, errors: [first, ...rest] };
}

function fromIssue(file: string, document: PlacedDocument, issue: z.core.$ZodIssue): readonly ConfigurationError[] {
  const place = (path: Path): Place => document.place(path);
  const written = valueAt(document.value, issue.path);
  const [setting = ''] = issue.path.slice(-1);
  if (secretSettings.has(String(setting)) && typeof written !== 'object' && written !== undefined) {
    const reason = 'a secret is never written into the document';
    return [new InvalidSettingError(file, place(issue.path), showPath(issue.path), reason, whereSecretsGo)];
  }
  const words = wordsOf(issue);
  if (words.length > 0 && typeof written === 'string') {
    const near = nearestName(written, words);
    const reason = `it cannot be "${written.slice(0, 80)}"${near === undefined ? '' : `; did you mean "${near}"?`}`;
    const remedy = issue.code === 'invalid_value' ? `Give one of ${words.join(', ')}.` : undefined;
    return [new InvalidSettingError(file, place(issue.path), showPath(issue.path), reason, remedy)];
  }
  if (written === undefined && issue.code === 'invalid_type') {
    const path = showPath(issue.path);
    return [new InvalidSettingError(file, place(issue.path), path, 'it is missing', 'Add it.')];
  }
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      return new UnknownKeyError(file, place(path), showPath(path), nearestName(key, known), known);
    });
  }
  if (issue.code === 'invalid_union') {
    // The branch that got furthest says best what is wrong.
    const branches = issue.errors.map((branch) =>
      branch.filter((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
    );
    const best = branches.find((branch) => branch.length > 0);
    const [inner] = best ?? [];
    if (inner !== undefined) return fromIssue(file, document, { ...inner, path: [...issue.path, ...inner.path] });
  }
  return [
    new InvalidSettingError(file, place(issue.path), showPath(issue.path), withoutDot(lowerFirst(issue.message))),
  ];
}

const secretSettings: ReadonlySet<string> = new Set(['password', 'passphrase', 'clientSecret']);
const whereSecretsGo =
  'Keep it where only CloudSync reads it and name the place: { vault: NAME } after "cloudsync secret set NAME", { env: NAME } or { file: PATH }; change the secret, since it has been in a document.';

/** The words that may stand there; all of what may where it is no choice between words and something else. */
function wordsOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flat().flatMap((inner) => (inner.path.length === 0 ? wordsOf(inner) : []));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (record(inner) as Readonly<Record<PropertyKey, unknown>>)[step], value);
}

/** Characters that no setting needs and no tenant takes, and the one attribute the schema does not see. */
function unusableTexts(value: unknown, path: Path = [], seen = new Set<unknown>()): readonly Contradiction[] {
  if (typeof value === 'string') {
    const [character] = /(?![\t\n\r])\p{Cc}/u.exec(value) ?? [];
    if (character === undefined) return [];
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return [{ path, reason: `the control character U+${code} is in it`, remedy: 'Remove it.' }];
  }
  // An alias may lead back to where it stands.
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, inner]) => {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === '__proto__' && path.length === 2 && path[0] === 'mappings')
      return [{ path: below, reason: 'the tenant has no such attribute', remedy: 'Remove it.' }];
    return [...unusableTexts(key, below), ...unusableTexts(inner, below, seen)];
  });
}

/** The keys a mapping of the document may have, from the published schema. */
function keysAt(path: Path): readonly string[] {
  let nodes: readonly unknown[] = [configurationJsonSchema()];
  for (const step of path) nodes = nodes.flatMap((node) => below(node, step));
  return [...new Set(nodes.flatMap(alternatives).flatMap((node) => Object.keys(record(record(node)['properties']))))];
}

function alternatives(node: unknown): readonly unknown[] {
  const { anyOf } = record(node);
  return Array.isArray(anyOf) ? anyOf.flatMap(alternatives) : [node];
}

function below(node: unknown, step: PropertyKey): readonly unknown[] {
  return alternatives(node).flatMap((one) => {
    const schema = record(one);
    const found =
      typeof step === 'number'
        ? schema['items']
        : (record(schema['properties'])[String(step)] ?? schema['additionalProperties']);
    return found === undefined ? [] : [found];
  });
}

interface Contradiction {
  readonly path: Path;
  readonly reason: string;
  readonly remedy: string;
}

/** What a schema cannot say: settings that need or exclude one another. */
function contradictions({ tenant, forests, passwords, objects }: Configuration): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const say = (path: Path, reason: string, remedy: string): void => {
    found.push({ path, reason, remedy });
  };
  for (const [i, kind] of objects.entries()) {
    if (objects.indexOf(kind) < i) say(['objects', i], `"${kind}" is there twice`, 'Remove one.');
  }
  const { credential, endpoints, cloud } = tenant;
  if (passwords.sync && tenant.target === 'graph') {
    say(
      ['passwords', 'sync'],
      'Microsoft Graph takes no password hashes',
      'Set tenant.target to syncApi, or this to false.',
    );
  }
  if (cloud === 'sandbox') {
    if (credential !== undefined)
      say(['tenant', 'credential'], 'the sandbox tenant has a credential of its own', 'Remove it.');
  } else if (credential === undefined) {
    say(['tenant'], 'a credential is needed', 'Add credential with clientId and certificate or clientSecret.');
  } else {
    const { certificate, clientSecret, tokenFile, passphrase } = credential;
    const named = [certificate, clientSecret, tokenFile].filter((one) => one !== undefined).length;
    if (named !== 1)
      say(['tenant', 'credential'], 'either certificate or clientSecret or tokenFile is needed', 'Name exactly one.');
    if (passphrase !== undefined && certificate === undefined)
      say(['tenant', 'credential', 'passphrase'], 'a passphrase belongs to a certificate', 'Remove it.');
  }
  if ((cloud === 'custom') !== (endpoints !== undefined)) {
    say(['tenant', 'endpoints'], 'endpoints belong to cloud: custom', 'Set both or neither.');
  }
  const names = new Set<string>();
  for (const [f, forest] of forests.entries()) {
    if (names.has(forest.name.toLowerCase())) say(['forests', f, 'name'], 'two forests have this name', 'Rename one.');
    names.add(forest.name.toLowerCase());
    const domains = new Set<string>();
    for (const [d, domain] of forest.domains.entries()) {
      const path = ['forests', f, 'domains', d];
      if (domains.has(domain.name.toLowerCase())) say([...path, 'name'], 'the domain is there twice', 'Remove one.');
      domains.add(domain.name.toLowerCase());
      if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain.name)) {
        say([...path, 'name'], `"${domain.name}" is not a DNS name`, 'Name the domain as in corp.contoso.com.');
      }
      if (domain.ldif === undefined && domain.bind === undefined) {
        say(path, 'the account to read with is missing', 'Add bind with user and password, or name an ldif file.');
      }
      if (domain.ldif !== undefined && (domain.servers ?? domain.bind) !== undefined) {
        say([...path, 'ldif'], 'a file and a domain controller exclude one another', 'Keep one of the two.');
      }
      const { replication } = domain;
      if (replication !== undefined && (replication.password === undefined) === (replication.keytab === undefined)) {
        say(
          [...path, 'replication'],
          'an account signs in by its password or by a keytab',
          'Give one of the two: password or keytab.',
        );
      }
      if (replication?.keytab !== undefined && passwords.signIn === 'ntlm') {
        say([...path, 'replication', 'keytab'], 'NTLM has no use for a keytab', 'Set passwords.signIn to kerberos.');
      }
      for (const [s, server] of (domain.servers ?? []).entries()) {
        if (!/^ldaps?:\/\/[^/\s]+$/i.test(server)) {
          say(
            [...path, 'servers', s],
            `"${server}" is not an LDAP URL`,
            'Write it as in ldaps://dc1.corp.contoso.com.',
          );
        }
      }
    }
    const { organizationalUnits, excludeOrganizationalUnits, groups } = forest.scope;
    for (const [key, list] of Object.entries({ organizationalUnits, excludeOrganizationalUnits, groups })) {
      for (const [i, text] of list.entries()) {
        if (text === '' || toDn(text) === undefined) {
          say(
            ['forests', f, 'scope', key, i],
            `"${text}" is not a distinguished name`,
            'Write it as in OU=People,DC=corp,DC=contoso,DC=com.',
          );
        }
      }
    }
  }
  return found;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, '').replaceAll('\n', ' ');
}
