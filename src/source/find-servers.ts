import { Resolver } from 'node:dns/promises';
import { DomainControllerUnreachableError } from './errors.ts';

export interface FindServersOptions {
  /** `corp.contoso.test` */
  readonly domain: string;
  /** Address of the resolver to ask, with a port if it is not 53; the system's when left out. */
  readonly dns?: string | undefined;
  /** From 0 to below 1; shares the load out among controllers of one priority. */
  readonly random?: () => number;
}

interface Candidate {
  readonly name: string;
  readonly priority: number;
  readonly weight: number;
}

/**
 * The domain's controllers as its DNS lists them ([MS-ADTS] 6.3.2.3), in the order to try. LDAPS is asked for on its
 * well-known port: the records name that of plain LDAP.
 */
export async function findServers({
  domain,
  dns,
  random = Math.random,
}: FindServersOptions): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  if (dns !== undefined) resolver.setServers([dns]);
  const name = `_ldap._tcp.dc._msdcs.${domain}`;
  try {
    const records = await resolver.resolveSrv(name);
    // A target of the root says that there is no such service (RFC 2782).
    return inOrder(
      records.filter((record) => record.name !== ''),
      random,
    ).map((record) => `ldaps://${record.name}`);
  } catch (error) {
    throw new DomainControllerUnreachableError(domain, `DNS lists no controllers under ${name}`, error);
  }
}

/** Lowest priority first; within one drawn by weight, where a weight of 0 has a small chance too (RFC 2782). */
export function inOrder<One extends Candidate>(records: readonly One[], random: () => number): readonly One[] {
  const ordered: One[] = [];
  for (const priority of [...new Set(records.map((record) => record.priority))].sort((a, b) => a - b)) {
    const left = records
      .filter((record) => record.priority === priority)
      .sort((a, b) => a.weight - b.weight || (a.name < b.name ? -1 : 1));
    while (left.length > 0) {
      const total = left.reduce((sum, { weight }) => sum + weight, 0);
      const drawn = Math.floor(random() * (total + 1));
      let sum = 0;
      const at = left.findIndex(({ weight }) => {
        sum += weight;
        return sum >= drawn;
      });
      ordered.push(...left.splice(Math.max(0, at), 1));
    }
  }
  return ordered;
}
