import { expect, test } from 'vitest';
import { checkConfiguration } from '../config/index.ts';
import {
  type ConnectorName,
  type Dn,
  type ObjectKind,
  objectKinds,
  parseObjectGuid,
  type SourceAttributes,
} from '../model/index.ts';
import { defaultMappings, defaultReferences } from './default-mappings.ts';
import { compileRules, type Rules, type SourceView, type TargetSupport } from './index.ts';

const document = (extra: object = {}) => {
  const checked = checkConfiguration(
    'c.json',
    JSON.stringify({
      version: 1,
      tenant: { id: 'contoso.test', cloud: 'sandbox' },
      forests: [{ name: 'contoso', domains: [{ name: 'corp.contoso.test', ldif: 'a.ldf' }] }],
      objects: ['user', 'group', 'contact', 'device'],
      ...extra,
    }),
  );
  if (checked.document === undefined) throw checked.errors[0];
  return checked.document;
};

/** A target that takes everything there is a default mapping for. */
const everything = Object.fromEntries(
  objectKinds.map((kind) => [
    kind,
    {
      supported: true,
      attributes: new Set(Object.keys(defaultMappings[kind])),
      references: new Set(defaultReferences[kind].map(({ target }) => target)),
      reason: () => 'it is not there',
    },
  ]),
) as unknown as TargetSupport;

const guid = parseObjectGuid('28eb3e09-2cfc-458a-ad2c-aa275bdc791a');

function view(kind: ObjectKind, attributes: SourceAttributes): SourceView {
  if (guid === undefined) throw new Error('no guid');
  const dn = `CN=${attributes['cn']?.[0] ?? 'x'},OU=People,DC=corp,DC=contoso,DC=test` as Dn;
  return {
    connector: 'contoso/corp.contoso.test' as ConnectorName,
    domain: { fqdn: 'corp.contoso.test', netbios: 'CORP', forest: 'contoso' },
    guid,
    kind,
    dn,
    attributes: { distinguishedName: [dn], ...attributes },
    scopingGroups: [],
  };
}

const valuesOf = (rules: Rules, kind: ObjectKind, attributes: SourceAttributes): Readonly<Record<string, unknown>> => {
  const { values, errors } = rules.map(kind, [view(kind, attributes)]);
  expect(errors).toEqual([]);
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
  );
};

test('maps a user as Connect does', () => {
  const rules = compileRules(document(), everything);
  expect(
    valuesOf(rules, 'user', {
      cn: ['Amy'],
      sAMAccountName: ['amy'],
      userAccountControl: ['514'],
      givenName: [' Amy '],
      description: ['first', 'second'],
      proxyAddresses: ['SMTP:amy@contoso.test', 'smtp:AMY@contoso.test'],
      pwdLastSet: ['132772253564048004'],
    }),
  ).toMatchObject({
    displayName: 'Amy',
    givenName: 'Amy',
    accountEnabled: false,
    description: 'first',
    proxyAddresses: ['SMTP:amy@contoso.test'],
    userPrincipalName: 'amy@corp.contoso.test',
    lastPasswordChangeTimestamp: '20210927140916.0Z',
    netBiosName: 'CORP',
    dnsDomainName: 'corp.contoso.test',
  });
});

test('tells a security group from a mail-enabled one', () => {
  const rules = compileRules(document(), everything);
  expect(valuesOf(rules, 'group', { cn: ['G'], groupType: ['-2147483646'] })).toMatchObject({
    securityEnabled: true,
    mailEnabled: false,
  });
  expect(valuesOf(rules, 'group', { cn: ['G'], groupType: ['2'], proxyAddresses: ['SMTP:g@x'] })).toMatchObject({
    securityEnabled: false,
    mailEnabled: true,
  });
});

test('refuses a mapping that cannot be, naming place and cause', () => {
  const mapped = (text: string) => () =>
    compileRules(document({ mappings: { user: { department: text } } }), everything);
  expect(mapped('Lefd([department],3)')).toThrow(
    'mappings.user.department: at 1:1: there is no function "Lefd"; did you mean "Left"?',
  );
  expect(mapped('Left([department])')).toThrow('Left lacks its argument "length"');
  expect(mapped('CStr(Now())')).toThrow('mappings.user.department: It uses the clock');
});
