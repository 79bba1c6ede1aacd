import { type Dialect, type FunctionDefinition, functions, signature } from '../src/rules/index.ts';

/** docs/expressions.md: the language, and every function of both dialects with what was decided about it. */

const language = `# Expressions

Mappings and filters are written in the expression language of Microsoft’s provisioning service and Cloud Sync
(dialect \`provisioning\`, the default), or in that of Entra Connect’s sync rules (\`dialect: connect\`).

    mappings:
      user:
        department: 'Trim([department])'
        company: { expression: 'UCase([company])', dialect: connect }

This page is made from the code by \`npm run docs\`.

## The language

- \`[name]\` is an attribute of the object, \`%Domain.FQDN%\` a fact of the domain it is in (also \`Domain.Netbios\`,
  \`Domain.LDAP\`, \`Forest.FQDN\`, \`Forest.Netbios\`, \`Forest.LDAP\`, \`Connector.ID\`, and Cloud Sync’s \`DomainFQDN\`,
  \`DomainNetBios\`, \`ForestFQDN\`, \`ForestNetBios\`), \`$item\` a variable that With, Select and Where name.
- Texts stand between double quotes; \`\\"\` is a quote and \`\\\\\` a backslash in them, a backslash before anything else is
  itself. Numbers are decimal, or hexadecimal as in \`&HFF\`.
- Words: \`True\`, \`False\`, \`NULL\` (absent), \`CRLF\`, \`IgnoreThisFlow\` (the target keeps its value), \`AuthoritativeNull\` (the
  target’s value is cleared, and no further object is asked for one). Functions and words are known in any case.
- Operators: \`&\` (joins texts), in Connect’s dialect also \`+\` \`-\` \`*\`, run from left to right, all alike; \`=\` \`<>\` \`>\` \`>=\` \`<\` \`<=\`
  compare what they make; \`&&\` and \`||\` join comparisons. (Microsoft’s page on
  *declarative provisioning expressions* says so, and Connect’s own rules rely on it.) What mixes \`&&\` and \`||\` without parentheses is refused, as it reads in two ways.
- An argument may be left empty between commas where it is optional, and at the end.
- A function that takes one value runs once for each of several; what becomes NULL vanishes. Where several meet
  several, they run side by side and must be equally many.
- Absent and empty are equal (\`[x] = ""\`). A number equals its text, True any spelling of it, case counts among texts.
  Nothing is greater or less than what is absent.
- A filter holds when its value is True, or one of several is. An outcome that is no condition leaves the object as it is.

## Limits

Expressions are checked when the configuration is: names, number and types of arguments, attributes, parameters, regular
expressions. What is wrong is told with line, column and the nearest right form, and nothing runs.

An expression has at most 10,000 characters and 64 parentheses within one another. One evaluation takes at most 1,000,000
steps and makes at most 4,000,000 characters; beyond that, and where a function is given what it cannot take, the object is
held with expression, values and reason, and the others go on. Nothing can loop.

Regular expressions are .NET’s, matched in linear time: look-around, back-references, atomic and conditional groups,
subtraction within brackets and the options n and x are refused. \\d, \\w and \\s know all scripts; \\b, and \\D, \\W, \\S
within brackets, know ASCII alone; $ and \\Z match at the very end.

Mappings and filters depend on the object alone. A function marked *clock*, *randomness* or *uniqueness* is refused in
them, because each cycle would find something to write; \`cloudsync expression\` evaluates it.
`;

const titles: Readonly<Record<Dialect, string>> = {
  provisioning: 'Functions of the provisioning dialect alone',
  connect: 'Functions of Connect’s dialect alone',
};

function section(title: string, list: readonly FunctionDefinition[]): readonly string[] {
  return [
    `## ${title}`,
    '',
    '| function | | decided |',
    '| --- | --- | --- |',
    ...list.map((definition) => {
      const { meaning, choice = '', uses } = definition;
      return `| \`${signature(definition)}\` | ${cell(meaning)}${uses === undefined ? '' : ` (*${uses}*)`} | ${cell(choice)} |`;
    }),
    '',
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

export function expressionsPage(): string {
  const only = (dialect: Dialect) =>
    functions.filter(({ dialects: [first, second] }) => first === dialect && second === undefined);
  return [
    language,
    ...section(
      'Functions of both dialects',
      functions.filter(({ dialects }) => dialects.length > 1),
    ),
    ...section(titles.provisioning, only('provisioning')),
    ...section(titles.connect, only('connect')),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
