import { type ObjectKind, objectKinds } from '../../model/index.ts';
import { defaultMappings, defaultReferences } from '../../rules/index.ts';
import { caseless, listOf, textOf } from './connect-rule.ts';
import { bindToFillIn, type Mappings, noMappings, tenantToFillIn } from './document-parts.ts';
import { deciding, targetOf } from './metaverse.ts';
import { type ImportedConfiguration, ImportReport } from './report.ts';
import { keepWhatCompiles } from './try-rules.ts';

type Get = (key: string) => unknown;

const kinds: Readonly<Record<string, ObjectKind>> = {
  user: 'user',
  inetorgperson: 'user',
  group: 'group',
  contact: 'contact',
  computer: 'device',
};

/** A document of ours from the schema of a Cloud Sync job, as Microsoft Graph gives it. */
export function fromCloudSync(schema: unknown): ImportedConfiguration {
  const report = new ImportReport();
  const mappings = noMappings();
  const objects = new Set<ObjectKind>();
  const filters: Partial<Record<ObjectKind, unknown>> = {};
  const rules = listOf(caseless(schema)('synchronizationRules')).map(caseless);
  const units = rules.flatMap((rule) => namesIn(rule, 'containerFilter', 'includedContainers'));
  const groups = rules.flatMap((rule) => namesIn(rule, 'groupFilter', 'includedGroups'));
  const domain = rules
    .map((rule) => textOf(rule('sourceDirectoryName')))
    .find((name) => /^[\w-]+(\.[\w-]+)+$/.test(name));
  for (const rule of rules) {
    for (const mapping of listOf(rule('objectMappings')).map(caseless)) {
      importObjects(mapping, { mappings, objects, filters, report });
    }
  }
  if (units.length > 0) report.translated('container filter', `${units.length} organizational units`);
  if (groups.length > 0) report.translated('group filter', `${groups.length} groups, their direct members`);
  const name = domain ?? 'corp.contoso.com';
  report.partly(
    'domain',
    `${domain === undefined ? 'The schema does not name the domain' : `The domain is ${name}`}; name the account that reads it, and put its password into the vault under the domain’s name.`,
  );
  report.partly('tenant', 'Name the tenant, the application that writes it and its certificate: no schema holds them.');
  const document: Record<string, unknown> = {
    version: 1,
    tenant: tenantToFillIn('contoso.onmicrosoft.com', 'syncApi'),
    forests: [
      {
        name,
        domains: [{ name, bind: bindToFillIn(`svc@${name}`, name) }],
        scope: { organizationalUnits: units, groups, filters },
      },
    ],
    objects: objectKinds.filter((kind) => objects.has(kind)),
    mappings,
  };
  keepWhatCompiles(document, report);
  return { document, report: report.items };
}

function namesIn(rule: Get, filter: string, list: string): readonly string[] {
  return listOf(caseless(rule(filter))(list))
    .map(textOf)
    .filter((name) => name !== '');
}

interface Parts {
  readonly mappings: Mappings;
  readonly objects: Set<ObjectKind>;
  readonly filters: Partial<Record<ObjectKind, unknown>>;
  readonly report: ImportReport;
}

function importObjects(mapping: Get, { mappings, objects, filters, report }: Parts): void {
  const source = textOf(mapping('sourceObjectName'));
  const item = `mapping of ${source} to ${textOf(mapping('targetObjectName'))}`;
  const kind = kinds[source.toLowerCase()];
  if (kind === undefined) return void report.not(item, 'Such objects do not take part here.');
  if (mapping('enabled') === false)
    return void report.translated(
      item,
      'It is disabled: such objects are left out, unless another mapping takes them.',
    );
  if (objects.has(kind)) return void report.covered(item, `It is treated as the ${kind} mapping before it.`);
  objects.add(kind);
  const clauses = listOf(caseless(mapping('scope'))('groups'))
    .map((group) => listOf(caseless(group)('clauses')).map((clause) => clauseOf(caseless(clause))))
    .filter((group) => group.length > 0);
  if (clauses.length > 0) {
    filters[kind] = clauses;
    report.translated(`${item}, scope`, `${clauses.length} groups of clauses`);
  }
  const flowing = new Set<string>();
  for (const flow of listOf(mapping('attributeMappings')).map(caseless))
    importFlow(flow, kind, mappings[kind], flowing, report);
  const missing = [
    ...Object.keys(defaultMappings[kind]),
    ...defaultReferences[kind].map(({ target }) => target),
  ].filter((target) => !flowing.has(target));
  for (const target of missing) mappings[kind][target] = null;
  if (missing.length > 0) report.translated(item, `It has no flow to ${missing.join(', ')}: they are taken out.`);
}

function clauseOf(clause: Get): Readonly<Record<string, unknown>> {
  const [value] = listOf(caseless(clause('targetOperand'))('values')).map(textOf);
  const operator = textOf(clause('operatorName'));
  return {
    attribute: textOf(clause('sourceOperandName')),
    operator,
    ...(value === undefined || /NULL|TRUE|FALSE|PRESENT/i.test(operator) ? {} : { value }),
  };
}

const flows: Readonly<Record<string, 'always' | 'create'>> = {
  always: 'always',
  objectaddonly: 'create',
  attributeaddonly: 'create',
};

function importFlow(
  flow: Get,
  kind: ObjectKind,
  mappings: Record<string, unknown>,
  flowing: Set<string>,
  report: ImportReport,
): void {
  const name = textOf(flow('targetAttributeName'));
  const item = `${kind} ${name}`;
  if (deciding.has(name.toLowerCase())) {
    return void report.covered(item, 'The anchor is mS-DS-ConsistencyGuid, else objectGUID.');
  }
  const target = /^extension_/i.test(name) ? name : targetOf(kind, name);
  if (target === undefined) return void report.not(item, 'The tenant’s attribute is not known here.');
  flowing.add(target);
  const source = caseless(flow('source'));
  const type = textOf(source('type')).toLowerCase();
  const text = textOf(source('expression'));
  const attribute = textOf(source('name')) || text.replace(/^\[|\]$/g, '');
  const when = flows[textOf(flow('flowType')).toLowerCase()];
  if (when === undefined && textOf(flow('flowType')) !== '') {
    report.partly(item, `Its flow type ${textOf(flow('flowType'))} is taken as Always.`);
  }
  const initial = textOf(flow('defaultValue'));
  const more = {
    ...(when === 'create' ? { flow: 'create' } : {}),
    ...(initial === '' ? {} : { default: initial }),
  };
  const own = type === 'attribute' ? `[${attribute}]` : text;
  if (Object.keys(more).length === 0 && isDefault(kind, target, own))
    return void report.covered(item, 'As by default.');
  mappings[target] =
    type === 'attribute'
      ? { attribute, ...more }
      : type === 'constant'
        ? { constant: textOf(source('name')) || text.replace(/^"|"$/g, ''), ...more }
        : { expression: text, ...more };
  report.translated(item, own);
}

/** As our own default, or the same attribute but for blanks around it. */
function isDefault(kind: ObjectKind, target: string, own: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
  const reference = defaultReferences[kind].find((one) => one.target === target);
  const byDefault = reference === undefined ? (defaultMappings[kind][target] ?? '') : `[${reference.source}]`;
  return [byDefault, byDefault.replace(/^Trim\((.*)\)$/, '$1')].some((text) => plain(text) === plain(own));
}
