import { escapeFilter } from 'ldapts';
import { type Dn, dnKey, domainDn, objectGuidFromBytes, sidFromBytes } from '../model/index.ts';
import { bytesOf, textOf, valuesOf } from './entry.ts';
import { NotActiveDirectoryError } from './errors.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { DomainFacts } from './source.ts';
import type { AttributeType } from './wire/entry-decoder.ts';

/** What is asked of a domain controller before anything is read from it. */
export interface ServerFacts {
  readonly domain: DomainFacts;
  /** The invocation id of its database: a USN means nothing without it ([MS-ADTS] 3.1.1.1.9). */
  readonly invocationId: string;
  /** Days for which a deletion is sure to show. */
  readonly tombstoneLifetime: number;
  readonly schemaNamingContext: string;
  /** A read-only one holds no secrets, some attributes not at all, and gives no changes by DirSync. */
  readonly readOnly: boolean;
}

/** What AD assumes when the attribute is not set ([MS-ADTS] 6.1.1.2.4.1.1). */
const defaultTombstoneLifetime = 60;

/** LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID: what a read-only domain controller says of itself. */
const partialSecrets = '1.2.840.113556.1.4.1920';

const text = (...names: readonly string[]): readonly AttributeType[] => names.map((name) => ({ name, form: 'text' }));
const bytes = (name: string): readonly AttributeType[] => [{ name, form: 'bytes' }];

/** Asks a server who it is, and refuses one that is no domain controller of the domain. */
export async function serverFacts(connection: LdapConnection, fqdn: string): Promise<ServerFacts> {
  const root = await connection.one(
    '',
    text(
      'defaultNamingContext',
      'configurationNamingContext',
      'schemaNamingContext',
      'dsServiceName',
      'supportedCapabilities',
    ),
  );
  const namingContext = textOf(root, 'defaultNamingContext');
  const configuration = textOf(root, 'configurationNamingContext');
  const schemaNamingContext = textOf(root, 'schemaNamingContext');
  const service = textOf(root, 'dsServiceName');
  if (
    namingContext === undefined ||
    configuration === undefined ||
    schemaNamingContext === undefined ||
    service === undefined
  ) {
    throw new NotActiveDirectoryError(connection.url, fqdn, 'it does not answer as Active Directory does');
  }
  if (dnKey(namingContext) !== dnKey(domainDn(fqdn))) {
    throw new NotActiveDirectoryError(connection.url, fqdn, `it holds ${namingContext}`);
  }
  const invocation = bytesOf(await connection.one(service, bytes('invocationId')), 'invocationId');
  const invocationId = invocation === undefined ? undefined : objectGuidFromBytes(invocation);
  if (invocationId === undefined) {
    throw new NotActiveDirectoryError(connection.url, fqdn, 'it does not show the invocation id of its database');
  }
  const sid = bytesOf(await connection.one(namingContext, bytes('objectSid')), 'objectSid');
  return {
    domain: {
      fqdn: fqdn.toLowerCase(),
      netbios: await netbiosName(connection, configuration, namingContext, fqdn),
      sid: sid === undefined ? undefined : sidFromBytes(sid),
      namingContext: namingContext as Dn,
    },
    invocationId,
    tombstoneLifetime: await tombstoneLifetime(connection, configuration),
    schemaNamingContext,
    readOnly: valuesOf(root, 'supportedCapabilities').includes(partialSecrets),
  };
}

/** The USN up to which the server has committed; taken before a read, it is what the next one resumes from. */
export async function highestCommittedUsn(connection: LdapConnection, fqdn: string): Promise<bigint> {
  const value = textOf(await connection.one('', text('highestCommittedUSN')), 'highestCommittedUSN');
  if (value === undefined || !/^\d{1,19}$/.test(value)) {
    throw new NotActiveDirectoryError(connection.url, fqdn, 'it shows no highestCommittedUSN');
  }
  return BigInt(value);
}

async function netbiosName(
  connection: LdapConnection,
  configuration: string,
  namingContext: string,
  fqdn: string,
): Promise<string> {
  const { entries } = await connection.search({
    base: `CN=Partitions,${configuration}`,
    scope: 'one',
    filter: escapeFilter`(&(objectClass=crossRef)(nCName=${namingContext}))`,
    types: text('nETBIOSName'),
  });
  return textOf(connection.decode(entries)[0], 'nETBIOSName') ?? fqdn.split('.')[0]?.toUpperCase() ?? fqdn;
}

/** The shorter of both, since which of them counts depends on whether the recycle bin is enabled. */
async function tombstoneLifetime(connection: LdapConnection, configuration: string): Promise<number> {
  const service = await connection.one(
    `CN=Directory Service,CN=Windows NT,CN=Services,${configuration}`,
    text('tombstoneLifetime', 'msDS-DeletedObjectLifetime'),
  );
  const days = (name: string): number | undefined => {
    const value = Number(textOf(service, name));
    return value > 0 ? value : undefined;
  };
  const tombstone = days('tombstoneLifetime') ?? defaultTombstoneLifetime;
  return Math.min(tombstone, days('msDS-DeletedObjectLifetime') ?? tombstone);
}
