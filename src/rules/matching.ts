import type { ObjectKind, SourceAnchor } from '../model/index.ts';
import type { Mapped, MatchKeys } from './rules.ts';

/** What the tenant is searched by, mapped whether the target writes it or not. */
export const matchedBy: Readonly<Record<ObjectKind, readonly string[]>> = {
  user: ['userPrincipalName', 'proxyAddresses', 'mail'],
  group: ['mailEnabled', 'proxyAddresses', 'mail'],
  contact: ['proxyAddresses', 'mail'],
  device: [],
};

/**
 * Hard by the anchor; soft by the name of a user, then by the primary address. A group without mail never matches
 * softly: its name says nothing about whose it is.
 */
export function matchKeys(kind: ObjectKind, anchor: SourceAnchor, { values: written, unwritten }: Mapped): MatchKeys {
  const wanted = (name: string): unknown => (written[name] ?? unwritten[name])?.value;
  const text = (name: string): string | undefined => {
    const value = wanted(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const primarySmtp =
    kind === 'device' || (kind === 'group' && wanted('mailEnabled') !== true)
      ? undefined
      : (primaryOf(wanted('proxyAddresses')) ?? text('mail'));
  return { anchor, userPrincipalName: kind === 'user' ? text('userPrincipalName') : undefined, primarySmtp };
}

function primaryOf(addresses: unknown): string | undefined {
  const list: readonly unknown[] = Array.isArray(addresses) ? addresses : [addresses];
  const primary = list.find((address) => typeof address === 'string' && address.startsWith('SMTP:'));
  return typeof primary === 'string' ? primary.slice(5) : undefined;
}
