import { closeSync, fstatSync, openSync } from 'node:fs';
import type { Configuration, SecretReference } from './document.ts';
import { type ConfigurationError, FileMissingError, SecretMissingError } from './errors.ts';
import { resolvePath, resolveSecret, type Vault } from './load.ts';
import { type Path, PlacedDocument, showPath } from './places.ts';

/** Where secrets are looked for. */
export interface SecretPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly vault?: Vault | undefined;
}

/** What a document that is right in itself names and this machine does not have: files and secrets, with line and column. */
export function checkReferences(
  configuration: {
    readonly file: string;
    readonly text: string;
    readonly document: Configuration;
    readonly folder: string;
  },
  { env, vault }: SecretPlaces,
): readonly ConfigurationError[] {
  const { file, text } = configuration;
  const placed = new PlacedDocument(text);
  return references(configuration.document).flatMap((reference): readonly ConfigurationError[] => {
    const setting = showPath(reference.path);
    const named = { file, place: placed.place(reference.path) };
    try {
      if ('secret' in reference) resolveSecret(configuration, env, setting, reference.secret, vault, named);
      else requireContent(resolvePath(configuration, reference.file));
      return [];
    } catch (error) {
      if (error instanceof SecretMissingError) return [error];
      if ('secret' in reference) return [new SecretMissingError(setting, 'the vault', error, named)];
      return [new FileMissingError(setting, resolvePath(configuration, reference.file), error, named)];
    }
  });
}

type Reference =
  | { readonly path: Path; readonly file: string }
  | { readonly path: Path; readonly secret: SecretReference };

function references({ tenant, forests }: Configuration): readonly Reference[] {
  const { credential, endpoints } = tenant;
  return [
    ...fileAt(['tenant', 'credential', 'certificate'], credential?.certificate),
    ...secretAt(['tenant', 'credential', 'passphrase'], credential?.passphrase),
    ...secretAt(['tenant', 'credential', 'clientSecret'], credential?.clientSecret),
    ...fileAt(['tenant', 'credential', 'tokenFile'], credential?.tokenFile),
    ...fileAt(['tenant', 'endpoints', 'ca'], endpoints?.ca),
    ...forests.flatMap(({ domains }, f) =>
      domains.flatMap(({ tls, ldif, bind, replication }, d) => [
        ...fileAt(['forests', f, 'domains', d, 'ldif'], ldif),
        ...secretAt(['forests', f, 'domains', d, 'bind', 'password'], bind?.password),
        ...secretAt(['forests', f, 'domains', d, 'replication', 'password'], replication?.password),
        ...fileAt(['forests', f, 'domains', d, 'replication', 'keytab'], replication?.keytab),
        ...fileAt(['forests', f, 'domains', d, 'tls', 'ca'], tls?.ca),
      ]),
    ),
  ];
}

function fileAt(path: Path, file: string | undefined): readonly Reference[] {
  return file === undefined ? [] : [{ path, file }];
}

function secretAt(path: Path, secret: SecretReference | undefined): readonly Reference[] {
  return secret === undefined ? [] : [{ path, secret }];
}

/** Opened, not only looked at: rights are what they are for this account. */
function requireContent(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size === 0) throw new Error('it is empty');
  } finally {
    closeSync(descriptor);
  }
}
