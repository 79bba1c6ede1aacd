import { expect, test } from 'vitest';
import { contoso, fabrikam, sampleConfiguration, takingEverything } from '../../test/rules/sample-views.ts';
import { attributeMappings, defaultMappings } from './index.ts';

function mapping(target: string, more: Readonly<Record<string, unknown>> = {}) {
  const all = attributeMappings(sampleConfiguration(more), takingEverything());
  return all.find((one) => one.kind === 'user' && one.target === target);
}

const user = (target: string, written: unknown) => mapping(target, { mappings: { user: { [target]: written } } });

test('shows every default mapping of every kind, by its form', () => {
  const all = attributeMappings(sampleConfiguration(), takingEverything());
  for (const kind of ['user', 'group', 'contact', 'device'] as const) {
    const shown = all.filter((one) => one.kind === kind && one.type !== 'reference').map(({ target }) => target);
    expect(shown.toSorted()).toEqual(Object.keys(defaultMappings[kind]).toSorted());
  }
  expect(mapping('alias')).toMatchObject({ type: 'direct', attributes: ['mailNickname'], origin: 'default' });
  expect(mapping('city')).toMatchObject({ type: 'expression', attributes: ['l'], dialect: 'connect' });
  expect(mapping('manager')).toMatchObject({ type: 'reference', attributes: ['manager'], expression: '[manager]' });
});

test('shows what the configuration says in place of a default', () => {
  expect(user('department', { constant: 'Sales', flow: 'create' })).toMatchObject({
    type: 'constant',
    attributes: [],
    expression: '"Sales"',
    dialect: 'provisioning',
    origin: 'configuration',
    flow: 'create',
  });
  expect(user('title', { attribute: 'extensionAttribute3', default: 'none' })).toMatchObject({
    type: 'direct',
    default: 'none',
    whenEmpty: 'keep',
  });
  expect(user('mobile', null)).toBeUndefined();
});

test('says from where a value comes first', () => {
  const connectors = (precedence: readonly { readonly connector: string }[] = []) =>
    precedence.map(({ connector }) => connector);
  expect(connectors(mapping('city')?.precedence)).toEqual([contoso, fabrikam]);
  expect(connectors(mapping('city', { precedence: ['fabrikam'] })?.precedence)).toEqual([fabrikam, contoso]);
  const own = { mappings: { user: { city: { attribute: 'l', from: ['fabrikam'] } } } };
  expect(mapping('city', own)?.precedence).toEqual([{ forest: 'fabrikam', connector: fabrikam }]);
});

test('shows no value that passes through Redact', () => {
  const shown = user('department', {
    expression: 'Join("s3cret\\"s", Redact("s3cret 2"), [extensionAttribute1], 4711, &HFF)',
    whenEmpty: { value: 's3cret' },
  });
  expect(shown).toMatchObject({ redacted: true, whenEmpty: { value: '[redacted]' } });
  expect(shown?.expression).toBe(
    'Join("[redacted]", Redact("[redacted]"), [extensionAttribute1], "[redacted]", "[redacted]")',
  );
  expect(user('department', 'Redact("s3cret")')).toMatchObject({ type: 'constant', redacted: true });
  expect(JSON.stringify(user('department', { expression: 'Redact("s3cret")', default: 's3cret' }))).not.toContain(
    's3cret',
  );
});
