import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSourceAnchor, type SourceAnchor } from '../../model/index.ts';
import type { Operation, TenantRef } from '../target.ts';
import { draft, requestsOf } from './drafts.ts';

function anchor(n: number): SourceAnchor {
  const parsed = parseSourceAnchor(Buffer.from(String(n).padStart(16, '0')).toString('base64'));
  if (parsed === undefined) throw new Error('no anchor');
  return parsed;
}

const refs = (kind: TenantRef['kind'], most: number): fc.Arbitrary<TenantRef> =>
  fc.nat(most).map((n) => ({ kind, anchor: anchor(n), id: undefined }));

const user = refs('user', 8);
const group = refs('group', 4);
const kinds = fc.oneof(
  user.map((object) => ({ type: 'create' as const, object, attributes: {} })),
  user.map((object) => ({ type: 'update' as const, object, changes: {}, whole: { displayName: 'x' } })),
  user.map((object) => ({ type: 'delete' as const, object })),
  fc.tuple(user, user).map(([object, manager]) => ({ type: 'setManager' as const, object, manager })),
  fc
    .tuple(group, fc.constantFrom('member', 'authOrig', 'managedBy'), fc.array(user, { minLength: 1, maxLength: 9 }))
    .map(([object, attribute, members]) => ({ type: 'addMembers' as const, object, attribute, members })),
  fc
    .tuple(group, fc.constantFrom('member', 'authOrig', 'managedBy'), user)
    .map(([object, attribute, member]) => ({ type: 'removeMember' as const, object, attribute, member })),
);
const operations: fc.Arbitrary<readonly Operation[]> = fc
  .array(kinds, { maxLength: 60 })
  .map((some) => some.map((one, operationId) => ({ ...one, operationId })));

it('puts every operation into one request, within its bounds, and no object twice into any', () => {
  fc.assert(
    fc.property(operations, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 9, max: 20 }), (list, objects, links) => {
      const requests = requestsOf(draft(list, links), { objects, links });
      const sent = requests.flat().flatMap((one) => one.operations.map(({ operationId }) => operationId));
      expect(sent.toSorted((a, b) => a - b)).toEqual(list.map(({ operationId }) => operationId));
      for (const request of requests) {
        expect(request.length).toBeLessThanOrEqual(objects);
        expect(request.reduce((sum, one) => sum + one.links, 0)).toBeLessThanOrEqual(links);
        expect(new Set(request.map(({ object, anchor: own }) => `${object.kind} ${own}`)).size).toBe(request.length);
        expect(new Set(request.map((one) => one.links > 0)).size).toBe(1);
      }
    }),
    { numRuns: 1000 },
  );
});

it('keeps each member change of a group, in the order it is told', () => {
  const object: TenantRef = { kind: 'group', anchor: anchor(1), id: undefined };
  const ref = (n: number): TenantRef => ({ kind: 'user', anchor: anchor(n), id: undefined });
  const [one, ...rest] = draft(
    [
      { operationId: 1, type: 'removeMember', object, attribute: 'member', member: ref(2) },
      { operationId: 2, type: 'addMembers', object, attribute: 'member', members: [ref(3), ref(4)] },
    ],
    15_000,
  );
  expect(rest).toEqual([]);
  expect(one?.object.properties.get('member')).toEqual({
    changes: [
      { add: false, anchor: anchor(2) },
      { add: true, anchor: anchor(3) },
      { add: true, anchor: anchor(4) },
    ],
  });
});
