import { describe, expect, test } from 'vitest';
import { fabrikam, guidOf, sampleConfiguration, sampleView, takingEverything } from '../../test/rules/sample-views.ts';
import { objectGuidToBytes } from '../model/index.ts';
import { compileRules } from './index.ts';

const rulesOf = (more: Readonly<Record<string, unknown>> = {}) =>
  compileRules(sampleConfiguration(more), takingEverything());
const amy = { cn: ['Amy'], sAMAccountName: ['amy'] };

describe('the anchor', () => {
  const { anchor } = rulesOf();

  test('is mS-DS-ConsistencyGuid where it is set, else objectGUID', () => {
    expect(anchor(sampleView('user', amy, { n: 5 }))).toEqual({
      anchor: Buffer.from(objectGuidToBytes(guidOf(5))).toString('base64'),
      from: 'objectGUID',
    });
    expect(anchor(sampleView('user', { ...amy, 'mS-DS-ConsistencyGuid': [objectGuidToBytes(guidOf(9))] }))).toEqual({
      anchor: Buffer.from(objectGuidToBytes(guidOf(9))).toString('base64'),
      from: 'mS-DS-ConsistencyGuid',
    });
  });

  test('is none where mS-DS-ConsistencyGuid is not one', () => {
    expect(anchor(sampleView('user', { ...amy, 'mS-DS-ConsistencyGuid': [Uint8Array.of(1, 2)] }))).toMatchObject({
      anchor: undefined,
      reason: { code: 'invalidAnchor', attribute: 'mS-DS-ConsistencyGuid' },
    });
  });
});

describe('matching', () => {
  const keysOf = (
    kind: 'user' | 'group' | 'contact',
    attributes: Readonly<Record<string, readonly string[]>>,
    more = {},
  ) => {
    const rules = rulesOf(more);
    const view = sampleView(kind, { cn: ['x'], sAMAccountName: ['x'], ...attributes });
    const { anchor } = rules.anchor(view);
    if (anchor === undefined) throw new Error('no anchor');
    const { anchor: _, ...keys } = rules.matchKeys(kind, anchor, rules.map(kind, [view]));
    return keys;
  };

  test('is by name and primary address for users', () => {
    expect(
      keysOf('user', {
        userPrincipalName: ['amy@x.test'],
        proxyAddresses: ['smtp:a@x.test', 'SMTP:Amy@x.test'],
        mail: ['m@x.test'],
      }),
    ).toEqual({ userPrincipalName: 'amy@x.test', primarySmtp: 'Amy@x.test' });
    expect(keysOf('user', { mail: ['m@x.test'] })).toEqual({
      userPrincipalName: 'x@corp.contoso.test',
      primarySmtp: 'm@x.test',
    });
    expect(keysOf('user', { proxyAddresses: ['SMTP:only@x.test'] }).primarySmtp).toBe('only@x.test');
  });

  test('is never by name for groups, and only by address where they have mail', () => {
    expect(keysOf('group', { groupType: ['-2147483646'] })).toEqual({
      userPrincipalName: undefined,
      primarySmtp: undefined,
    });
    expect(keysOf('group', { groupType: ['-2147483646'], mail: ['g@x.test'] }).primarySmtp).toBe('g@x.test');
    expect(keysOf('contact', { proxyAddresses: ['SMTP:c@x.test'] }).primarySmtp).toBe('c@x.test');
  });

  test('works for what the target does not write', () => {
    const few = {
      supported: true,
      attributes: new Set(['displayName']),
      references: new Set<string>(),
      reason: () => '',
    } as const;
    const rules = compileRules(sampleConfiguration(), { ...takingEverything(), user: few });
    const view = sampleView('user', { ...amy, proxyAddresses: ['SMTP:amy@x.test'] });
    const { anchor } = rules.anchor(view);
    if (anchor === undefined) throw new Error('no anchor');
    const mapped = rules.map('user', [view]);
    expect(Object.keys(mapped.values)).toEqual(['displayName']);
    expect(rules.matchKeys('user', anchor, mapped).primarySmtp).toBe('amy@x.test');
  });
});

