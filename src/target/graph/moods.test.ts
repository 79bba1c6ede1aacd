import { afterAll, describe, expect, test } from 'vitest';
import { anchorOf, eventsOf, never, openTenant, type Tenant, type TenantOptions } from '../../../test/tenant/index.ts';
import type { SandboxProfile } from '../../sandbox/index.ts';
import { BadAnswerError, ReadTokenLostError, TenantUnavailableError, ThrottledError } from '../errors.ts';
import type { Operation, OperationResult } from '../target.ts';

type Faults = NonNullable<NonNullable<SandboxProfile['faults']>['rules']>;

const faults = (...rules: Faults): SandboxProfile => ({ faults: { rules } });

function creates(count: number, from = 1): readonly Operation[] {
  return Array.from({ length: count }, (_, i): Operation => {
    const n = from + i;
    return {
      operationId: n,
      object: { kind: 'user', anchor: anchorOf(n), id: undefined },
      type: 'create',
      attributes: { userPrincipalName: `user${n}@contoso.test`, displayName: `User ${n}`, accountEnabled: true },
    };
  });
}

async function withTenant(options: TenantOptions, work: (tenant: Tenant) => Promise<void>): Promise<void> {
  await using tenant = await openTenant({ virtual: true, ...options });
  await work(tenant);
}

const outcomes = (results: ReadonlyMap<number, OperationResult>): Record<string, number> =>
  Object.fromEntries(
    ['done', 'failed', 'unknown'].map((outcome) => [
      outcome,
      [...results.values()].filter((result) => result.outcome === outcome).length,
    ]),
  );

const users = (tenant: Tenant): number => tenant.sandbox.directory.objects.count('user', 'live');

/** One tenant for the tests that put up with what others left. */
const shared: { tenant: Tenant; count: number } = { tenant: await openTenant({ virtual: true }), count: 0 };
afterAll(() => shared.tenant[Symbol.asyncDispose]());

describe('throttled', () => {
  test('an item of a batch waits for as long as the tenant asks, by itself, and is done', () =>
    withTenant(
      { profile: faults({ kind: 'throttled', times: 3, path: '/users', retryAfterSeconds: 40 }) },
      async (tenant) => {
        const begin = tenant.clock.now().getTime();
        expect(outcomes(await tenant.apply(creates(20)))).toEqual({ done: 20, failed: 0, unknown: 0 });
        expect(tenant.sandbox.counters).toMatchObject({ written: 20, throttled: 3 });
        expect(tenant.clock.now().getTime() - begin).toBe(40_000);
      },
    ));

  test('one that is refused again and again fails with the time to wait', () =>
    withTenant({ profile: faults({ kind: 'throttled', path: '/users', retryAfterSeconds: 40 }) }, async (tenant) => {
      const result = (await tenant.apply(creates(1))).get(1);
      expect(result).toMatchObject({ outcome: 'failed', error: { retryAfter: 40_000 } });
      expect(result?.outcome === 'failed' && result.error).toBeInstanceOf(ThrottledError);
    }));

  test('under the tenant’s own quota, thousands of writes are refused hardly ever and take the documented time', () =>
    withTenant(
      { profile: { quotas: { throttling: true, applicationWrites: { limit: 3_000, seconds: 150 } } } },
      async (tenant) => {
        const begin = tenant.clock.now().getTime();
        const results = await tenant.apply(creates(3_500));
        expect(outcomes(results)).toEqual({ done: 3_500, failed: 0, unknown: 0 });
        expect(tenant.sandbox.counters.throttled).toBeLessThanOrEqual(6);
        expect((tenant.clock.now().getTime() - begin) / 1000).toBeLessThanOrEqual(150 * 1.01);
      },
    ));

  test('where the tenant gives less than is documented, all is written all the same', () =>
    withTenant(
      { profile: { quotas: { throttling: true, applicationWrites: { limit: 300, seconds: 150 } } } },
      async (tenant) => {
        const results = await tenant.apply(creates(600));
        expect(outcomes(results)).toEqual({ done: 600, failed: 0, unknown: 0 });
        expect(users(tenant)).toBe(600);
      },
    ));
});

