import { escapeFilter } from 'ldapts';
import { type Dn, dnKey, domainDn, objectGuidFromBytes, sidFromBytes } from '../model/index.ts';
import { bytesOf, textOf } from './entry.ts';
import { NotActiveDirectoryError } from './errors.ts';
import type { LdapConnection } from './ldap-connection.ts';
import type { DomainFacts } from './source.ts';

/** What is asked of a domain controller before anything is read from it. */
export interface ServerFacts {
  readonly domain: DomainFacts;
  /** The invocation id of its database: a USN means nothing without it ([MS-ADTS] 3.1.1.1.9). */
  readonly invocationId: string;
  /** Days after which a deletion leaves no trace. */
  readonly tombstoneLifetime: number;
  readonly configurationNamingContext: string;
}

/** What AD assumes when the attribute is not set ([MS-ADTS] 6.1.1.2.4.1.1). */
const defaultTombstoneLifetime = 60;

/** Asks a server who it is, and refuses one that is no domain controller of the domain. */
export async function serverFacts(connection: LdapConnection, fqdn: string): Promise<ServerFacts> {
  const wanted = domainDn(fqdn);
  const root = await rootDse(connection, ['defaultNamingContext', 'configurationNamingContext', 'dsServiceName']);
  const namingContext = textOf(root, 'defaultNamingContext');
  const configuration = textOf(root, 'configurationNamingContext');
  const service = textOf(root, 'dsServiceName');
  if (namingContext === undefined || configuration === undefined || service === undefined) {
    throw new NotActiveDirectoryError(connection.url, fqdn, 'it does not answer as Active Directory does');
  }
  if (dnKey(namingContext) !== dnKey(wanted)) {
    throw new NotActiveDirectoryError(connection.url, fqdn, `it holds ${namingContext}`);
  }
  const settings = await connection.one(service, ['invocationId'], ['invocationId']);
  const invocation = bytesOf(settings, 'invocationId');
  const invocationId = invocation === undefined ? undefined : objectGuidFromBytes(invocation);
  if (invocationId === undefined) {
    throw new NotActiveDirectoryError(connection.url, fqdn, 'it does not show the invocation id of its database');
  }
  const domain = await connection.one(namingContext, ['objectSid'], ['objectSid']);
  const sid = bytesOf(domain, 'objectSid');
  return {
    domain: {
      fqdn: fqdn.toLowerCase(),
      netbios: await netbiosName(connection, configuration, namingContext, fqdn),
      sid: sid === undefined ? undefined : sidFromBytes(sid),
      namingContext: namingContext as Dn,
    },
    invocationId,
    tombstoneLifetime: await tombstoneLifetime(connection, configuration),
    configurationNamingContext: configuration,
  };
}

/** The USN up to which the server has committed; taken before a read, it is what the next one resumes from. */
export async function highestCommittedUsn(connection: LdapConnection, fqdn: string): Promise<bigint> {
  const text = textOf(await rootDse(connection, ['highestCommittedUSN']), 'highestCommittedUSN');
  if (text === undefined || !/^\d+$/.test(text)) {
    throw new NotActiveDirectoryError(connection.url, fqdn, 'it shows no highestCommittedUSN');
  }
  return BigInt(text);
}

async function rootDse(connection: LdapConnection, attributes: string[]) {
  return await connection.one('', attributes);
}

async function netbiosName(
  connection: LdapConnection,
  configuration: string,
  namingContext: string,
  fqdn: string,
): Promise<string> {
  const { searchEntries } = await connection.search(`CN=Partitions,${configuration}`, {
    scope: 'one',
    filter: escapeFilter`(&(objectClass=crossRef)(nCName=${namingContext}))`,
    attributes: ['nETBIOSName'],
  });
  return textOf(searchEntries[0], 'nETBIOSName') ?? fqdn.split('.')[0]?.toUpperCase() ?? fqdn;
}

async function tombstoneLifetime(connection: LdapConnection, configuration: string): Promise<number> {
  const service = await connection.one(`CN=Directory Service,CN=Windows NT,CN=Services,${configuration}`, [
    'tombstoneLifetime',
    'msDS-DeletedObjectLifetime',
  ]);
  const days = ['msDS-DeletedObjectLifetime', 'tombstoneLifetime'].map((name) => Number(textOf(service, name)));
  return days.find((value) => value > 0) ?? defaultTombstoneLifetime;
}
