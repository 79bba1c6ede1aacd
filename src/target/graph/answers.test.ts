import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorOf, never, openTenant, type Tenant } from '../../../test/tenant/index.ts';
import type { TenantId } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import { httpsFetch } from '../https-fetch.ts';
import type { Operation, OperationResult, TenantRef } from '../target.ts';
import type { GraphTarget } from './open.ts';

/** Something between the tenant and the target that answers in its place; what it does not answer goes through. */
type Between = (request: { readonly method: string; readonly path: string }) => Response | undefined;

let tenant: Tenant;
let target: GraphTarget;
let https: ReturnType<typeof httpsFetch>;
let between: Between = () => undefined;
let next = 1;

beforeAll(async () => {
  tenant = await openTenant();
  https = httpsFetch({ ca: readFileSync(tenant.sandbox.ca, 'utf8') });
  target = tenant.open(
    { owners: true },
    {
      sleep: async () => undefined,
      fetch: async (url, init) =>
        between({ method: init.method ?? 'GET', path: new URL(url).pathname }) ?? (await https(url, init)),
    },
  );
});
beforeEach(() => {
  between = () => undefined;
});
afterAll(async () => {
  https[Symbol.dispose]();
  await tenant[Symbol.asyncDispose]();
});

const json = (status: number, body?: unknown): Response =>
  new Response(body === undefined ? null : JSON.stringify(body), { status });

type Made = TenantRef & { readonly id: TenantId };

async function make(kind: 'user' | 'group', on: GraphTarget = target): Promise<Made> {
  const n = next++;
  const object = { kind, anchor: anchorOf(n), id: undefined };
  const attributes =
    kind === 'user'
      ? { userPrincipalName: `user${n}@contoso.test`, displayName: `User ${n}`, accountEnabled: true }
      : { displayName: `Group ${n}`, mailEnabled: false, securityEnabled: true };
  const result = (await tenant.apply([{ operationId: n, object, type: 'create', attributes }], on)).get(n);
  if (result?.outcome !== 'done' || result.id === undefined) throw new Error('not made');
  return { ...object, id: result.id };
}

const titled = (object: TenantRef, title: string): Operation => ({
  operationId: next++,
  object,
  type: 'update',
  changes: { title: { before: null, after: title } },
  whole: {},
});

async function outcomes(operations: readonly Operation[]): Promise<readonly OperationResult['outcome'][]> {
  const results = await tenant.apply(operations, target);
  return operations.map(({ operationId }) => results.get(operationId)?.outcome ?? 'failed');
}

type Bare = Operation extends infer O ? (O extends Operation ? Omit<O, 'operationId' | 'object'> : never) : never;

/** What is done to a user or a group, and what it takes to be doable. */
const writes: Readonly<Record<string, (user: Made, group: Made) => Promise<readonly [Made, Bare]>>> = {
  update: async (user) => [user, { type: 'update', changes: { title: { before: null, after: 'x' } }, whole: {} }],
  adopt: async (user) => [user, { type: 'adopt', changes: {}, whole: {} }],
  disable: async (user) => [user, { type: 'disable' }],
  'delete of a user': async (user) => [user, { type: 'delete' }],
  'delete of a group': async (_, group) => [group, { type: 'delete' }],
  restore: async (user) => {
    await outcomes([{ operationId: next++, object: user, type: 'delete' }]);
    return [user, { type: 'restore' }];
  },
  addMembers: async (user, group) => [group, { type: 'addMembers', attribute: 'member', members: [user] }],
  removeMember: async (user, group) => {
    await outcomes([{ operationId: next++, object: group, type: 'addMembers', attribute: 'member', members: [user] }]);
    return [group, { type: 'removeMember', attribute: 'member', member: user }];
  },
  setManager: async (user) => [user, { type: 'setManager', manager: await make('user') }],
  clearManager: async (user) => {
    await outcomes([{ operationId: next++, object: user, type: 'setManager', manager: await make('user') }]);
    return [user, { type: 'clearManager' }];
  },
};

