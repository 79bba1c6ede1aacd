import { expect, test } from 'vitest';
import { mappedValues, sampleConfiguration, sampleView, takingEverything } from '../../test/rules/sample-views.ts';
import { CloudSyncError } from '../model/index.ts';
import { compileRules, ruleProblems } from './index.ts';

const rulesOf = (more: Readonly<Record<string, unknown>> = {}) =>
  compileRules(sampleConfiguration(more), takingEverything());

test('maps a user as Connect does', () => {
  const amy = sampleView('user', {
    cn: ['Amy'],
    sAMAccountName: ['amy'],
    userAccountControl: ['514'],
    givenName: [' Amy '],
    description: ['first', 'second'],
    info: ['x'.repeat(500)],
    proxyAddresses: ['SMTP:amy@contoso.test', 'smtp:AMY@contoso.test'],
    pwdLastSet: ['132772253564048004'],
    extensionAttribute7: [' seven '],
    mobile: [''],
  });
  const values = mappedValues(rulesOf(), 'user', amy);
  expect(values).toMatchObject({
    displayName: 'Amy',
    givenName: 'Amy',
    accountEnabled: false,
    description: 'first',
    proxyAddresses: ['SMTP:amy@contoso.test'],
    userPrincipalName: 'amy@corp.contoso.test',
    lastPasswordChangeTimestamp: '20210927140916.0Z',
    netBiosName: 'CORP',
    dnsDomainName: 'corp.contoso.test',
    extensionAttribute7: 'seven',
  });
  expect(values['info']).toHaveLength(448);
  expect(values).not.toHaveProperty('countryCode');
});

test('maps what is absent to a clear, and leaves alone what Connect leaves alone', () => {
  const { values } = rulesOf().map('user', [sampleView('user', { cn: ['Amy'], sAMAccountName: ['amy'] })]);
  expect(values['department']).toMatchObject({ value: null, flow: 'always' });
  expect(values).not.toHaveProperty('usageLocation');
  expect(values).not.toHaveProperty('countryCode');
});

test('holds a user without any name to sign in by', () => {
  const { errors } = rulesOf().map('user', [sampleView('user', { cn: ['Amy'] })]);
  expect(errors).toEqual([
    expect.objectContaining({
      code: 'CS3012',
      attribute: 'userPrincipalName',
      object: 'CN=Amy,OU=People,DC=corp,DC=contoso,DC=test',
      message: expect.stringContaining('AccountName is not present'),
    }),
  ]);
});

test('tells a security group from a mail-enabled one', () => {
  const rules = rulesOf();
  expect(mappedValues(rules, 'group', sampleView('group', { cn: ['G'], groupType: ['-2147483646'] }))).toMatchObject({
    securityEnabled: true,
    mailEnabled: false,
  });
  const mailed = sampleView('group', { cn: ['G'], groupType: ['2'], proxyAddresses: ['SMTP:g@x'] });
  expect(mappedValues(rules, 'group', mailed)).toMatchObject({ securityEnabled: false, mailEnabled: true });
});

test('names a device by what it has', () => {
  const rules = rulesOf();
  const named = (attributes: Readonly<Record<string, readonly string[]>>): unknown =>
    mappedValues(rules, 'device', sampleView('device', attributes))['displayName'];
  expect(named({ cn: ['PC1'] })).toBe('PC1');
  expect(named({ cn: ['PC1'], dNSHostName: ['pc1.corp.contoso.test'] })).toBe('pc1.corp.contoso.test');
  expect(named({ cn: ['PC1'], displayName: ['PC1$'] })).toBe('PC1$');
});

test('reads each attribute once, under the directory’s own spelling', () => {
  const { attributes } = rulesOf({
    mappings: { user: { title: '[TITLE]', department: '[CostCenter] & [costcenter]' } },
    scope: { filters: { user: [[{ attribute: 'COSTCENTER', operator: 'IS NOT NULL' }]] } },
  });
  expect(attributes).toContain('title');
  expect(attributes.filter((name) => /^costcenter$/i.test(name))).toEqual(['CostCenter']);
  expect(new Set(attributes.map((name) => name.toLowerCase())).size).toBe(attributes.length);
});

