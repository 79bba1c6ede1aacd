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
  const place = (path: Path): Place => document.place(path);
  const parsed = configurationSchema.safeParse(document.value);
  const errors = parsed.success
    ? contradictions(parsed.data).map(
        ({ path, reason, remedy }) => new InvalidSettingError(file, place(path), showPath(path), reason, remedy),
      )
    : parsed.error.issues.flatMap((issue) => fromIssue(file, place, issue));
  if (parsed.success && errors.length === 0) return { document: parsed.data, errors: [] };
  return refused(errors);
}

function refused(errors: readonly ConfigurationError[]): Checked {
  const [first, ...rest] = errors;
  if (first === undefined) throw new Error('refused without a reason');
  return { document: undefined, errors: [first, ...rest] };
}

function fromIssue(file: string, place: (path: Path) => Place, issue: z.core.$ZodIssue): readonly ConfigurationError[] {
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
    if (inner !== undefined) return fromIssue(file, place, { ...inner, path: [...issue.path, ...inner.path] });
  }
  return [
    new InvalidSettingError(file, place(issue.path), showPath(issue.path), withoutDot(lowerFirst(issue.message))),
  ];
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
function contradictions({ tenant, forests, passwords }: Configuration): readonly Contradiction[] {
  const found: Contradiction[] = [];
  const say = (path: Path, reason: string, remedy: string): void => {
    found.push({ path, reason, remedy });
  };
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