describe('a success the tenant would not say leaves a write unknown, and nothing is sent again', () => {
  const foreign = [
    [200, { value: 'not a list', id: 42 }],
    [200, {}],
    [201, { value: [] }],
    [202, undefined],
  ] as const;
  test.each(Object.entries(writes))('%s', async (_, prepare) => {
    const [object, bare] = await prepare(await make('user'), await make('group'));
    for (const [status, body] of foreign) {
      let sent = 0;
      between = ({ method }) => {
        if (method === 'GET') return undefined;
        sent += 1;
        return json(status, body);
      };
      const operationId = next++;
      const result = (await tenant.apply([{ ...bare, operationId, object }], target)).get(operationId);
      expect(result).toMatchObject({ outcome: 'unknown' });
      expect(result?.outcome === 'unknown' && result.error).toBeInstanceOf(BadAnswerError);
      expect(sent).toBe(1);
    }
    between = () => undefined;
    expect(await outcomes([{ ...bare, operationId: next++, object }])).toEqual(['done']);
  });

  test('a restore that shows another object', async () => {
    const [object, other] = [await make('user'), await make('user')];
    await outcomes([{ operationId: next++, object, type: 'delete' }]);
    between = ({ method }) => (method === 'POST' ? json(200, { id: other.id }) : undefined);
    expect(await outcomes([{ operationId: next++, object, type: 'restore' }])).toEqual(['unknown']);
  });

  test('a create that shows none, which then is not there', async () => {
    between = ({ method }) => (method === 'POST' || method === 'PATCH' ? json(201, { id: 42 }) : undefined);
    await expect(make('user')).rejects.toThrow('not made');
    await expect(make('group')).rejects.toThrow('not made');
  });
});

test('a change that is answered with the changed object is done', async () => {
  const object = await make('user');
  between = ({ method }) => (method === 'PATCH' ? json(200, { id: object.id }) : undefined);
  expect(await outcomes([titled(object, 'x')])).toEqual(['done']);
});

describe('a batch as a whole', () => {
  const three = async (): Promise<readonly Operation[]> => {
    const users = [await make('user'), await make('user'), await make('user')];
    return users.map((user) => titled(user, 'batched'));
  };
  const titles = (operations: readonly Operation[]): Promise<readonly unknown[]> =>
    Promise.all(operations.map(async ({ object }) => (await target.find(object, never))?.attributes['title']));

  test.each([
    [201, { value: [] }],
    [202, {}],
    [204, undefined],
  ])('that is answered by %i has done nothing anyone knows of', async (status, body) => {
    const operations = await three();
    between = ({ path }) => (path.endsWith('/$batch') ? json(status, body) : undefined);
    expect(await outcomes(operations)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test.each([0, -1, 99, 100, 204.5, 302, 600])(
    'whose items have the status %d has done nothing either',
    async (status) => {
      const operations = await three();
      const responses = ['1', '2', '3'].map((id) => ({ id, status }));
      between = ({ path }) => (path.endsWith('/$batch') ? json(200, { responses }) : undefined);
      expect(await outcomes(operations)).toEqual(['unknown', 'unknown', 'unknown']);
    },
  );

  test.each([400, 403, 404, 413])('that is refused by %i goes request by request', async (status) => {
    const operations = await three();
    const error = { code: 'BadRequest', message: 'Invalid batch payload format.' };
    between = ({ path }) => (path.endsWith('/$batch') ? json(status, { error }) : undefined);
    expect(await outcomes(operations)).toEqual(['done', 'done', 'done']);
    expect(await titles(operations)).toEqual(['batched', 'batched', 'batched']);
  });

  test('that is refused for a while goes again', async () => {
    const operations = await three();
    let refused = 0;
    between = ({ path }) => (path.endsWith('/$batch') && refused++ === 0 ? json(429, {}) : undefined);
    expect(await outcomes(operations)).toEqual(['done', 'done', 'done']);
    expect(refused).toBeGreaterThan(1);
  });
});
