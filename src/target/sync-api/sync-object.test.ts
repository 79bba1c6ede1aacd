import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ObjectKind, TenantValue } from '../../model/index.ts';
import { children, element, encode, type Property, properties, type XmlElement } from '../../wire/index.ts';
import { type AnsweredObject, readAnswer } from './answer.ts';
import { normalizeValue } from './normalize.ts';
import { parseCloudAnchor, readSyncObject, type SyncValue, writeSyncRequest } from './sync-object.ts';

const anyOf = ({ type, many }: Property): fc.Arbitrary<TenantValue> => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('True', '0', '1', ' 007 ', '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}', 'AAEC', 'User', 'd:string'),
  );
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.maxSafeInteger();
    case 'binary':
      return many ? fc.array(bytes, { minLength: 1, maxLength: 5 }) : bytes;
    default:
      return many ? fc.array(text, { minLength: 1, maxLength: 5 }) : text;
  }
};

const entries = fc
  .uniqueArray(fc.constantFrom(...properties), { maxLength: 12, selector: ({ name }) => name })
  .chain((some) =>
    fc.tuple(...some.map((property) => fc.option(anyOf(property)).map((value) => [property, value] as const))),
  );

/** What a service says that reads back just what it was sent. */
async function readBack(request: XmlElement): Promise<readonly AnsweredObject[]> {
  const [sent] = children(request);
  const results = element('ResultObjects', [], sent?.content);
  const result = element('ReadResult', request.attributes, [results]);
  const message = ['ReadResponse', 'Body', 'Envelope'].reduce((inner, name) => element(name, [], [inner]), result);
  const objects: AnsweredObject[] = [];
  await readAnswer('Read', Readable.from([encode(message)]), (one) => objects.push(one));
  return objects;
}

it('comes out of the wire as it went in: every property of the schema, of every kind', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.constantFrom<ObjectKind>('user', 'group', 'contact', 'device'), async (some, kind) => {
      const normal = some.map(([property, value]): [string, TenantValue] => {
        const result = normalizeValue(property, value);
        return [property.name, 'value' in result ? result.value : null];
      });
      const written = writeSyncRequest([{ kind, operation: 'Set', properties: new Map<string, SyncValue>(normal) }]);
      expect((await readBack(written)).map(readSyncObject)).toEqual([
        { kind, deleted: false, properties: new Map(normal) },
      ]);
    }),
    { numRuns: 1000 },
  );
});

it('knows the tenant’s own names of objects', () => {
  const id = '60f87269-f258-4473-8cca-267b50110e7a';
  expect(parseCloudAnchor(`User_${id}`)).toBe(id);
  expect(parseCloudAnchor('User_1')).toBeUndefined();
  expect(parseCloudAnchor(undefined)).toBeUndefined();
});
