import { expect, test } from 'vitest';
import { takingEverything } from '../../test/rules/sample-views.ts';
import { checkConfiguration, checkRules, configurationJsonSchema } from './index.ts';
import { parsePath, showPath } from './places.ts';

const text = `version: 1
tenant: { id: contoso.test, cloud: sandbox }
forests:
  - name: contoso
    domains: [{ name: corp.contoso.test, ldif: a.ldf }]
    scope:
      filters:
        user: 'Nott([department] = "Temp")'
        group:
          - - { attribute: mail, operator: EQUALS }
mappings:
  user:
    department: Left([department])
    titel: '[title]'
    mobile:
      attribute: mobile
      from: [nowhere]
joins:
  user:
    - mail
    - { attribute: emploeeID }
`;

test('names every rule that cannot be with line, column, cause and the nearest right form', () => {
  const { document } = checkConfiguration('c.yaml', text);
  if (document === undefined) throw new Error('not a document');
  const said = checkRules('c.yaml', text, document, takingEverything()).map(({ message }) => message);
  expect(said.toSorted()).toEqual([
    'c.yaml:10:15: forests[0].scope.filters.group[0][0]: EQUALS needs a value to compare with.',
    'c.yaml:13:5: mappings.user.department: at 1:1: Left lacks its argument "length".',
    'c.yaml:14:5: mappings.user.titel: the tenant has no such attribute; did you mean "title"?',
    'c.yaml:17:7: mappings.user.mobile.from: there is no forest or connector "nowhere".',
    'c.yaml:21:7: joins.user[1]: at 1:1: Active Directory has no attribute "emploeeID"; did you mean "employeeID"?',
    'c.yaml:8:9: forests[0].scope.filters.user: at 1:1: there is no function "Nott"; did you mean "Not"?',
  ]);
});

test('says nothing of rules that are right', () => {
  const right = text
    .replace('Nott', 'Not')
    .replace('EQUALS', 'IS NOT NULL')
    .replace('Left([department])', 'Left([department], 3)');
  const good = right.replace('titel', 'title').replace('nowhere', 'contoso').replace('emploee', 'employee');
  const { document } = checkConfiguration('c.yaml', good);
  if (document === undefined) throw new Error('not a document');
  expect(checkRules('c.yaml', good, document, takingEverything())).toEqual([]);
});

test('shows a path and reads it again', () => {
  const path = ['forests', 0, 'scope', 'filters', 'user', 1, 2];
  expect(showPath(path)).toBe('forests[0].scope.filters.user[1][2]');
  expect(parsePath(showPath(path))).toEqual(path);
});

test('publishes a schema that describes what the document takes', () => {
  const schema = JSON.stringify(configurationJsonSchema());
  for (const key of [
    'whenEmpty',
    'directoryExtensions',
    'joins',
    'precedence',
    'excludeOrganizationalUnits',
    'minSync',
    'vault',
  ]) {
    expect(schema).toContain(`"${key}"`);
  }
});
