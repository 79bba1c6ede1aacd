import type { ObjectKind } from '../../model/index.ts';
import { checkConfiguration } from '../check.ts';
import type { Configuration } from '../document.ts';

/** What no export holds: it is to be filled in before the document can be used. */
export const tenantToFillIn = (id: string, target: 'graph' | 'syncApi') => ({
  id,
  target,
  credential: { clientId: '00000000-0000-0000-0000-000000000000', certificate: './tenant.pem' },
});

export const bindToFillIn = (user: string, domain: string) => ({
  user,
  password: { vault: domain },
});

/** `corp.contoso.com` of `DC=corp,DC=contoso,DC=com`. */
export function fqdnOf(dn: string): string {
  return [...dn.matchAll(/(?:^|,)\s*DC=([^,]+)/gi)].map(([, label = '']) => label.trim().toLowerCase()).join('.');
}

export type Mappings = Readonly<Record<ObjectKind, Record<string, unknown>>>;

export const noMappings = (): Mappings => ({ user: {}, group: {}, contact: {}, device: {} });

/** A document with its defaults, to try rules on; throws when it is not one. */
export function asConfiguration(document: Readonly<Record<string, unknown>>): Configuration {
  const checked = checkConfiguration('the imported configuration', JSON.stringify(document));
  if (checked.document === undefined) throw checked.errors[0];
  return checked.document;
}
