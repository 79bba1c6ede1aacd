import { describe, expect, test } from 'vitest';
import { contoso, fabrikam, sampleConfiguration, sampleView, takingEverything } from '../../test/rules/sample-views.ts';
import type { Dn, objectKinds } from '../model/index.ts';
import { clauseOperators, compileRules, type ScopeRoots } from './index.ts';

const base = 'DC=corp,DC=contoso,DC=test';
const asConfigured: ScopeRoots = { current: new Map() };
const amy = { cn: ['Amy'], sAMAccountName: ['amy'] };

function decided(
  scope: unknown,
  {
    dn = `CN=Amy,OU=People,${base}`,
    attributes = {},
    groups = [],
    roots = asConfigured,
  }: {
    dn?: string;
    attributes?: Readonly<Record<string, readonly string[]>>;
    groups?: readonly string[];
    roots?: ScopeRoots;
  } = {},
) {
  const rules = compileRules(sampleConfiguration({ scope }), takingEverything());
  return rules.scope(sampleView('user', { ...amy, ...attributes }, { dn, scopingGroups: groups }), roots);
}
const isIn = (...args: Parameters<typeof decided>): boolean | undefined => decided(...args).in;

describe('organizational units', () => {
  test('take everything below them, at any depth and in any spelling', () => {
    const scope = { organizationalUnits: [`ou=people, ${base.toLowerCase()}`] };
    expect(decided(scope)).toMatchObject({ in: true, reason: { code: 'inScope' } });
    expect(isIn(scope, { dn: `CN=Amy,OU=A,OU=B,OU=People,${base}` })).toBe(true);
    expect(decided(scope, { dn: `CN=Amy,OU=Peoples,${base}` })).toMatchObject({
      in: false,
      reason: { code: 'organizationalUnit' },
    });
    expect(isIn(scope, { dn: `CN=x\\,OU=People,${base}` })).toBe(false);
  });

  test('may be excluded, and included again below; the nearest decides', () => {
    const scope = {
      organizationalUnits: [`OU=People,${base}`, `OU=Keep,OU=Temp,OU=People,${base}`],
      excludeOrganizationalUnits: [`OU=Temp,OU=People,${base}`],
    };
    expect(decided(scope, { dn: `CN=Amy,OU=Temp,OU=People,${base}` })).toMatchObject({
      in: false,
      reason: { code: 'excludedOrganizationalUnit' },
    });
    expect(isIn(scope, { dn: `CN=Amy,OU=Keep,OU=Temp,OU=People,${base}` })).toBe(true);
    const people = [`OU=People,${base}`];
    expect(isIn({ organizationalUnits: people, excludeOrganizationalUnits: people })).toBe(false);
  });

  test('are followed when they are renamed', () => {
    const scope = { organizationalUnits: [`OU=People,${base}`] };
    const roots = { current: new Map([[`OU=People,${base}`, `OU=Staff,${base}` as Dn]]) };
    expect(isIn(scope, { dn: `CN=Amy,OU=Staff,${base}`, roots })).toBe(true);
    expect(isIn(scope, { dn: `CN=Amy,OU=People,${base}`, roots })).toBe(false);
  });

  test('may be any number', () => {
    const organizationalUnits = Array.from({ length: 2000 }, (_, i) => `OU=U${i},${base}`);
    expect(isIn({ organizationalUnits }, { dn: `CN=Amy,OU=U1999,${base}` })).toBe(true);
    const out = decided({ organizationalUnits });
    expect(out.reason.text.length).toBeLessThan(300);
  });
});

describe('groups', () => {
  const scope = { groups: [`CN=Pilot,OU=Groups,${base}`] };

  test('take their members and themselves', () => {
    expect(isIn(scope, { groups: [`CN=Pilot,OU=Groups,${base}`] })).toBe(true);
    expect(isIn(scope, { dn: `cn=pilot,ou=groups,${base}` })).toBe(true);
    expect(decided(scope)).toMatchObject({ in: false, reason: { code: 'group' } });
  });

  test('and units must both hold', () => {
    const both = { ...scope, organizationalUnits: [`OU=Staff,${base}`] };
    expect(isIn(both, { groups: [`CN=Pilot,OU=Groups,${base}`] })).toBe(false);
  });
});

