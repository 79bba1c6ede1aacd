import { Resolver } from 'node:dns/promises';
import { DomainControllerUnreachableError } from './errors.ts';

/**
 * The domain's controllers as its DNS lists them ([MS-ADTS] 6.3.2.3), in the order of priority and then of weight.
 * LDAPS is asked for on its well-known port: the records name that of plain LDAP.
 */
export async function findServers(domain: string, dns: string | undefined): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  if (dns !== undefined) resolver.setServers([dns]);
  const name = `_ldap._tcp.dc._msdcs.${domain}`;
  try {
    const records = await resolver.resolveSrv(name);
    return records
      .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
      .map((record) => `ldaps://${record.name}`);
  } catch (error) {
    throw new DomainControllerUnreachableError(domain, `DNS lists no controllers under ${name}`, error);
  }
}
