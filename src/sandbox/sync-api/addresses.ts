import type { PropertyValue } from '../directory/index.ts';

/** What the tenant makes of the addresses that synchronization gives: what mail goes by. */
export interface Addresses {
  readonly mail: string | undefined;
  readonly proxyAddresses: readonly string[];
}

const smtp = /^smtp:/i;

/** The primary SMTP address is the one whose prefix is in capitals. */
export function primaryOf(proxyAddresses: readonly string[]): string | undefined {
  return proxyAddresses.find((address) => address.startsWith('SMTP:'))?.slice('SMTP:'.length);
}

/** Addresses of an object by all that synchronization has written of it. */
export function addressesOf(sync: Readonly<Record<string, PropertyValue>>): Addresses {
  const { mail, proxyAddresses, targetAddress } = sync;
  const given = Array.isArray(proxyAddresses) ? proxyAddresses.filter((one) => typeof one === 'string') : [];
  const target = typeof targetAddress === 'string' ? targetAddress.replace(smtp, '') : undefined;
  const named = typeof mail === 'string' ? mail : target;
  const primary = primaryOf(given);
  // Without a primary address the one that mail names becomes it.
  const all =
    primary === undefined && named !== undefined
      ? [`SMTP:${named}`, ...given.filter((one) => !sameAddress(one, named))]
      : given;
  return { mail: typeof mail === 'string' ? mail : (primary ?? named), proxyAddresses: all };
}

function sameAddress(proxyAddress: string, mail: string): boolean {
  return smtp.test(proxyAddress) && proxyAddress.replace(smtp, '').toLowerCase() === mail.toLowerCase();
}
