import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/sandbox/index.ts';
import { facts } from './facts.ts';
import { wantedTypes } from './generate.ts';
import { validateExchange } from './index.ts';
import { parseCsdl } from './parse-csdl.ts';

const context = 'https://host/v1.0/$metadata#x';

function problems(exchange: Partial<Exchange>): string[] {
  return validateExchange({
    version: 'v1.0',
    method: 'GET',
    target: '/users',
    requestHeaders: {},
    requestBody: undefined,
    status: 200,
    responseHeaders: {},
    responseBody: { '@odata.context': context, value: [] },
    ...exchange,
  }).map(({ side, problem }) => `${side}: ${problem}`);
}

const list = (...value: unknown[]) => ({ responseBody: { '@odata.context': context, value } });

describe('the validator', () => {
  test('finds nothing in what is right', () => {
    expect(
      problems(list({ id: 'x', accountEnabled: true, businessPhones: ['1'], createdDateTime: '2026-01-01T00:00:00Z' })),
    ).toEqual([]);
    expect(
      problems({
        method: 'PATCH',
        target: "/groups(uniqueName='a/b')",
        requestBody: { displayName: 'x', 'members@odata.bind': ['https://h/v1.0/directoryObjects/1'] },
        status: 204,
        responseBody: undefined,
      }),
    ).toEqual([]);
    expect(
      problems({
        target: '/groups/delta()?$select=displayName,members',
        responseBody: {
          '@odata.context': context,
          '@odata.deltaLink': 'https://h/x',
          value: [
            {
              id: '1',
              'members@delta': [{ '@odata.type': '#microsoft.graph.user', id: '2', '@removed': { reason: 'deleted' } }],
            },
          ],
        },
      }),
    ).toEqual([]);
  });

  test.each<[string, Partial<Exchange>, RegExp]>([
    ['a property there is not', list({ id: 'x', shoeSize: 44 }), /answer: .*shoeSize is no property of user/],
    ['a wrong type', list({ id: 'x', accountEnabled: 'yes' }), /answer: .*accountEnabled is no Edm.Boolean/],
    ['null where there is none', list({ id: null }), /answer: .*id is null/],
    ['null in a collection', list({ id: 'x', businessPhones: [null] }), /answer: .*businessPhones\[0\] is null/],
    ['one value for many', list({ id: 'x', businessPhones: '1' }), /answer: .*no collection/],
    ['a time without a zone', list({ id: 'x', createdDateTime: '2026-01-01T00:00:00' }), /no Edm.DateTimeOffset/],
    [
      'a structure with too much',
      list({ id: 'x', employeeOrgData: { boss: 'x' } }),
      /boss is no property of employeeOrgData/,
    ],
    [
      'an object of a foreign type',
      list({ id: 'x', '@odata.type': '#microsoft.graph.group' }),
      /where user is expected/,
    ],
    [
      'what was not asked for',
      { ...list({ id: 'x', city: 'y' }), target: '/users?$select=id' },
      /city was not selected/,
    ],
    ['no context', { responseBody: { value: [] } }, /no @odata.context/],
    ['no list', { responseBody: { '@odata.context': context } }, /without value/],
    ['a body with 204', { method: 'DELETE', target: '/users/1', status: 204 }, /204 with a body/],
    ['an error without a code', { status: 400, responseBody: { error: { message: 'x' } } }, /without code/],
    [
      'an error without a date',
      { status: 400, responseBody: { error: { code: 'x', message: 'x', innerError: {} } } },
      /without date/,
    ],
    ['a delta page with no link', { target: '/users/delta' }, /both links or none/],
    [
      'a link change to what cannot be a member',
      {
        target: '/groups/delta',
        responseBody: {
          '@odata.context': context,
          '@odata.deltaLink': 'https://h',
          value: [{ id: '1', 'members@delta': [{ '@odata.type': '#microsoft.graph.domain', id: '2' }] }],
        },
      },
      /may not lead to domain/,
    ],
    ['a set there is not', { target: '/people' }, /request: people is no entity set/],
    ['a path that leads nowhere', { target: '/users/1/shoes' }, /request: shoes is no navigation/],
    ['a selection there is not', { target: '/users?$select=shoeSize' }, /request: \$select names shoeSize/],
    [
      'a body of the wrong type',
      { method: 'POST', requestBody: { displayName: 5 } },
      /request: body.displayName is no Edm.String/,
    ],
    [
      'a body with an unknown property',
      { method: 'PATCH', target: '/users/1', requestBody: { shoeSize: 1 } },
      /request: body.shoeSize/,
    ],
    ['no body', { method: 'PATCH', target: '/users/1' }, /request: the body is no JSON object/],
    [
      'a reference without an id',
      { method: 'PUT', target: '/users/1/manager/$ref', requestBody: {}, status: 204, responseBody: undefined },
      /request: .*@odata.id/,
    ],
    [
      'a bind to no link',
      { method: 'PATCH', target: '/users/1', requestBody: { 'friends@odata.bind': [] } },
      /request: .*no annotation of user/,
    ],
    [
      'a parameter there is not',
      { method: 'POST', target: '/directoryObjects/getByIds', requestBody: { ids: [], kinds: [] } },
      /request: getByIds has no parameter kinds/,
    ],
    [
      'a parameter left out',
      { method: 'POST', target: '/directoryObjects/getByIds', requestBody: {} },
      /request: getByIds is called without ids/,
    ],
    [
      'a beta property in v1.0',
      list({ id: 'x', onPremisesObjectIdentifier: 'x' }),
      /onPremisesObjectIdentifier is no property/,
    ],
  ])('finds %s', (_what, exchange, expected) => {
    expect(problems(exchange).join('\n')).toMatch(expected);
  });

  test('takes beta for what it has more', () => {
    expect(problems({ version: 'beta', ...list({ id: 'x', onPremisesObjectIdentifier: 'x' }) })).toEqual([]);
  });
});

