import { escapeDnValue, parseDn, type Rdn } from '../../../model/index.ts';
import { binary, type FunctionDefinition, nullary, ternary, unary } from '../definition.ts';
import { list, number, optional, text, word } from '../parameters.ts';
import { Mismatch, show, textOf } from '../value.ts';

function rdnsOf(reference: string): readonly Rdn[] {
  const rdns = parseDn(reference);
  if (rdns === undefined) throw new Mismatch(`${show(reference)} is not a distinguished name`);
  return rdns;
}

const cRef = unary(
  {
    name: 'CRef',
    gives: 'text',
    meaning: 'The reference (distinguished name) a text is.',
    choice: 'References are kept as the text of their name; what is none fails.',
  },
  text('string'),
  (source) => {
    if (source !== null) rdnsOf(source);
    return source;
  },
);

const dnComponent = binary(
  {
    name: 'DNComponent',
    gives: 'text',
    meaning: 'The value of the n-th part of a distinguished name from the left, from 1.',
    choice: 'NULL outside of the parts. Of a part of several values it is the first.',
  },
  text('reference'),
  number('number'),
  (source, n) => (source === null ? null : (rdnsOf(source)[Number(n ?? 0) - 1]?.value ?? null)),
);

const dnComponentRev = ternary(
  {
    name: 'DNComponentRev',
    in: 'connect',
    gives: 'text',
    meaning:
      'The value of the n-th part of a distinguished name from the right, from 1; with the option DC not counting its dc= parts.',
    choice: 'NULL outside of the parts.',
  },
  [text('reference'), number('number'), optional(word('option', ['DC']))],
  (source, n, option) => {
    if (source === null) return null;
    const rdns = rdnsOf(source).filter(({ type }) => option === null || type.toLowerCase() !== 'dc');
    return rdns.at(-Number(n ?? 0)) === undefined || Number(n ?? 0) < 1 ? null : (rdns.at(-Number(n))?.value ?? null);
  },
);

const escapeDnComponent = unary(
  {
    name: 'EscapeDNComponent',
    in: 'connect',
    gives: 'text',
    meaning: 'One part of a distinguished name, its value escaped: EscapeDNComponent("CN=" & [displayName]).',
    choice:
      'What stands before the first equals sign stays, if it names an attribute; a text without one is escaped whole.',
  },
  text('string'),
  (source) => {
    if (source === null) return null;
    const [, type = '', value = source] = /^([A-Za-z][A-Za-z0-9-]*=)([\s\S]*)$/.exec(source) ?? [];
    return type + escapeDnValue(value);
  },
);

const defaultDomain = nullary(
  {
    name: 'DefaultDomain',
    in: 'provisioning',
    gives: 'text',
    meaning: 'The default domain of the tenant.',
    choice:
      'Known from the service’s parser alone. It is the configured tenant.id where that is a domain; else it fails.',
  },
  ({ input }) => {
    const domain = input.parameter('DefaultDomain');
    if (domain === undefined) throw new Mismatch('the default domain of the tenant is not known');
    return domain;
  },
);

const singleAppRoleAssignment = unary(
  {
    name: 'SingleAppRoleAssignment',
    in: 'provisioning',
    gives: 'text',
    meaning: 'The name of the one application role of a user.',
    choice: 'With several roles, where the documentation leaves the outcome open, it fails.',
  },
  list('appRoleAssignments'),
  (roles) => {
    const [first = null, ...more] = roles;
    if (more.length > 0) throw new Mismatch(`there are ${roles.length} roles, and one is allowed`);
    return first === null ? null : textOf(first);
  },
);

const appRoleAssignments = unary(
  {
    name: 'AppRoleAssignments',
    in: 'provisioning',
    gives: 'list',
    meaning: 'The names of all application roles of a user.',
    choice: 'Known from the service’s parser alone.',
  },
  list('source'),
  (roles) => (roles.length === 0 ? null : roles),
);

const appRoleAssignmentsComplex = unary(
  {
    name: 'AppRoleAssignmentsComplex',
    in: 'provisioning',
    gives: 'list',
    meaning: 'All application roles of a user as SCIM’s complex values, each a JSON text.',
    choice: 'Active Directory has no application roles; it is here for schemas that are brought along.',
  },
  list('appRoleAssignments'),
  (roles) =>
    roles.length === 0
      ? null
      : roles.map((role) => {
          const name = role === null ? '' : textOf(role);
          return JSON.stringify({ primary: false, type: 'WindowsAADRole', display: name, value: name });
        }),
);

export const directoryFunctions: readonly FunctionDefinition[] = [
  cRef,
  dnComponent,
  dnComponentRev,
  escapeDnComponent,
  defaultDomain,
  singleAppRoleAssignment,
  appRoleAssignments,
  appRoleAssignmentsComplex,
];
