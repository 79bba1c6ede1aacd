import type { ObjectKind } from '../../model/index.ts';
import { defaultMappings, defaultReferences } from '../../rules/index.ts';

/** Metaverse attributes that are not called as the tenant's attribute they flow to. */
const targets: ReadonlyMap<string, string> = new Map([
  ['accountname', 'onPremisesSamAccountName'],
  ['c', 'countryLetterCode'],
  ['cn', 'commonName'],
  ['co', 'country'],
  ['domainfqdn', 'dnsDomainName'],
  ['domainnetbios', 'netBiosName'],
  ['l', 'city'],
  ['mailnickname', 'alias'],
  ['objectsid', 'onPremiseSecurityIdentifier'],
  ['pwdlastset', 'lastPasswordChangeTimestamp'],
  ['sn', 'surname'],
  ['st', 'state'],
]);

/** Metaverse attributes that decide rather than flow; the anchor's are chosen by CloudSync itself. */
export const deciding: ReadonlySet<string> = new Set(['sourceanchor', 'sourceanchorbinary', 'cloudsourceanchor', 'dn']);

/** The tenant's attribute a metaverse attribute, or one of Cloud Sync's targets, stands for. */
export function targetOf(kind: ObjectKind, name: string): string | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^msds-/, 'msds')
    .replace(/^msrtcsip-/, 'msrtcsip')
    .replace(/^msorg-/, 'msorg');
  const renamed = targets.get(plain);
  const known = [
    ...Object.keys(defaultMappings[kind]),
    ...defaultReferences[kind].map(({ target }) => target),
    ...(kind === 'user' ? ['userType'] : []),
  ];
  if (renamed !== undefined && known.includes(renamed)) return renamed;
  return known.find((one) => one.toLowerCase() === plain);
}

/** Metaverse attributes by the attribute of AD, or the parameter, they come from by default. */
const sources: ReadonlyMap<string, string> = new Map([
  ['accountname', '[sAMAccountName]'],
  ['domainfqdn', '%Domain.FQDN%'],
  ['domainnetbios', '%Domain.Netbios%'],
]);

/** An expression over the metaverse as one over AD: nearly all attributes have one name in both. */
export function overDirectory(expression: string): string {
  return expression.replace(/"(?:[^"\\]|\\[\s\S])*"|\[([^[\]]+)\]/g, (whole, name?: string) =>
    name === undefined ? whole : (sources.get(name.toLowerCase()) ?? whole),
  );
}