describe('filters', () => {
  const filtered = (user: unknown, attributes: Readonly<Record<string, readonly string[]>> = {}) =>
    decided({ filters: { user } }, { attributes });

  test('are expressions', () => {
    expect(filtered('Not([department] = "Temp")', { department: ['Sales'] }).in).toBe(true);
    expect(filtered('Not([department] = "Temp")', { department: ['Temp'] })).toEqual({
      in: false,
      reason: { code: 'filter', text: 'The filter does not hold: Not([department] = "Temp")' },
    });
    expect(filtered({ expression: 'Len([department]) > 3', dialect: 'connect' }, { department: ['Temp'] }).in).toBe(
      true,
    );
  });

  test('hold for an attribute of several values as soon as one does', () => {
    const several = { proxyAddresses: ['smtp:a@x.test', 'smtp:a@y.test'] };
    expect(filtered('InStr([proxyAddresses], "@y.test") > 0', several).in).toBe(true);
    expect(filtered('Not(InStr([proxyAddresses], "@y.test") > 0)', several).in).toBe(false);
  });

  test('leave an object as it is where they fail on it', () => {
    expect(filtered('BitAnd([department], 1) = 1', { department: ['Sales'] })).toMatchObject({
      in: undefined,
      reason: { code: 'filterFailed' },
      error: { code: 'CS3011', object: `CN=Amy,OU=People,${base}` },
    });
    expect(filtered('[department]', { department: ['Sales'] })).toMatchObject({
      in: undefined,
      error: { code: 'CS3027' },
    });
  });

  test('count for their kind and forest alone', () => {
    const rules = compileRules(sampleConfiguration({ scope: { filters: { user: 'False' } } }), takingEverything());
    const group = sampleView('group', { cn: ['G'], groupType: ['-2147483646'] });
    expect(rules.scope(group, asConfigured).in).toBe(true);
    expect(rules.scope(sampleView('user', amy, { connector: fabrikam }), asConfigured).in).toBe(true);
    expect(rules.scope(sampleView('user', amy, { connector: contoso }), asConfigured).in).toBe(false);
  });

  const clauses: readonly (readonly [
    operator: string,
    value: string | number | undefined,
    holds: string,
    not: string,
    absent: boolean,
  ])[] = [
    ['EQUALS', 'Sales', 'Sales', 'sales', false],
    ['NOT EQUALS', 'Sales', 'sales', 'Sales', false],
    ['REGEX MATCH', '^S.l', 'Sales', 'Tales', false],
    ['NOT REGEX MATCH', '^S.l', 'Tales', 'Sales', false],
    ['IS TRUE', undefined, 'TRUE', 'FALSE', false],
    ['IS FALSE', undefined, 'FALSE', 'TRUE', false],
    ['IS NOT NULL', undefined, 'x', '', false],
    ['PRESENT', undefined, 'x', '', false],
    ['GREATER_THAN', 5, '6', '5', false],
    ['GREATER_THAN_OR_EQUALS', 5, '5', '4', false],
    ['INCLUDES', 'al', 'Sales', 'Other', false],
    ['ENDS_WITH', 'es', 'Sales', 'Salesman', false],
    ['&', 2, '514', '512', false],
    ['!&', 2, '512', '514', false],
    ['!&L', 2, '512', '514', false],
    ['EQUAL', 'Sales', 'Sales', 'sales', false],
    ['NOTEQUAL', 'Sales', 'Other', 'Sales', true],
    ['LESSTHAN', 5, '4', '5', false],
    ['LESSTHAN_OR_EQUAL', 5, '5', '6', false],
    ['GREATERTHAN_OR_EQUAL', 5, '5', '4', false],
    ['CONTAINS', 'al', 'Sales', 'Other', false],
    ['NOTCONTAINS', 'al', 'Other', 'Sales', true],
    ['STARTSWITH', 'Sa', 'Sales', 'xSales', false],
    ['NOTSTARTSWITH', 'Sa', 'xSales', 'Sales', true],
    ['NOTENDSWITH', 'es', 'Salesman', 'Sales', true],
    ['ISIN', 'Sales; Other', 'Other', 'sales', false],
    ['ISNOTIN', 'Sales; Other', 'sales', 'Other', true],
    ['ISBITSET', '&H80000000', '-2147483646', '2', false],
    ['ISBITNOTSET', '0x2', '512', '514', true],
    ['greater than', 5, '6', '5', false],
    ['IsNotNull', undefined, 'x', '', false],
  ];

  test.for(clauses)('clause %s %s', ([operator, value, good, bad, absent]) => {
    const clause = { attribute: 'department', operator, ...(value === undefined ? {} : { value }) };
    expect(filtered([[clause]], { department: [good] }).in).toBe(true);
    if (bad !== '') expect(filtered([[clause]], { department: [bad] }).in).toBe(false);
    expect(filtered([[clause]]).in).toBe(absent);
  });

  test('every clause operator is tried', () => {
    const tried = new Set([...clauses.map(([operator]) => operator), 'IS NULL']);
    expect(clauseOperators.filter((operator) => !tried.has(operator))).toEqual([]);
  });

  test('clauses of a group all hold, or those of another group do', () => {
    const filter = [
      [
        { attribute: 'department', operator: 'EQUALS', value: 'Sales' },
        { attribute: 'title', operator: 'IS NULL' },
      ],
      [{ attribute: 'company', operator: 'EQUALS', value: 'X' }],
    ];
    expect(filtered(filter, { department: ['Sales'] }).in).toBe(true);
    expect(filtered(filter, { department: ['Sales'], title: ['x'] }).in).toBe(false);
    expect(filtered(filter, { company: ['X'], title: ['x'] }).in).toBe(true);
    expect(filtered(filter).reason.text).toBe(
      'The filter does not hold: (department EQUALS "Sales" AND title IS NULL) OR (company EQUALS "X")',
    );
  });

  test('refuse clauses that cannot be', () => {
    const refused = (clause: Readonly<Record<string, unknown>>) => () =>
      filtered([[{ attribute: 'department', ...clause }]]);
    expect(refused({ operator: 'EQUELS', value: 'x' })).toThrow('perhaps "EQUALS" is meant');
    expect(refused({ operator: 'IS_MEMBER_OF', value: 'x' })).toThrow('compares no attribute');
    expect(refused({ operator: 'VALID CERT MATCH' })).toThrow('nowhere documented');
    expect(refused({ operator: 'IS NULL', value: 'x' })).toThrow('compares with no value');
    expect(refused({ operator: 'GREATER_THAN', value: 'many' })).toThrow('"many" is none');
    expect(refused({ operator: 'REGEX MATCH', value: '(?=x)' })).toThrow('look-around');
    expect(refused({ attribute: 'departmnet', operator: 'IS NULL' })).toThrow('did you mean "department"?');
  });
});

