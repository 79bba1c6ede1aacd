import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadAnswerError } from '../errors.ts';
import type { GraphAnswer } from './client.ts';
import { parseDeltaPage } from './delta-page.ts';
import { parseToken, writeToken } from './token.ts';

const page = (body: unknown): GraphAnswer => ({ status: 200, body, header: () => undefined, requestId: undefined });
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const link = 'https://graph.test/v1.0/groups/delta?$deltatoken=x';

test('objects, removals and links are taken apart', () => {
  const parsed = parseDeltaPage(
    page({
      value: [
        {
          id: id(1),
          displayName: 'one',
          'members@delta': [
            { '@odata.type': '#microsoft.graph.user', id: id(7) },
            { '@odata.type': '#microsoft.graph.user', id: id(8), '@removed': { reason: 'deleted' } },
          ],
        },
        { id: id(2), '@removed': { reason: 'changed' } },
        { id: id(3), '@removed': { reason: 'deleted' } },
      ],
      '@odata.deltaLink': link,
    }),
    ['member'],
  );
  expect(parsed).toEqual({
    objects: [expect.objectContaining({ id: id(1), displayName: 'one' })],
    removed: [
      { id: id(2), soft: true },
      { id: id(3), soft: false },
    ],
    links: [{ type: 'links', id: id(1), attribute: 'member', added: [id(7)], removed: [id(8)] }],
    link: undefined,
    delta: link,
  });
});

test('a further slice of a large group is its members alone, and no object', () => {
  const parsed = parseDeltaPage(
    page({ value: [{ id: id(1), 'members@delta': [{ id: id(9) }] }], '@odata.nextLink': link }),
    ['member'],
  );
  expect(parsed.objects).toEqual([]);
  expect(parsed.links).toHaveLength(1);
  expect(parsed.link).toBe(link);
});

describe('what is not a delta page is refused', () => {
  test.each([
    ['no list', { '@odata.deltaLink': link }],
    ['a list of something else', { value: [1], '@odata.deltaLink': link }],
    ['nowhere to go on', { value: [] }],
    ['two ways to go on', { value: [], '@odata.deltaLink': link, '@odata.nextLink': link }],
    ['an object without an id', { value: [{ displayName: 'x' }], '@odata.deltaLink': link }],
    ['text', 'text'],
    ['a link that is no text', { value: [], '@odata.nextLink': 5 }],
    ['a link that is no text beside one that is', { value: [], '@odata.deltaLink': link, '@odata.nextLink': 5 }],
    ['an empty link', { value: [], '@odata.deltaLink': '' }],
    ['members that are no list', { value: [{ id: id(1), 'members@delta': { a: 1 } }], '@odata.deltaLink': link }],
    ['members that are nothing', { value: [{ id: id(1), 'members@delta': null }], '@odata.deltaLink': link }],
    ['members that are texts', { value: [{ id: id(1), 'members@delta': [id(2)] }], '@odata.deltaLink': link }],
    ['a member without an id', { value: [{ id: id(1), 'members@delta': [{}] }], '@odata.deltaLink': link }],
    ['a removal that is a flag', { value: [{ id: id(1), '@removed': true }], '@odata.deltaLink': link }],
    [
      'a removal of a member that is a flag',
      { value: [{ id: id(1), 'members@delta': [{ id: id(2), '@removed': true }] }], '@odata.deltaLink': link },
    ],
  ])('%s', (_, body) => {
    expect(() => parseDeltaPage(page(body), ['member'])).toThrow(BadAnswerError);
  });

  test('any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        expect(() => parseDeltaPage(page(body), ['member'])).toThrow(BadAnswerError);
      }),
    );
  });
});

test('a token is read back as it was written, and nothing else is one', () => {
  const origin = 'https://graph.test';
  const asked = { user: 'id,displayName', group: 'id' };
  const ids = fc.array(fc.uuid(), { maxLength: 5 });
  fc.assert(
    fc.property(fc.string(), fc.string(), ids, (usersPath, groupsPath, roleHolders) => {
      const [users, groups] = [`${origin}/${usersPath}`, `${origin}/${groupsPath}`];
      const token = JSON.stringify({ version: 1, asked, users, groups, roleHolders });
      const parsed = parseToken(token, origin, asked);
      expect(parsed).toEqual({ asked, users, groups, roleHolders });
      if (parsed !== undefined) expect(writeToken(parsed)).toBe(token);
      expect(parseToken(token, 'https://moved.test', asked)).toBeUndefined();
      expect(parseToken(token, origin, { ...asked, user: 'id' })).toBeUndefined();
    }),
  );
  for (const text of [
    '',
    'x',
    '1',
    'null',
    '{}',
    '{"version":2,"users":"a","groups":"b","roleHolders":[]}',
    '{"version":1}',
  ])
    expect(parseToken(text, origin, asked)).toBeUndefined();
});