test('reads only what the target takes', () => {
  const support = takingEverything();
  const few = {
    supported: true,
    attributes: new Set(['displayName']),
    references: new Set<string>(),
    reason: () => '',
  } as const;
  const rules = compileRules(sampleConfiguration({ objects: ['user'] }), { ...support, user: few });
  expect(rules.attributes).not.toContain('extensionAttribute1');
  expect(rules.references('user')).toEqual([]);
});

test('refuses what cannot be, all of it at once, naming place and cause', () => {
  const document = sampleConfiguration({
    mappings: {
      user: {
        department: 'Lefd([department],3)',
        title: 'Left([title])',
        company: 'CStr(Now())',
        givenNam: '[givenName]',
        city: '[manager]',
        state: '[departmnet]',
        mobile: { attribute: 'mobile', from: ['nowhere'] },
        pager: { attribute: 'pager', default: 'x', whenEmpty: 'clear' },
        manager: { expression: 'CRef("CN=x")' },
      },
    },
    scope: {
      filters: { group: [[{ attribute: 'mail', operator: 'EQUALS' }]] },
    },
    joins: { user: [{ attribute: 'emploeeID' }] },
    precedence: ['nowhere'],
  });
  const problems = ruleProblems(document, takingEverything()).map(({ code, message }) => `${code} ${message}`);
  expect(problems.toSorted()).toEqual([
    'CS3021 mappings.user.givenNam: the tenant has no such attribute; did you mean "givenName"?',
    'CS3023 joins.user[0]: at 1:1: Active Directory has no attribute "emploeeID"; did you mean "employeeID"?',
    'CS3023 mappings.user.city: [manager] names another object, and such attributes flow as references alone.',
    'CS3023 mappings.user.company: It depends on the clock: the same object would be mapped differently each time, and each cycle would write.',
    'CS3023 mappings.user.department: at 1:1: there is no function "Lefd"; did you mean "Left"?',
    'CS3023 mappings.user.state: at 1:1: Active Directory has no attribute "departmnet"; did you mean "department"?',
    'CS3023 mappings.user.title: at 1:1: Left lacks its argument "length".',
    'CS3026 forests[0].scope.filters.group[0][0]: EQUALS needs a value to compare with.',
    'CS3026 mappings.user.manager: its values are other objects, which no expression makes.',
    'CS3026 mappings.user.mobile.from: there is no forest or connector "nowhere".',
    'CS3026 mappings.user.pager: default is sent once, when the object is made, and whenEmpty would overwrite it with the next cycle.',
    'CS3026 precedence: there is no forest or connector "nowhere".',
  ]);
  expect(() => compileRules(document, takingEverything())).toThrow(CloudSyncError);
});

test('refuses a mapping to what the target cannot write, with the target’s reason', () => {
  const support = takingEverything();
  const few = {
    supported: true,
    attributes: new Set(['displayName']),
    references: new Set<string>(),
    reason: () => 'Graph only reads it',
  } as const;
  const mapped = sampleConfiguration({ mappings: { user: { proxyAddresses: '[proxyAddresses]' } } });
  expect(() => compileRules(mapped, { ...support, user: few })).toThrow(
    'mappings.user.proxyAddresses: Graph only reads it.',
  );
});

test('has another digest exactly when something that decides is different', () => {
  const digest = (more: Readonly<Record<string, unknown>>): string => rulesOf(more).digest;
  const base = digest({});
  expect(digest({ schedule: { delta: '9m' } })).toBe(base);
  expect(digest({ mappings: { user: { department: '[department]' } } })).not.toBe(base);
  expect(digest({ mappings: { user: { department: { attribute: 'department', whenEmpty: 'keep' } } } })).not.toBe(
    digest({ mappings: { user: { department: '[department]' } } }),
  );
  expect(digest({ mappings: { defaults: 'minSync' } })).not.toBe(base);
  expect(digest({ mappings: { user: { manager: null } } })).not.toBe(base);
  expect(digest({ joins: { user: ['mail'] } })).not.toBe(base);
  expect(digest({ precedence: ['fabrikam'] })).not.toBe(base);
  expect(digest({ scope: { groups: ['CN=G,DC=corp,DC=contoso,DC=test'] } })).not.toBe(base);
});
