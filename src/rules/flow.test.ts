import { describe, expect, test } from 'vitest';
import {
  contoso,
  fabrikam,
  guidOf,
  sampleConfiguration,
  sampleView,
  takingEverything,
} from '../../test/rules/sample-views.ts';
import type { SourceAttributes } from '../model/index.ts';
import { compileRules, type Rules } from './index.ts';

const rulesOf = (mapping: unknown, more: Readonly<Record<string, unknown>> = {}): Rules =>
  compileRules(sampleConfiguration({ mappings: { user: { department: mapping } }, ...more }), takingEverything());

const amy = { cn: ['Amy'], sAMAccountName: ['amy'] };
const user = (attributes: SourceAttributes, n = 1, connector = contoso) =>
  sampleView('user', { ...amy, ...attributes }, { n, connector });

const department = (rules: Rules, ...sources: readonly ReturnType<typeof user>[]) =>
  rules.map('user', sources).values['department'];

describe('one object', () => {
  test('flows an attribute, a constant or an expression', () => {
    const sales = user({ department: [' Sales '] });
    expect(department(rulesOf({ attribute: 'department' }), sales)?.value).toBe(' Sales ');
    expect(department(rulesOf({ constant: 'a "b" \\c' }), sales)?.value).toBe('a "b" \\c');
    expect(department(rulesOf({ constant: 7 }), sales)?.value).toBe(7);
    expect(department(rulesOf({ constant: false }), sales)?.value).toBe(false);
    expect(department(rulesOf('ToUpper(Trim([department]))'), sales)?.value).toBe('SALES');
    expect(department(rulesOf({ expression: 'UCase([department])', dialect: 'connect' }), sales)?.value).toBe(
      ' SALES ',
    );
  });

  test('takes an attribute out of the flow', () => {
    expect(department(rulesOf(null), user({ department: ['Sales'] }))).toBeUndefined();
  });

  test('sends an attribute once where the mapping says so', () => {
    expect(
      department(rulesOf({ attribute: 'department', flow: 'create' }), user({ department: ['Sales'] }))?.flow,
    ).toBe('create');
  });

  test('clears, keeps, or sets a value where there is nothing', () => {
    expect(department(rulesOf({ attribute: 'department' }), user({}))).toMatchObject({ value: null, flow: 'always' });
    expect(department(rulesOf({ attribute: 'department', whenEmpty: 'keep' }), user({}))).toBeUndefined();
    expect(department(rulesOf({ attribute: 'department', whenEmpty: { value: 'none' } }), user({}))).toMatchObject({
      value: 'none',
      flow: 'always',
    });
    expect(department(rulesOf('""'), user({}))).toMatchObject({ value: null, flow: 'always' });
  });

  test('sends a default once and leaves what comes of it alone', () => {
    expect(department(rulesOf({ attribute: 'department', default: 'new' }), user({}))).toMatchObject({
      value: 'new',
      flow: 'create',
    });
    expect(
      department(rulesOf({ attribute: 'department', default: 'new' }), user({ department: ['Sales'] })),
    ).toMatchObject({
      value: 'Sales',
      flow: 'always',
    });
  });

  test('leaves the target alone where the expression ignores the flow', () => {
    expect(department(rulesOf('IgnoreFlowIfNullOrEmpty([department])'), user({}))).toBeUndefined();
    expect(
      department(rulesOf({ expression: 'IgnoreFlowIfNullOrEmpty([department])', default: 'x' }), user({})),
    ).toBeUndefined();
  });

  test('holds the object with expression, values and reason where the mapping fails', () => {
    const { values, errors } = rulesOf('BitAnd([department], 1)').map('user', [user({ department: ['Sales'] })]);
    expect(values['department']).toBeUndefined();
    expect(values['displayName']?.value).toBe('Amy');
    expect(errors).toEqual([
      expect.objectContaining({
        attribute: 'department',
        object: 'CN=Amy,OU=People,DC=corp,DC=contoso,DC=test',
        message: '"Sales" is not a number. In BitAnd([department], 1) at 1:1, with [department] = "Sales".',
      }),
    ]);
  });

  test('knows which attributes are not to be shown', () => {
    expect([...rulesOf('Redact([department])').redacted.user]).toEqual(['department']);
    expect([...rulesOf('[department]').redacted.user]).toEqual([]);
  });

  test('tells where a value comes from', () => {
    const { values } = rulesOf('Trim([department])').map('user', [user({ department: ['Sales'] }, 7)]);
    expect(values['department']?.lineage).toEqual({
      connector: contoso,
      guid: guidOf(7),
      mapping: 'Trim([department])',
      origin: 'configuration',
    });
    expect(values['givenName']?.lineage).toMatchObject({ mapping: 'Trim([givenName])', origin: 'default' });
  });
});

