import { type ObjectKind, objectKinds } from '../src/model/index.ts';
import { clauseOperators, defaultMappings, defaultReferences, exclusionReasons, minSync } from '../src/rules/index.ts';
import { type TargetProfile, targetProfile } from '../src/target/index.ts';

/** docs/mappings.md: what flows by default, to which target, and what is left out. */

const head = `# Default mappings

What CloudSync writes of each object unless the configuration says otherwise: the default flows of Entra Connect Sync,
composed end to end, which Cloud Sync uses under the same names. Expressions are in the dialect \`connect\`
(see [expressions](expressions.md)). A target marked – does not take the attribute; it is then neither read nor mapped.
*MinSync* marks what is left with \`mappings: { defaults: minSync }\`.

    mappings:
      defaults: all                          # or minSync, or none
      user:
        department: 'ToUpper([department])'  # an expression
        title: { attribute: extensionAttribute3 }
        usageLocation: { attribute: c, default: DE }
        mobile: null                         # does not flow

A mapping says \`attribute\`, \`constant\` or \`expression\` (with its \`dialect\`), and how the outcome is used:

| | |
| --- | --- |
| \`flow\` | \`always\`, or \`create\`: sent only when the object is made |
| \`default\` | sent when the object is made and the mapping gives nothing; the tenant’s value is then left alone |
| \`whenEmpty\` | \`clear\` (the rule) empties the tenant’s value, \`keep\` leaves it, \`{ value: ... }\` sets one |
| \`merge\` | of several joined objects the \`first\` that has a value gives it, or \`all\`, \`allIgnoringCase\` give theirs |
| \`from\` | the forests or connectors that may give the value, strongest first |

This page is made from the code by \`npm run docs\`.
`;

const names: Readonly<Record<ObjectKind, string>> = {
  user: 'Users (inetOrgPerson alike)',
  group: 'Groups',
  contact: 'Contacts',
  device: 'Devices',
};

const targets: readonly TargetProfile[] = [targetProfile('graph'), targetProfile('syncApi')];

function taken({ kinds }: TargetProfile, kind: ObjectKind, target: string): string {
  const support = kinds[kind];
  if (!support.supported) return '–';
  if (support.references.has(target)) return target;
  const known = support.attributes.get(target);
  if (known === undefined || known.write === 'never') return '–';
  return known.write === 'create' ? `${known.name}, once` : known.name;
}

function row(kind: ObjectKind, target: string, from: string): string {
  const least = minSync[kind].has(target) ? 'yes' : '';
  return `| ${target} | \`${from}\` | ${targets.map((profile) => taken(profile, kind, target)).join(' | ')} | ${least} |`;
}

function section(kind: ObjectKind): readonly string[] {
  const mappings = Object.entries(defaultMappings[kind]).sort(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  return [
    `## ${names[kind]}`,
    '',
    '| attribute | from | graph | syncApi | MinSync |',
    '| --- | --- | --- | --- | --- |',
    ...mappings.map(([target, text]) => row(kind, target, text.replaceAll('|', '\\|'))),
    ...defaultReferences[kind].map(({ target, source }) => row(kind, target, `[${source}]`)),
    '',
  ];
}

const scoping = `## Left out by default

Whatever the scope says, these take no part, and each says so as its reason:

| reason | object | when |
| --- | --- | --- |
${exclusionReasons.map(({ code, kinds, text }) => `| ${code} | ${kinds.join(', ')} | ${text} |`).join('\n')}

## Filters

\`forests[].scope.filters\` takes for each kind an expression, or groups of clauses: the clauses of a group all hold, or
those of another group do.

    scope:
      filters:
        user: 'Not([department] = "Temp")'
        group:
          - - { attribute: mail, operator: IS NOT NULL }
            - { attribute: displayName, operator: NOTSTARTSWITH, value: Test }

Operators, in any case and with or without blanks: ${clauseOperators.map((name) => `\`${name}\``).join(', ')}. Those of the provisioning service
never hold for an absent attribute but by IS NULL; the negations of Connect (NOTEQUAL, NOTCONTAINS, NOTSTARTSWITH, NOTENDSWITH, ISNOTIN,
ISBITNOTSET) hold for it. Of several values one is enough, and for a negation none may be. ISIN takes values parted by semicolons.
`;

export function mappingsPage(): string {
  return `${[head, ...objectKinds.flatMap(section), scoping].join('\n').trimEnd()}\n`;
}
