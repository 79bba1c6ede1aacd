import { expect, test } from 'vitest';
import { checkConfiguration } from '../../config/index.ts';
import { connectorName, dn, parseObjectGuid } from '../../model/index.ts';
import { compileRules } from '../../rules/index.ts';
import { targetProfile } from '../profile.ts';

const graph = targetProfile('graph');

test('every attribute it writes is one the default mappings give a value', () => {
  const { document } = checkConfiguration(
    'cloudsync.yaml',
    'version: 1\ntenant: { id: contoso.test, cloud: sandbox }\nforests: [{ name: contoso, domains: [{ name: contoso.test, ldif: x.ldf }] }]\n',
  );
  if (document === undefined) throw new Error('the configuration is wrong');
  const written = { user: writtenOf('user'), group: writtenOf('group') };
  const taken = (kind: 'user' | 'group') => ({
    supported: true as const,
    attributes: written[kind],
    references: new Set<string>(),
    reason: (name: string) => name,
  });
  const rules = compileRules(document, {
    user: taken('user'),
    group: taken('group'),
    contact: { supported: false },
    device: { supported: false },
  });
  const view = {
    connector: connectorName('contoso', 'contoso.test'),
    domain: { fqdn: 'contoso.test', netbios: 'CONTOSO', forest: 'contoso' },
    guid: guid('28eb3e09-2cfc-458a-ad2c-aa275bdc791a'),
    dn: dn`CN=${'ada'},DC=contoso,DC=test`,
    attributes: { cn: ['ada'], sAMAccountName: ['ada'], msExchUsageLocation: ['DE'], groupType: ['-2147483646'] },
    scopingGroups: [],
  };
  for (const kind of ['user', 'group'] as const) {
    const { values, errors } = rules.map(kind, [{ ...view, kind }]);
    expect(errors).toEqual([]);
    expect(Object.keys(values).sort()).toEqual([...written[kind]].sort());
  }
});

function writtenOf(kind: 'user' | 'group'): ReadonlySet<string> {
  const support = targetProfile('graph', { onPremisesByBeta: true }).kinds[kind];
  if (!support.supported) throw new Error(`${kind} is not supported`);
  return new Set([...support.attributes].flatMap(([name, { write }]) => (write === 'never' ? [] : [name])));
}

function guid(text: string) {
  const parsed = parseObjectGuid(text);
  if (parsed === undefined) throw new Error(`${text} is no GUID`);
  return parsed;
}

test('contacts and devices are refused with the reason', () => {
  expect(graph.kinds.contact).toMatchObject({ supported: false, reason: expect.stringContaining('contacts') });
  expect(graph.kinds.device).toMatchObject({ supported: false, reason: expect.stringContaining('devices') });
});

test('mail-enabled groups are refused with the reason, security groups are not', () => {
  expect(graph.writable('group', { mailEnabled: true, securityEnabled: true })).toMatchObject({
    writable: false,
    reason: expect.stringContaining('mail-enabled security groups'),
  });
  expect(graph.writable('group', { mailEnabled: true, securityEnabled: false })).toMatchObject({
    writable: false,
    reason: expect.stringContaining('distribution groups'),
  });
  expect(graph.writable('group', { mailEnabled: false, securityEnabled: false })).toMatchObject({ writable: false });
  expect(graph.writable('group', { mailEnabled: false, securityEnabled: true })).toEqual({ writable: true });
  expect(graph.writable('user', { mailEnabled: true })).toEqual({ writable: true });
});

test('what belongs to beta is only read until the configuration asks for it', () => {
  const write = (profile: typeof graph, name: string) => {
    const support = profile.kinds.user;
    return support.supported ? support.attributes.get(name)?.write : undefined;
  };
  expect(write(graph, 'onPremisesSamAccountName')).toBe('never');
  expect(write(targetProfile('graph', { onPremisesByBeta: true }), 'onPremisesSamAccountName')).toBe('always');
});

test('owners are written only where asked for: in AD, managedBy gives no right', () => {
  const references = (profile: typeof graph) =>
    profile.kinds.group.supported ? [...profile.kinds.group.references] : [];
  expect(references(graph)).toEqual(['member']);
  expect(references(targetProfile('graph', { owners: true }))).toEqual(['member', 'managedBy']);
});

test('an attribute that cannot be written has a reason of its own', () => {
  const support = graph.kinds.user;
  if (!support.supported) throw new Error('users are not supported');
  expect(support.reason?.('proxyAddresses')).toContain('only reads');
  expect(support.reason?.('onPremisesSamAccountName')).toContain('beta');
  expect(support.reason?.('msExchMailboxGuid')).toContain('Exchange');
  expect(support.reason?.('thumbnailPhoto')).toContain('no thumbnailPhoto');
});

test('only names of the form of a directory extension become one', () => {
  const name = `extension_${'0'.repeat(32)}_costCenter`;
  const { user } = targetProfile('graph', {
    directoryExtensions: { user: [name, 'costCenter'].map((one) => ({ name: one, type: 'String', many: false })) },
  }).kinds;
  expect(user.supported && user.attributes.has(name)).toBe(true);
  expect(user.supported && user.attributes.has('costCenter')).toBe(false);
});
