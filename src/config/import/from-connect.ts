import { type ObjectKind, objectKinds } from '../../model/index.ts';
import type { ConnectExport, ForestConnector } from './connect-export.ts';
import { ConnectFlows, combined } from './connect-flows.ts';
import type { SyncRule } from './connect-rule.ts';
import { forestOf } from './connect-scope.ts';
import { tenantToFillIn } from './document-parts.ts';
import { type ImportedConfiguration, ImportReport } from './report.ts';
import { quoted, Untranslatable } from './scope-expression.ts';
import { keepWhatCompiles } from './try-rules.ts';

/** A document of ours from an export of an Entra Connect server. */
export function fromConnect(exported: ConnectExport): ImportedConfiguration {
  const report = new ImportReport();
  const { forests, rules, tenant, deleteThreshold } = exported;
  const ids = new Set(forests.map(({ id }) => id));
  const custom = rules.filter((rule) => isCustom(rule, ids, report));
  const joins = joinsOf(forests, custom, report);
  const mappings = Object.fromEntries(
    objectKinds.map((kind) => [
      kind,
      new ConnectFlows(custom, kind, (rule) => forestTest(forests, rule), report).mappings(kind),
    ]),
  );
  const document: Record<string, unknown> = {
    version: 1,
    tenant: tenantToFillIn(tenant ?? 'contoso.onmicrosoft.com', 'syncApi'),
    forests: forests.map((forest) => withFilters(forestOf(forest, report), forest, custom, report)),
    mappings,
    ...(joins === undefined ? {} : { joins }),
    ...(deleteThreshold === undefined ? {} : { safety: { deletes: { count: deleteThreshold, percent: 20 } } }),
  };
  report.partly('tenant', 'Name the application that writes it and its certificate: no export holds them.');
  if (deleteThreshold !== undefined) report.translated('deletion threshold', `${deleteThreshold} deletes`);
  for (const name of new Set(exported.ignored)) report.not(name, 'Nothing here corresponds to it.');
  keepWhatCompiles(document, report);
  return { document, report: report.items };
}

/** A rule somebody made: the product's own are what the defaults do. */
function isCustom(rule: SyncRule, forests: ReadonlySet<string>, report: ImportReport): boolean {
  const { name, standard, disabled, kind, direction, connector } = rule;
  const item = `rule "${name}"`;
  if (standard) {
    if (disabled)
      report.partly(item, 'It is one of the product’s own and disabled: take out what it gave by hand, with null.');
    else report.covered(item, 'It is one of the product’s own, as the defaults are.');
    return false;
  }
  if (disabled) {
    report.covered(item, 'It is disabled.');
    return false;
  }
  if (kind === undefined) {
    report.not(item, 'It is about a type of object that does not take part here.');
    return false;
  }
  if (direction === 'outbound' && forests.has(connector)) {
    report.not(item, 'It writes to Active Directory.');
    return false;
  }
  if (/nofl/i.test(rule.linkType)) {
    report.not(item, `Its link type is ${rule.linkType}.`);
    return false;
  }
  return true;
}

/** Nothing with one forest; else the condition that an object is in the rule's. */
function forestTest(forests: readonly ForestConnector[], { connector }: SyncRule): string {
  const forest = forests.find(({ id }) => id === connector);
  return forests.length < 2 || forest === undefined ? '' : `%Forest.FQDN% = ${quoted(forest.forest.toLowerCase())}`;
}

/** Rules that set cloudFiltered keep objects out: an object takes part where what they give is not True. */
function withFilters(
  forest: Record<string, unknown>,
  { id }: ForestConnector,
  rules: readonly SyncRule[],
  report: ImportReport,
): Record<string, unknown> {
  const filters: Partial<Record<ObjectKind, unknown>> = {};
  for (const kind of objectKinds) {
    const flows = rules
      .filter((rule) => rule.kind === kind && rule.connector === id && rule.direction === 'inbound')
      .flatMap((rule) => rule.flows.map((flow) => ({ rule, flow })))
      .filter(({ flow }) => flow.destination.toLowerCase() === 'cloudfiltered');
    if (flows.length === 0) continue;
    try {
      filters[kind] = { expression: `${combined(flows, 'False', () => '')} <> True`, dialect: 'connect' };
      for (const { rule } of flows) report.translated(`rule "${rule.name}"`, `filters ${kind}s`);
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      for (const { rule } of flows) report.not(`rule "${rule.name}"`, error.message);
    }
  }
  if (Object.keys(filters).length === 0) return forest;
  const { scope } = forest;
  return { ...forest, scope: { ...(typeof scope === 'object' ? scope : {}), filters } };
}

const sids = /^(objectSid|msExchMasterAccountSid|msRTCSIP-OriginatorSid)$/i;

/** Connect joins users of several forests by their SIDs and contacts by mail, and by what custom rules add. */
function joinsOf(forests: readonly ForestConnector[], rules: readonly SyncRule[], report: ImportReport) {
  if (forests.length < 2) return undefined;
  const joins: Partial<Record<ObjectKind, unknown[]>> = { user: ['sid'], contact: ['mail'] };
  report.translated(
    'joins',
    'Users of several forests are joined by their SIDs, contacts by mail, as the product’s rules do.',
  );
  for (const { name, kind, joins: groups, direction } of rules) {
    if (kind === undefined || direction !== 'inbound') continue;
    for (const group of groups) {
      const names = group.map(({ source }) => source).filter((source) => source !== '');
      const [only, another] = names;
      if (only === undefined || names.every((one) => sids.test(one))) continue;
      const list = joins[kind] ?? [];
      list.push(
        another !== undefined
          ? { expression: names.map((one) => `[${one}]`).join(' & "|" & '), dialect: 'connect' }
          : only.toLowerCase() === 'mail'
            ? 'mail'
            : { attribute: only },
      );
      joins[kind] = [...new Set(list)];
      report.translated(`rule "${name}"`, `joins ${kind}s by ${names.join(' and ')}`);
    }
  }
  return joins;
}