describe('exclusions', () => {
  const reasonOf = (
    kind: (typeof objectKinds)[number],
    attributes: Readonly<Record<string, readonly string[]>>,
    dn?: string,
    joins = {},
  ) => {
    const rules = compileRules(sampleConfiguration({ joins }), takingEverything());
    const { in: taken, reason } = rules.scope(
      sampleView(kind, attributes, dn === undefined ? {} : { dn }),
      asConfigured,
    );
    return taken ? 'in' : reason.code;
  };
  const group = { cn: ['G'], groupType: ['-2147483646'] };
  const contact = { cn: ['C'], mail: ['c@x.test'] };

  test.for([
    ['user', { ...amy, isCriticalSystemObject: ['TRUE'] }, 'criticalSystemObject'],
    ['user', { cn: ['x'] }, 'noSamAccountName'],
    ['user', { ...amy, adminDescription: ['user_123'] }, 'writtenBack'],
    ['user', { cn: ['x'], sAMAccountName: ['MSOL_123'] }, 'serviceAccount'],
    ['user', { cn: ['x'], sAMAccountName: ['AAD_123'] }, 'serviceAccount'],
    ['user', { cn: ['x'], sAMAccountName: ['SUPPORT_388945a0'] }, 'serviceAccount'],
    ['user', { cn: ['x'], sAMAccountName: ['CAS_{1}'] }, 'serviceAccount'],
    ['user', { ...amy, mailNickname: ['SystemMailbox{1}'] }, 'systemMailbox'],
    ['user', { ...amy, msExchRecipientTypeDetails: ['4096'] }, 'systemMailbox'],
    ['user', { ...amy, msExchRecipientTypeDetails: ['2'] }, 'linkedMailbox'],
    ['user', { ...amy, msExchRecipientTypeDetails: ['1'] }, 'in'],
    ['group', group, 'in'],
    ['group', { cn: ['G'], groupType: ['2'] }, 'notSecurityNorMailEnabled'],
    ['group', { cn: ['G'], groupType: ['2'], mail: ['g@x'] }, 'in'],
    ['group', { ...group, adminDescription: ['Group_1'] }, 'writtenBack'],
    ['group', { ...group, msExchRecipientTypeDetails: ['1073741824'] }, 'roleGroup'],
    ['group', { ...group, sAMAccountName: ['MSOL_AD_Sync_RichCoexistence'] }, 'serviceAccount'],
    ['contact', contact, 'in'],
    ['contact', { cn: ['C'] }, 'notMailEnabled'],
    ['contact', { ...contact, displayName: ['x (MSOL)'], msExchHideFromAddressLists: ['TRUE'] }, 'writtenBack'],
    ['contact', { ...contact, mailNickname: ['CAS_{1}'] }, 'systemMailbox'],
    ['device', { cn: ['PC'] }, 'noCertificate'],
    ['device', { cn: ['PC'], userCertificate: ['x'] }, 'in'],
  ] as const)('%s %j: %s', ([kind, attributes, code]) => {
    expect(reasonOf(kind, attributes)).toBe(code);
  });

  test('leave out the victims of a replication conflict', () => {
    expect(reasonOf('user', amy, `CN=Amy\\0ACNF:28eb3e09-2cfc-458a-ad2c-aa275bdc791a,${base}`)).toBe(
      'replicationVictim',
    );
  });

  test('let a linked mailbox in where it can be joined to its account', () => {
    const mailbox = { ...amy, msExchRecipientTypeDetails: ['2'] };
    expect(reasonOf('user', mailbox, undefined, { user: ['sid'] })).toBe('in');
    const rules = compileRules(sampleConfiguration({ joins: { user: ['sid'] } }), takingEverything());
    expect(rules.anchor(sampleView('user', mailbox))).toMatchObject({
      anchor: undefined,
      reason: { code: 'linkedMailbox' },
    });
  });
});