describe('a lost answer', () => {
  test.each(['reset', 'gatewayTimeout', 'internalError', 'html', 'truncated', 'wrongShape', 'redirect'] as const)(
    'of a create (%s) is looked up by its anchor, and nothing is sent again',
    async (kind) => {
      shared.count += 1;
      const n = shared.count;
      shared.tenant.sandbox.changeProfile(faults({ kind, when: 'after', methods: ['POST'], path: '/users', times: 1 }));
      const { writes, written } = shared.tenant.sandbox.counters;
      const results = await shared.tenant.apply(creates(1, n));
      expect(results.get(n)).toMatchObject({ outcome: 'done', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect(shared.tenant.sandbox.counters).toMatchObject({ writes: writes + 1, written: written + 1 });
    },
  );

  test.each(['reset', 'gatewayTimeout', 'html', 'truncated', 'wrongShape', 'redirect'] as const)(
    'of a change (%s) is unknown, and nothing is sent again',
    async (kind) => {
      shared.count += 1;
      const n = shared.count;
      shared.tenant.sandbox.changeProfile(faults());
      const made = (await shared.tenant.apply(creates(1, n))).get(n);
      const object = { kind: 'user', anchor: anchorOf(n), id: made?.outcome === 'done' ? made.id : undefined } as const;
      shared.tenant.sandbox.changeProfile(faults({ kind, when: 'after', methods: ['PATCH'], times: 1 }));
      const { writes, written } = shared.tenant.sandbox.counters;
      const changes = { title: { before: null, after: kind } };
      const results = await shared.tenant.apply([{ operationId: n, object, type: 'update', changes, whole: {} }]);
      expect(results.get(n)).toMatchObject({ outcome: 'unknown', error: { retry: 'later' } });
      expect(shared.tenant.sandbox.counters).toMatchObject({ writes: writes + 1, written: written + 1 });
      expect(await shared.tenant.target.find(object, never)).toMatchObject({ attributes: { title: kind } });
    },
  );

  test('of a create while nothing else is answered either is unknown, and found later', () =>
    withTenant({}, async (tenant) => {
      await tenant.target.check(never);
      tenant.sandbox.changeProfile(faults({ kind: 'reset', when: 'after' }));
      expect(outcomes(await tenant.apply(creates(1)))).toEqual({ done: 0, failed: 0, unknown: 1 });
      tenant.sandbox.changeProfile(faults());
      expect(await tenant.target.find({ kind: 'user', anchor: anchorOf(1), id: undefined }, never)).toMatchObject({
        anchor: anchorOf(1),
      });
    }));

  test('that had no effect is unknown as well, and nothing is found', () =>
    withTenant(
      { profile: faults({ kind: 'reset', when: 'before', methods: ['POST'], path: '/users', times: 1 }) },
      async (tenant) => {
        expect(outcomes(await tenant.apply(creates(1)))).toEqual({ done: 0, failed: 0, unknown: 1 });
        expect(await tenant.target.find({ kind: 'user', anchor: anchorOf(1), id: undefined }, never)).toBeUndefined();
      },
    ));

  test('of a create that is sent again gives the object that is there', () =>
    withTenant({ profile: { replication: { seconds: 25, flapping: false, seed: 3 } } }, async (tenant) => {
      await tenant.target.check(never);
      tenant.sandbox.changeProfile(
        faults({ kind: 'reset', when: 'after', methods: ['POST'], path: '/users', times: 1 }),
      );
      expect(outcomes(await tenant.apply(creates(1)))).toEqual({ done: 0, failed: 0, unknown: 1 });
      expect((await tenant.apply(creates(1))).get(1)).toMatchObject({ outcome: 'done' });
      expect(users(tenant)).toBe(1);
      expect(tenant.sandbox.counters.written).toBe(1);
    }));

  test('that never comes counts as lost', () =>
    withTenant({ virtual: false, environment: { answerTimeout: 300 } }, async (tenant) => {
      await tenant.target.check(never);
      tenant.sandbox.changeProfile(
        faults({ kind: 'hang', when: 'after', methods: ['POST'], path: '/users', times: 1 }),
      );
      expect((await tenant.apply(creates(1))).get(1)).toMatchObject({ outcome: 'done' });
      expect(users(tenant)).toBe(1);
      expect(tenant.events).toContain('lostCreateFound');
    }));
});

describe('unavailable', () => {
  test('a write that may be repeated is, as long as the tenant asks', () =>
    withTenant(
      { profile: faults({ kind: 'unavailable', methods: ['PATCH'], times: 2, retryAfterSeconds: 7 }) },
      async (tenant) => {
        const anchor = anchorOf(1);
        const operation: Operation = {
          operationId: 1,
          object: { kind: 'group', anchor, id: undefined },
          type: 'create',
          attributes: { displayName: 'G', mailEnabled: false, securityEnabled: true },
        };
        const begin = tenant.clock.now().getTime();
        expect((await tenant.apply([operation])).get(1)).toMatchObject({ outcome: 'done' });
        expect(tenant.clock.now().getTime() - begin).toBe(14_000);
      },
    ));

  test('a read is repeated, and gives up with the reason', () =>
    withTenant({ profile: faults({ kind: 'unavailable', methods: ['GET'], times: 4 }) }, async (tenant) => {
      expect((await eventsOf(tenant.target.read(undefined, never))).at(-1)).toMatchObject({ type: 'complete' });
      tenant.sandbox.changeProfile(faults({ kind: 'unavailable', methods: ['GET'] }));
      await expect(eventsOf(tenant.target.read(undefined, never))).rejects.toThrow(TenantUnavailableError);
    }));

  test.each(['html', 'truncated', 'wrongShape', 'redirect', 'reset'] as const)(
    'a read survives %s once',
    async (kind) => {
      shared.count += 1;
      const n = shared.count;
      shared.tenant.sandbox.changeProfile(faults());
      await shared.tenant.apply(creates(1, n));
      shared.tenant.sandbox.changeProfile(faults({ kind, path: '/users/delta', times: 1 }));
      const events = await eventsOf(shared.tenant.target.read(undefined, never));
      const read = events.flatMap((event) => (event.type === 'objects' ? event.objects : []));
      expect(read.map(({ anchor }) => anchor)).toContain(anchorOf(n));
      expect(events.at(-1)).toMatchObject({ type: 'complete' });
    },
  );

  test('a read that only ever gets a page of someone else is a typed error, and never complete', () =>
    withTenant({ profile: faults({ kind: 'html', path: '/groups/delta' }) }, async (tenant) => {
      await expect(eventsOf(tenant.target.read(undefined, never))).rejects.toThrow(BadAnswerError);
    }));
});

describe('late replicas', () => {
  const replication = { seconds: 8, flapping: true };

  test('members and managers follow users and groups that were made a moment before', () =>
    withTenant({ profile: { replication } }, async (tenant) => {
      const made = await tenant.apply(creates(30));
      const people = creates(30).map(({ object, operationId }) => {
        const result = made.get(operationId);
        return { ...object, id: result?.outcome === 'done' ? result.id : undefined };
      });
      const group = { kind: 'group', anchor: anchorOf(99), id: undefined } as const;
      const attributes = { displayName: 'G', mailEnabled: false, securityEnabled: true };
      const created = (await tenant.apply([{ operationId: 99, object: group, type: 'create', attributes }])).get(99);
      const holder = { ...group, id: created?.outcome === 'done' ? created.id : undefined };
      const [first, second] = people;
      if (first === undefined || second === undefined) throw new Error('nobody was made');
      const results = await tenant.apply([
        { operationId: 101, object: holder, type: 'addMembers', attribute: 'member', members: people.slice(0, 20) },
        { operationId: 102, object: holder, type: 'addMembers', attribute: 'member', members: people.slice(20) },
        { operationId: 103, object: first, type: 'setManager', manager: second },
        {
          operationId: 104,
          object: second,
          type: 'update',
          changes: { title: { before: null, after: 'x' } },
          whole: {},
        },
      ]);
      expect(outcomes(results)).toEqual({ done: 4, failed: 0, unknown: 0 });
      tenant.clock.advance(60_000);
      const { value } = await tenant.get<{ value: unknown[] }>(`/v1.0/groups/${holder.id}/members?$top=999`);
      expect(value).toHaveLength(30);
    }));

  test('changes that come late and more than once are taken as they come', () =>
    withTenant({ profile: { delta: { pageSize: 7, linksPerPage: 5, replays: 4, lateSeconds: 2 } } }, async (tenant) => {
      const first = (await eventsOf(tenant.target.read(undefined, never))).at(-1);
      if (first?.type !== 'complete') throw new Error('not complete');
      await tenant.apply(creates(20));
      tenant.clock.advance(5_000);
      const ids = new Set<string>();
      let { token } = first;
      for (let round = 0; round < 3; round += 1) {
        for (const event of await eventsOf(tenant.target.read(token, never))) {
          if (event.type === 'objects') for (const { id } of event.objects) ids.add(id);
          if (event.type === 'complete') token = event.token;
        }
      }
      expect(ids.size).toBe(20);
    }));

  test('the members of a large group come over many pages, each once', () =>
    withTenant({ profile: { delta: { pageSize: 50, linksPerPage: 30 } } }, async (tenant) => {
      const made = await tenant.apply(creates(100));
      const members = creates(100).map(({ object, operationId }) => {
        const result = made.get(operationId);
        return { ...object, id: result?.outcome === 'done' ? result.id : undefined };
      });
      const group = { kind: 'group', anchor: anchorOf(999), id: undefined } as const;
      const attributes = { displayName: 'G', mailEnabled: false, securityEnabled: true };
      const created = (await tenant.apply([{ operationId: 999, object: group, type: 'create', attributes }])).get(999);
      const holder = { ...group, id: created?.outcome === 'done' ? created.id : undefined };
      const adds = Array.from(
        { length: 5 },
        (_, i): Operation => ({
          operationId: 1_000 + i,
          object: holder,
          type: 'addMembers',
          attribute: 'member',
          members: members.slice(20 * i, 20 * i + 20),
        }),
      );
      expect(outcomes(await tenant.apply(adds))).toEqual({ done: 5, failed: 0, unknown: 0 });
      const events = await eventsOf(tenant.target.read(undefined, never));
      const added = events.flatMap((event) =>
        event.type === 'links' && event.attribute === 'member' ? event.added : [],
      );
      expect(added.toSorted()).toEqual(members.map(({ id }) => id ?? '').sort());
      expect(events.filter((event) => event.type === 'links').length).toBeGreaterThan(2);
    }));
});

describe('a read token', () => {
  test('the tenant has lost is an error of its own', () =>
    withTenant({}, async (tenant) => {
      const last = (await eventsOf(tenant.target.read(undefined, never))).at(-1);
      if (last?.type !== 'complete') throw new Error('not complete');
      tenant.sandbox.loseDeltaTokens();
      await expect(eventsOf(tenant.target.read(last.token, never))).rejects.toThrow(ReadTokenLostError);
    }));

  test('that has grown old is lost', () =>
    withTenant({}, async (tenant) => {
      const last = (await eventsOf(tenant.target.read(undefined, never))).at(-1);
      if (last?.type !== 'complete') throw new Error('not complete');
      tenant.clock.advance(8 * 86_400_000);
      await expect(eventsOf(tenant.target.read(last.token, never))).rejects.toThrow(ReadTokenLostError);
    }));

  test('that is not one of ours is lost, and asks the tenant nothing', () =>
    withTenant({}, async (tenant) => {
      const { requests } = tenant.sandbox.counters;
      await expect(eventsOf(tenant.target.read('something else', never))).rejects.toThrow(ReadTokenLostError);
      expect(tenant.sandbox.counters.requests).toBe(requests);
    }));
});

test('an access token that expires on the way is renewed, and nothing is sent twice', () =>
  withTenant({ profile: { tokens: { lifetimeSeconds: 100 } } }, async (tenant) => {
    await tenant.apply(creates(1));
    tenant.clock.advance(200_000);
    expect(outcomes(await tenant.apply(creates(5, 10)))).toEqual({ done: 5, failed: 0, unknown: 0 });
    expect(tenant.sandbox.counters.written).toBe(6);
    expect(tenant.sandbox.counters.tokens).toBe(2);
  }));

test('stopped, it sends no more, gives back what was answered, and throws the reason', () =>
  withTenant({ virtual: false }, async (tenant) => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const results: OperationResult[] = [];
    const run = async (): Promise<void> => {
      for await (const some of tenant.target.apply(creates(400), controller.signal)) {
        results.push(...some);
        controller.abort(reason);
      }
    };
    await expect(run()).rejects.toBe(reason);
    expect(results.length).toBeGreaterThan(0);
    expect(results.length).toBeLessThan(400);
    expect(users(tenant)).toBe(results.length);
  }));
