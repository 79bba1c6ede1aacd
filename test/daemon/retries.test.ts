import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, readEvents, sendJson } from './http.ts';
import { root, startTestService, type TestService } from './service.ts';

/** A client that did not get its answer asks again, of the same daemon or of the one started after it. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-retries-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const headers = (key: string) => ({ 'idempotency-key': key });

async function ask({ url, token }: TestService, path: string, body: unknown, key: string): Promise<Answer> {
  return sendJson(url, token, 'POST', `/api/v1/${path}`, body, headers(key));
}

async function cycles({ url, token }: TestService): Promise<readonly { id: number }[]> {
  const { text } = await sendJson(url, token, 'GET', '/api/v1/cycles');
  return (JSON.parse(text) as { items: { id: number }[] }).items;
}

test('the same key gives the same answer, also once the daemon was started anew', async () => {
  const object = { by: 'dn', value: `CN=grace,OU=People,${root}`, apply: true };
  const graph = { parameters: [{ subjects: [{ objectId: `CN=ada,OU=People,${root}` }] }] };
  const given = await (async () => {
    await using daemon = await startTestService({ tenant: 'sandbox', folder });
    const started = await ask(daemon, 'cycles', { type: 'full' }, 'cycle');
    expect(started.status).toBe(202);
    await readEvents(daemon.url, daemon.token, started.headers.location?.concat('/events') ?? '');
    const provisioned = await ask(daemon, 'objects/provision', object, 'object');
    // Asked twice at once it is done once.
    const [first, second] = await Promise.all(
      [1, 2].map(() => ask(daemon, 'objects/provisionOnDemand', graph, 'graph')),
    );
    expect(second).toMatchObject({ status: 200, text: first?.text });
    expect(await cycles(daemon)).toHaveLength(3);
    return { started, provisioned, graph: first };
  })();
  await using again = await startTestService({ tenant: 'sandbox', folder });
  const started = await ask(again, 'cycles', { type: 'full' }, 'cycle');
  expect(started).toMatchObject({ status: 202, text: given.started.text });
  expect(started.headers.location).toBe(given.started.headers.location);
  expect((await ask(again, 'objects/provision', object, 'object')).text).toBe(given.provisioned.text);
  expect((await ask(again, 'objects/provisionOnDemand', graph, 'graph')).text).toBe(given.graph?.text);
  expect(await cycles(again)).toHaveLength(3);
  for (const [path, body, key] of [
    ['cycles', { type: 'delta' }, 'cycle'],
    ['objects/provision', { ...object, apply: false }, 'object'],
    ['objects/provision', object, 'cycle'],
  ] as const) {
    const other = await ask(again, path, body, key);
    expect(JSON.parse(other.text), path).toMatchObject({ status: 422, code: 'CS7112' });
  }
  const fresh = await ask(again, 'cycles', { type: 'full' }, 'another');
  expect(JSON.parse(fresh.text)).toMatchObject({ id: 4 });
  expect(readdirSync(join(again.data, 'answers'))).toHaveLength(4);
});

test('what was refused may be asked for again with the same key', async () => {
  await using daemon = await startTestService({ tenant: 'sandbox' });
  for (let n = 0; n < 2; n += 1) {
    expect((await ask(daemon, 'cycles', { type: 'undo', undo: 999 }, 'refused')).status).toBe(404);
  }
  expect((await ask(daemon, 'cycles', { type: 'full' }, 'refused')).status).toBe(202);
});
