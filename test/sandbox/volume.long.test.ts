import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Directory } from '../../src/sandbox/index.ts';
import { domain, openTenant, pages } from './tenant.ts';

const users = 100_000;
const members = 1_000_000;

/** Plants users as fast as the directory takes them; gives back the last one's number. */
function plant(directory: Directory, from: number, to: number): void {
  directory.transact((writer) => {
    for (let i = from; i < to; i += 1) {
      writer.create('user', {
        displayName: `User ${i}`,
        userPrincipalName: `volume${i}@${domain}`,
        mailNickname: `volume${i}`,
        accountEnabled: true,
      });
    }
  });
}

test('a tenant of 100,000 users answers by key as a small one, and by pages in flat memory', async () => {
  await using tenant = await openTenant({ validate: undefined });
  for (let i = 0; i < users; i += 5_000) {
    plant(tenant.sandbox.directory, i, i + 5_000);
    // The server shares this thread: it must not take its clients for dead.
    await breathe();
  }
  const before = process.memoryUsage().rss;
  let seen = 0;
  const digest = createHash('sha256');
  for (const { body } of await pages(tenant.send, '/users?$select=id&$top=999')) {
    seen += body.value.length;
    digest.update(JSON.stringify(body.value));
  }
  expect(seen).toBe(users);
  const { body } = await tenant.send('GET', `/users?$filter=userPrincipalName eq 'volume${users - 1}@${domain}'`);
  expect(body.value).toMatchObject([{ displayName: `User ${users - 1}` }]);
  // What the pages hold is the test's own: ids of a hundred thousand objects.
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
});

test('a group of a million members takes one more, and is read by delta, in flat memory', async () => {
  await using tenant = await openTenant({ validate: undefined });
  const { directory } = tenant.sandbox;
  const group = await tenant.group();
  const holder = directory.objects.byId(group);
  if (holder === undefined) throw new Error('the group is not there');
  for (let i = 0; i < members; i += 10_000) {
    directory.transact((writer) => {
      for (let j = i; j < i + 10_000; j += 1) {
        writer.link(
          'members',
          holder,
          writer.create('user', { displayName: `M${j}`, userPrincipalName: `m${j}@${domain}` }),
        );
      }
    });
    await breathe();
  }
  const last = await tenant.user();
  const before = process.memoryUsage().rss;
  let highest = before;
  let told = 0;
  let next: string = '/groups/delta?$select=members';
  for (;;) {
    const { body } = await tenant.send('GET', next);
    for (const item of body.value) told += item['members@delta']?.length ?? 0;
    highest = Math.max(highest, process.memoryUsage().rss);
    if (body['@odata.deltaLink'] !== undefined) {
      next = body['@odata.deltaLink'];
      break;
    }
    next = body['@odata.nextLink'];
  }
  expect(told).toBe(members);
  expect(highest - before).toBeLessThan(150_000_000);
  const bind = { 'members@odata.bind': [`${tenant.root}/directoryObjects/${last}`] };
  expect((await tenant.send('PATCH', `/groups/${group}`, bind)).status).toBe(204);
  const { body } = await tenant.send('GET', next);
  expect(body.value).toMatchObject([{ id: group, 'members@delta': [{ id: last }] }]);
  const first = await tenant.send('GET', `/groups/${group}/members?$top=999&$select=id`);
  expect(first.body.value).toHaveLength(999);
  expect((await tenant.send('DELETE', `/groups/${group}`)).status).toBe(204);
});