describe('the facts', () => {
  test('hold every type a sync meets, with all they stand on', () => {
    for (const type of wantedTypes) expect(facts.entities).toHaveProperty(type);
    expect(facts.sets).toMatchObject({ users: 'user', groups: 'group', contacts: 'orgContact', devices: 'device' });
    expect(Object.keys(facts.entities['user']?.properties ?? {}).length).toBeGreaterThan(70);
  });

  test('are read from a CSDL document', () => {
    const xml = `<Schema>
      <EnumType Name="color"><Member Name="red" Value="0"/><Member Name="blue" Value="1"/></EnumType>
      <ComplexType Name="wheel"><Property Name="size" Type="Edm.Int32" Nullable="false"/></ComplexType>
      <EntityType Name="thing" Abstract="true"><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
      <EntityType Name="car" BaseType="graph.thing" OpenType="true">
        <Property Name="color" Type="graph.color"/><Property Name="wheels" Type="Collection(graph.wheel)" Nullable="false"/>
        <NavigationProperty Name="owner" Type="graph.person"/><NavigationProperty Name="parts" Type="Collection(graph.thing)"/>
      </EntityType>
      <EntityType Name="person" BaseType="graph.thing"/>
      <Action Name="paint" IsBound="true"><Parameter Name="bindingParameter" Type="graph.car"/><Parameter Name="color" Type="graph.color" Nullable="false"/></Action>
      <EntityContainer><EntitySet Name="cars" EntityType="graph.car"/></EntityContainer></Schema>`;
    expect(parseCsdl(xml, ['thing', 'car'])).toEqual({
      entities: {
        thing: { properties: { id: 'String!' } },
        car: {
          base: 'thing',
          open: true,
          properties: { color: 'color', wheels: '[wheel]!' },
          navigation: { parts: '[thing]' },
        },
      },
      structures: { wheel: { properties: { size: 'Int32!' } } },
      enumerations: { color: ['red', 'blue'] },
      operations: { paint: [{ on: 'car', action: true, parameters: { color: 'color!' } }] },
      sets: { cars: 'car' },
      singletons: {},
    });
    expect(() => parseCsdl(xml, ['boat'])).toThrow('boat');
  });
});
