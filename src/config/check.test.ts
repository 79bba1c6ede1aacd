import { expect, test } from 'vitest';
import { checkConfiguration } from './check.ts';

const good = `version: 1
tenant:
  id: contoso.test
  credential: { clientId: 1, clientSecret: { env: SECRET } }
forests:
  - name: contoso
    domains:
      - name: corp.contoso.test
        servers: ["ldaps://dc1"]
        bind: { user: svc, password: { env: PASSWORD } }
`.replace('clientId: 1', 'clientId: app');

const problems = (text: string): readonly string[] =>
  checkConfiguration('c.yaml', text).errors.map((error) => `${error.code} ${error.message}`);

test('fills in the defaults', () => {
  const { document } = checkConfiguration('c.yaml', good);
  expect(document).toMatchObject({
    objects: ['user', 'group', 'contact'],
    schedule: { delta: '2m', watch: true },
    safety: { deletes: { count: 500, percent: 20 } },
    forests: [{ scope: { organizationalUnits: [] } }],
  });
});

test('names an unknown key with its line and the nearest right one', () => {
  expect(problems(good.replace('servers:', 'server:'))).toEqual([
    'CS1003 c.yaml:9:9: there is no key "forests[0].domains[0].server"; did you mean "servers"?',
  ]);
});

test('names a wrong value with its line', () => {
  expect(problems(good.replace('id: contoso.test', 'id: contoso.test\n  cloud: moon'))).toEqual([
    'CS1004 c.yaml:4:3: tenant.cloud: it cannot be "moon".',
  ]);
});

test('names broken YAML with its line', () => {
  expect(problems('version: 1\ntenant: [')).toEqual([expect.stringMatching(/^CS1002 c\.yaml:2:/)]);
});

test('refuses a secret written into the document', () => {
  expect(problems(good.replace('{ env: SECRET }', 'hunter2'))).toEqual([
    expect.stringMatching(/^CS1004 c\.yaml:4:\d+: tenant\.credential\.clientSecret/),
  ]);
  expect(problems(good.replace('{ env: SECRET }', 'hunter2')).join()).not.toContain('hunter2');
  const [plain] = checkConfiguration('c.yaml', good.replace('{ env: PASSWORD }', 'hunter2')).errors;
  expect(plain?.message).toMatch(/bind\.password: a secret is never written into the document/);
  expect(plain?.remedy).toMatch(/\{ vault: NAME \}.*\{ env: NAME \}.*\{ file: PATH \}/);
});

test.each([
  ['schedule: { delta: 0s }', /^CS1004 c\.yaml:11:13: schedule\.delta: a number above 0/],
  ['log: { retention: 0s }', /^CS1004 c\.yaml:11:8: log\.retention: a number above 0/],
  ['objects: []', /^CS1004 c\.yaml:11:1: objects: at least one kind/],
  ['objects: [user, group, user]', /^CS1004 c\.yaml:11:24: objects\[2\]: "user" is there twice\.$/],
  ['objects: [usr]', /^CS1004 c\.yaml:11:11: objects\[0\]: it cannot be "usr"; did you mean "user"\?$/],
  ['safety: { deletes: of }', /^CS1004 c\.yaml:11:11: safety\.deletes: it cannot be "of"; did you mean "off"\?$/],
  [
    'mappings: { user: { title: { constant: "a\\0b" } } }',
    /^CS1004 c\.yaml:11:30: .*constant: the control character U\+0000/,
  ],
  ['mappings: { user: { "ti\\u001btle": "[title]" } }', /^CS1004 c\.yaml:11:21: .*: the control character U\+001B/],
  [
    'mappings: { user: { __proto__: "[title]" } }',
    /^CS1004 c\.yaml:11:21: mappings\.user\.__proto__: .*no such attribute/,
  ],
  ['__proto__: 1', /^CS1003 c\.yaml:11:1: there is no key "__proto__"/],
  [`x: ${'['.repeat(100_000)}`, /^CS1002 c\.yaml:11:\d+: it is nested too deeply\.$/],
  [`x: ${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`, /^CS1002 c\.yaml:\d+:\d+: it is nested too deeply\.$/],
  ['x: &x [*x]', /^CS1003 c\.yaml:11:1: there is no key "x"/],
])('refuses %.60s in one line, with its place', (text, problem) => {
  expect(problems(`${good}${text}\n`)).toEqual([expect.stringMatching(problem)]);
});

test('refuses settings that contradict one another', () => {
  expect(problems(good.replace('clientId: app', 'clientId: app, certificate: a.pem'))).toEqual([
    expect.stringContaining('either certificate or clientSecret'),
  ]);
  expect(problems(good.replace('bind:', 'ldif: a.ldf #'))).toEqual([expect.stringContaining('exclude one another')]);
});

test('takes another account for passwords by its password or by a keytab, one of the two', () => {
  const by = (account: string, more = '') =>
    problems(
      good.replace(/^( +)bind: .*$/m, `$&\n$1replication: { user: svc@corp.test${account} }`) +
        `passwords: { sync: false${more} }\n`,
    );
  expect(by(', password: { env: PASSWORD }')).toEqual([]);
  expect(by(', keytab: svc.keytab')).toEqual([]);
  for (const neither of ['', ', password: { env: PASSWORD }, keytab: svc.keytab'])
    expect(by(neither)).toEqual([
      expect.stringMatching(/replication: an account signs in by its password or by a keytab/),
    ]);
  expect(by(', keytab: svc.keytab', ', signIn: ntlm')).toEqual([
    expect.stringMatching(/replication\.keytab: NTLM has no use for a keytab/),
  ]);
});

test('refuses passwords for a target that takes none', () => {
  expect(problems(`${good}passwords: { sync: true }\n`)).toEqual([
    'CS1004 c.yaml:11:14: passwords.sync: Microsoft Graph takes no password hashes.',
  ]);
});

test.each([
  ['safety: *nope', /CS1002 c\.yaml:1:1: unresolved alias/i],
  ['schedule: { delta: 99999999999999d }', /CS1004 c\.yaml:11:13: schedule\.delta: .*at most 9999d/],
])('refuses %s in one line', (text, problem) => {
  expect(problems(`${good}${text}\n`)).toEqual([expect.stringMatching(problem)]);
});

test('reads JSON as well', () => {
  const { document } = checkConfiguration('c.yaml', good);
  expect(checkConfiguration('c.json', JSON.stringify(document)).errors).toEqual([]);
});
