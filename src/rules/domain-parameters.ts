import type { Configuration } from '../config/index.ts';
import { domainDn } from '../model/index.ts';
import type { SourceView } from './rules.ts';

/** What an expression may name between percent signs, as an error shows the names. */
export const parameterNames = [
  'Domain.FQDN',
  'Domain.Netbios',
  'Domain.LDAP',
  'Forest.FQDN',
  'Forest.Netbios',
  'Forest.LDAP',
  'Connector.ID',
  'DomainFQDN',
  'DomainNetBios',
  'ForestFQDN',
  'ForestNetBios',
] as const;

/** Facts of the domain an object is in; the forest is named by the first of its domains. */
export function domainParameters({
  forests,
  tenant,
}: Configuration): (view: SourceView, name: string) => string | undefined {
  const roots = new Map(forests.map(({ name, domains }) => [name, domains[0]?.name.toLowerCase() ?? name]));
  const defaultDomain = tenant.id.includes('.') ? tenant.id : undefined;
  return ({ domain, connector }, name) => {
    const root = roots.get(domain.forest) ?? domain.fqdn;
    switch (name.toLowerCase()) {
      case 'domain.fqdn':
      case 'domainfqdn':
        return domain.fqdn;
      case 'domain.netbios':
      case 'domainnetbios':
        return domain.netbios;
      case 'domain.ldap':
        return domainDn(domain.fqdn);
      case 'forest.fqdn':
      case 'forestfqdn':
        return root;
      case 'forest.netbios':
      case 'forestnetbios':
        return root.split('.')[0]?.toUpperCase();
      case 'forest.ldap':
        return domainDn(root);
      case 'connector.id':
        return connector;
      case 'defaultdomain':
        return defaultDomain;
      default:
        return undefined;
    }
  };
}
