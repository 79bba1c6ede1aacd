import type { ForestConnector, Partition } from './connect-export.ts';
import { bindToFillIn, fqdnOf } from './document-parts.ts';
import type { ImportReport } from './report.ts';

/** A forest of the document, from a connector's login, partitions and containers. */
export function forestOf(connector: ForestConnector, report: ImportReport): Record<string, unknown> {
  const { forest, user, partitions, group } = connector;
  const taken = partitions.filter((partition) => {
    if (isWhole(partition) || partition.included.length > 0) return true;
    report.not(`partition ${partition.dn}`, 'No container of it is selected: it is left out.');
    return false;
  });
  const names = taken.length === 0 ? [forest.toLowerCase()] : taken.map(({ dn }) => fqdnOf(dn));
  report.partly(
    `connector ${forest}`,
    `${names.length === 1 ? 'One domain is' : `${names.length} domains are`} read as ${user ?? 'an account to be named'}; no export holds the password: put it into the vault under the domain’s name.`,
  );
  return {
    name: forest,
    domains: names.map((name) => ({ name, bind: bindToFillIn(user ?? `svc@${name}`, name) })),
    ...scopeOf(taken, group, report),
  };
}

function scopeOf(partitions: readonly Partition[], group: string | undefined, report: ImportReport) {
  const everywhere = partitions.every(isWhole);
  const organizationalUnits = everywhere
    ? []
    : partitions.flatMap((partition) => (isWhole(partition) ? [partition.dn] : partition.included));
  const excludeOrganizationalUnits = partitions.flatMap(({ dn, excluded }) => excluded.filter((one) => !same(one, dn)));
  for (const { dn, included, excluded } of partitions) {
    report.translated(
      `partition ${dn}`,
      `${included.length} containers are included and ${excluded.filter((one) => !same(one, dn)).length} excluded, with all below them; the nearest decides.`,
    );
  }
  if (group !== undefined) report.translated(`group filter ${group}`, 'Its direct members take part.');
  const scope = {
    ...(organizationalUnits.length === 0 ? {} : { organizationalUnits }),
    ...(excludeOrganizationalUnits.length === 0 ? {} : { excludeOrganizationalUnits }),
    ...(group === undefined ? {} : { groups: [group] }),
  };
  return Object.keys(scope).length === 0 ? {} : { scope };
}

function isWhole({ dn, included, excluded }: Partition): boolean {
  return included.some((one) => same(one, dn)) || (included.length === 0 && !excluded.some((one) => same(one, dn)));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
