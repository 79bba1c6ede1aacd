import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anchorOf, eventsOf, never, openTenant, type Tenant } from '../../../test/tenant/index.ts';
import type { TenantId } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import { httpsFetch } from '../https-fetch.ts';
import type { Operation, OperationResult, TenantRef } from '../target.ts';
import { isRecord } from './json.ts';
import type { GraphTarget } from './open.ts';

/** Something between the tenant and the target that answers in its place; what it does not answer goes through. */
type Between = (request: { readonly method: string; readonly path: string }) => Response | undefined;

type Body = Readonly<Record<string, unknown>>;

let tenant: Tenant;
let target: GraphTarget;
/** What becomes of a body the tenant answers a read with. */
let altered = (_url: URL, body: Body): Body => body;
let https: ReturnType<typeof httpsFetch>;
let between: Between = () => undefined;
let next = 1;

beforeAll(async () => {
  tenant = await openTenant();
  https = httpsFetch({ ca: readFileSync(tenant.sandbox.ca, 'utf8') });
  target = open();
});
beforeEach(() => {
  between = () => undefined;
  altered = (_, body) => body;
});
afterAll(async () => {
  https[Symbol.dispose]();
  await tenant[Symbol.asyncDispose]();
});

function open(): GraphTarget {
  const name = `extension_${tenant.sandbox.clientId.replaceAll('-', '')}_costCenter`;
  return tenant.open(
    { directoryExtensions: { user: [{ name, type: 'String', many: false }] } },
    {
      sleep: async () => undefined,
      async fetch(address, init) {
        const url = new URL(address);
        const { method = 'GET' } = init;
        const own = between({ method, path: url.pathname });
        if (own !== undefined) return own;
        const answer = await https(address, init);
        if (method !== 'GET' || !url.pathname.startsWith('/v1.0/')) return answer;
        const body: unknown = await answer.json();
        return json(answer.status, isRecord(body) ? altered(url, body) : body);
      },
    },
  );
}

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

/** Everything the target reads page by page, by a part of its path. */
const reads: Readonly<Record<string, (on: GraphTarget) => Promise<unknown>>> = {
  '/users/delta': (on) => eventsOf(on.read(undefined, never)),
  '/groups/delta': (on) => eventsOf(on.read(undefined, never)),
  '/directoryRoles': (on) => eventsOf(on.read(undefined, never)),
  '/roleEligibilityScheduleInstances': (on) => eventsOf(on.read(undefined, never)),
  '/extensionProperties': (on) => eventsOf(on.read(undefined, never)),
  '/deletedItems/microsoft.graph.user': async (on) => {
    for await (const _ of on.readDeleted('user', never));
  },
};

describe('pages', () => {
  const plainly = (body: Body): Body => ({ ...body, '@odata.deltaLink': undefined });

  test.each(Object.entries(reads).flatMap(([path, read]) => [1, 3].map((around) => [path, around, read] as const)))(
    'of %s that lead in a circle of %d are an error, and soon',
    async (path, around, read) => {
      let asked = 0;
      between = (request) => {
        if (!request.path.endsWith(path)) return undefined;
        asked += 1;
        const link = `${tenant.sandbox.graphUrl}${request.path}?page=${asked % around}`;
        return json(200, { value: [], '@odata.nextLink': link });
      };
      await expect(read(open())).rejects.toThrow(BadAnswerError);
      expect(asked).toBeLessThan(20);
    },
  );

  test.each(Object.entries(reads).flatMap(([path, read]) => [5, '', null].map((link) => [path, link, read] as const)))(
    'of %s whose next link is %j are not the last',
    async (path, link, read) => {
      altered = (url, body) => (url.pathname.endsWith(path) ? { ...plainly(body), '@odata.nextLink': link } : body);
      await expect(read(open())).rejects.toThrow(BadAnswerError);
    },
  );

  test('of which the first is empty have what is looked for on the next', async () => {
    const object = await make('user');
    altered = (url, body) =>
      url.pathname === '/v1.0/users' && !url.searchParams.has('more')
        ? { value: [], '@odata.nextLink': `${url.href}&more=1` }
        : body;
    expect(await target.find({ ...object, id: undefined }, never)).toMatchObject({ id: object.id });
  });
});

describe('an object', () => {
  const wrong = {
    displayName: 5,
    onPremisesImmutableId: 7,
    accountEnabled: 'true',
    businessPhones: '1',
    proxyAddresses: [1],
    onPremisesExtensionAttributes: 'x',
    onPremisesSyncEnabled: 'true',
  };
  const usersAre =
    (more: Body) =>
    (url: URL, body: Body): Body =>
      url.pathname === '/v1.0/users/delta' && Array.isArray(body['value'])
        ? { ...body, value: body['value'].map((one: Body) => ({ ...one, ...more })) }
        : body;

  test.each(Object.entries(wrong))(
    'whose %s is %j is not the tenant’s, and the read not complete',
    async (name, value) => {
      await make('user');
      altered = usersAre({ [name]: value });
      const seen: string[] = [];
      const read = async (): Promise<void> => {
        for await (const { type } of target.read(undefined, never)) seen.push(type);
      };
      await expect(read()).rejects.toThrow(BadAnswerError);
      expect(seen).toEqual([]);
    },
  );

  test('without a value for any of them is whole', async () => {
    const { id } = await make('user');
    altered = usersAre(Object.fromEntries(Object.keys(wrong).map((name) => [name, null])));
    const events = await eventsOf(target.read(undefined, never));
    const objects = events.flatMap((event) => (event.type === 'objects' ? event.objects : []));
    expect(objects.find((object) => object.id === id)).toMatchObject({ anchor: undefined, synced: false });
    expect(events.at(-1)).toMatchObject({ type: 'complete' });
  });
});

test('members of whom the tenant does not say who is there are found by halving', async () => {
  const [holder, ...members] = [await make('group'), await make('user'), await make('user'), await make('user')];
  const add = (some: readonly Made[]): Operation => ({
    operationId: next++,
    object: holder,
    type: 'addMembers',
    attribute: 'member',
    members: some,
  });
  expect(await outcomes([add(members.slice(1, 2))])).toEqual(['done']);
  let asked = 0;
  between = ({ method, path }) => {
    if (method !== 'GET' || !path.endsWith('/members')) return undefined;
    asked += 1;
    return json(400, { error: { code: 'Request_UnsupportedQuery', message: 'Unsupported Query.' } });
  };
  expect(await outcomes([add(members)])).toEqual(['done']);
  expect(asked).toBeGreaterThan(0);
  between = () => undefined;
  const { value } = await tenant.get<{ value: readonly unknown[] }>(`/v1.0/groups/${holder.id}/members?$select=id`);
  expect(value).toHaveLength(3);
});