describe('joining', () => {
  const sid = Buffer.from('AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA9AEAAA==', 'base64');

  test('is by nothing but the anchor unless the configuration says so', () => {
    expect(rulesOf().joinKeys(sampleView('user', { ...amy, mail: ['a@x'], objectSid: [sid] }))).toEqual([]);
  });

  test('finds a mailbox’s account by its SID', () => {
    const { joinKeys } = rulesOf({ joins: { user: ['sid'] } });
    const account = joinKeys(sampleView('user', { ...amy, objectSid: [sid] }));
    const mailbox = joinKeys(
      sampleView(
        'user',
        { ...amy, objectSid: ['S-1-5-21-9-9-9-1104'], msExchMasterAccountSid: [sid] },
        { connector: fabrikam },
      ),
    );
    expect(account).toEqual(['sid:S-1-5-21-1-2-3-500']);
    expect(mailbox).toEqual(['sid:S-1-5-21-9-9-9-1104', 'sid:S-1-5-21-1-2-3-500']);
  });

  test('does not take SELF for an account', () => {
    const { joinKeys } = rulesOf({ joins: { user: ['sid'] } });
    expect(joinKeys(sampleView('user', { ...amy, msExchMasterAccountSid: ['S-1-5-10'] }))).toEqual([]);
  });

  test('is by mail, an attribute or an expression, in any case', () => {
    const { joinKeys, attributes } = rulesOf({
      joins: { user: ['mail', { attribute: 'employeeID' }, { expression: 'Word([mail], 1, "@")' }] },
    });
    expect(joinKeys(sampleView('user', { ...amy, mail: ['Amy@X.test'], employeeID: ['E7'] }))).toEqual([
      'mail:amy@x.test',
      'joins.user[1]:e7',
      'joins.user[2]:amy',
    ]);
    expect(attributes).toContain('employeeID');
    expect(joinKeys(sampleView('user', amy))).toEqual([]);
  });

  test('does not join what fails alike', () => {
    const { joinKeys } = rulesOf({ joins: { user: [{ expression: 'BitAnd([employeeID], 1)' }] } });
    expect(joinKeys(sampleView('user', { ...amy, employeeID: ['x'] }))).toEqual([]);
  });
});

describe('directory extensions', () => {
  const owner = '11111111-2222-3333-4444-555555555555';
  const name = (attribute: string): string => `extension_11111111222233334444555555555555_${attribute}`;
  const extended = (
    user: readonly unknown[],
    attributes: Readonly<Record<string, readonly (string | Uint8Array)[]>>,
  ) => {
    const document = sampleConfiguration({ directoryExtensions: { applicationId: owner, user } });
    const names = [
      'msDS_cloudExtensionAttribute1',
      'division',
      'hired',
      'accountExpires',
      'logonCount',
      'msExchHideFromAddressLists',
      'whenCreated',
      'thumbnailPhoto',
      'otherMobile',
      'costCenter',
    ];
    const rules = compileRules(document, takingEverything(names.map(name)));
    return rules.map('user', [sampleView('user', { ...amy, ...attributes })]).values;
  };

  test('carry any attribute, under the application’s name', () => {
    const values = extended(
      ['msDS-cloudExtensionAttribute1', { attribute: 'costCenter' }, { attribute: 'employeeType', name: 'division' }],
      {
        'msDS-cloudExtensionAttribute1': ['one'],
        costCenter: ['x'.repeat(300)],
        employeeType: ['E'],
      },
    );
    expect(values[name('msDS_cloudExtensionAttribute1')]?.value).toBe('one');
    expect(values[name('costCenter')]?.value).toHaveLength(250);
    expect(values[name('division')]?.value).toBe('E');
    expect(values[name('division')]?.lineage).toMatchObject({ mapping: '[employeeType]', origin: 'configuration' });
  });

  test('have the type AD’s schema gives them', () => {
    const values = extended(
      ['accountExpires', 'logonCount', 'msExchHideFromAddressLists', 'whenCreated', 'thumbnailPhoto', 'otherMobile'],
      {
        accountExpires: ['9223372036854775807'],
        logonCount: ['12'],
        msExchHideFromAddressLists: ['TRUE'],
        whenCreated: ['20200102030405.0Z'],
        thumbnailPhoto: [Uint8Array.of(1, 2)],
        otherMobile: ['1', '2'],
      },
    );
    expect(
      Object.fromEntries(
        Object.entries(values)
          .filter(([key]) => key.startsWith('extension_'))
          .map(([key, { value }]) => [key.slice(43), value]),
      ),
    ).toEqual({
      accountExpires: '9223372036854775807',
      logonCount: 12,
      msExchHideFromAddressLists: true,
      whenCreated: '2020-01-02T03:04:05Z',
      thumbnailPhoto: Uint8Array.of(1, 2),
      otherMobile: ['1', '2'],
    });
  });

  test('are refused where the target has none', () => {
    const document = sampleConfiguration({ directoryExtensions: { applicationId: owner, user: ['division'] } });
    expect(() => compileRules(document, takingEverything())).toThrow(`there is no ${name('division')}`);
  });
});