describe('an identity of several objects', () => {
  const first = user({ department: ['Sales'], proxyAddresses: ['SMTP:amy@a.test', 'smtp:x@a.test'] }, 1, contoso);
  const second = user(
    { department: ['Ventes'], title: ['Chef'], proxyAddresses: ['smtp:AMY@a.test', 'smtp:y@b.test'] },
    2,
    fabrikam,
  );

  test('takes the first value, attribute by attribute, whatever order the objects come in', () => {
    const rules = rulesOf('[department]');
    for (const sources of [
      [first, second],
      [second, first],
    ]) {
      const { values } = rules.map('user', sources);
      expect(values['department']).toMatchObject({ value: 'Sales', lineage: { connector: contoso } });
      expect(values['title']).toMatchObject({ value: 'Chef', lineage: { connector: fabrikam } });
    }
  });

  test('lets the configuration say whose values win', () => {
    const rules = rulesOf('[department]', { precedence: ['fabrikam'] });
    expect(department(rules, first, second)?.value).toBe('Ventes');
  });

  test('lets one attribute come from elsewhere', () => {
    expect(department(rulesOf({ attribute: 'department', from: ['fabrikam'] }), first, second)?.value).toBe('Ventes');
    expect(
      department(rulesOf({ attribute: 'department', from: ['fabrikam/fabrikam.test', 'contoso'] }), first, second)
        ?.value,
    ).toBe('Ventes');
    expect(department(rulesOf({ attribute: 'department', from: ['fabrikam'] }), first)).toBeUndefined();
  });

  test('merges all values, each once', () => {
    const merged = (merge: string) =>
      compileRules(
        sampleConfiguration({ mappings: { user: { proxyAddresses: { attribute: 'proxyAddresses', merge } } } }),
        takingEverything(),
      ).map('user', [first, second]).values['proxyAddresses'];
    expect(merged('all')?.value).toEqual(['SMTP:amy@a.test', 'smtp:x@a.test', 'smtp:AMY@a.test', 'smtp:y@b.test']);
    expect(merged('allIgnoringCase')?.value).toEqual(['SMTP:amy@a.test', 'smtp:x@a.test', 'smtp:y@b.test']);
    expect(merged('allIgnoringCase')?.lineage).toMatchObject({
      connector: contoso,
      merged: [{ connector: fabrikam, guid: guidOf(2) }],
    });
    expect(merged('first')?.value).toEqual(['SMTP:amy@a.test', 'smtp:x@a.test']);
  });

  test('asks the next object where one gives nothing or ignores the flow, and no other after AuthoritativeNull', () => {
    const empty = user({}, 1, contoso);
    expect(department(rulesOf('[department]'), empty, second)?.value).toBe('Ventes');
    expect(department(rulesOf('IgnoreFlowIfNullOrEmpty([department])'), empty, second)?.value).toBe('Ventes');
    expect(
      department(rulesOf('IIF(IsPresent([department]), [department], AuthoritativeNull)'), empty, second)?.value,
    ).toBeNull();
  });

  test('takes the account from the object whose account is enabled', () => {
    const mailbox = user(
      {
        sAMAccountName: ['amy.mbx'],
        userAccountControl: ['514'],
        msExchRecipientTypeDetails: ['2'],
        department: ['Mail'],
      },
      2,
      fabrikam,
    );
    const account = user({ sAMAccountName: ['amy'], userAccountControl: ['512'] }, 1, contoso);
    const rules = rulesOf('[department]', { precedence: ['fabrikam'], joins: { user: ['sid'] } });
    const { values } = rules.map('user', [mailbox, account]);
    expect(values['accountEnabled']?.value).toBe(true);
    expect(values['onPremisesSamAccountName']?.value).toBe('amy');
    expect(values['department']?.value).toBe('Mail');
    expect(rules.inOrder([mailbox, account]).map(({ connector }) => connector)).toEqual([contoso, fabrikam]);
  });
});

describe('defaults', () => {
  const names = (defaults: string): readonly string[] =>
    Object.keys(
      compileRules(sampleConfiguration({ mappings: { defaults } }), takingEverything()).map('user', [
        user({ msExchUsageLocation: ['DE'] }),
      ]).values,
    ).sort();

  test('shrink to MinSync in one line', () => {
    expect(names('minSync')).toEqual([
      'accountEnabled',
      'alias',
      'commonName',
      'displayName',
      'employeeId',
      'givenName',
      'lastPasswordChangeTimestamp',
      'mail',
      'onPremiseSecurityIdentifier',
      'proxyAddresses',
      'surname',
      'usageLocation',
      'userPrincipalName',
    ]);
    const { references } = compileRules(sampleConfiguration({ mappings: { defaults: 'minSync' } }), takingEverything());
    expect(references('user')).toEqual([]);
    expect(references('group').map(({ target }) => target)).toEqual(['member', 'managedBy']);
  });

  test('can be left out altogether, and people are still found', () => {
    const rules = compileRules(
      sampleConfiguration({ mappings: { defaults: 'none', user: { title: '[title]' } } }),
      takingEverything(),
    );
    const mapped = rules.map('user', [user({ proxyAddresses: ['SMTP:amy@a.test'] })]);
    expect(Object.keys(mapped.values)).toEqual(['title']);
    expect(Object.keys(mapped.unwritten).sort()).toEqual(['mail', 'proxyAddresses', 'userPrincipalName']);
  });

  test('references can be taken out or come from another attribute', () => {
    const references = (manager: unknown) =>
      compileRules(sampleConfiguration({ mappings: { user: { manager } } }), takingEverything()).references('user');
    expect(references(null).map(({ target }) => target)).not.toContain('manager');
    expect(references({ attribute: 'secretary' })).toContainEqual({
      target: 'manager',
      source: 'secretary',
      single: true,
    });
  });
});
