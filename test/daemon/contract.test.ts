import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ContractClient } from './contract-client.ts';
import { readEvents, send, sendJson, sendRaw } from './http.ts';
import { configurationText, domain, root, startTestService, type TestService, user } from './service.ts';

/** Every route of the OpenAPI document and every answer it names, asked of the running daemon. */

let daemon: TestService;
let client: ContractClient;

beforeAll(async () => {
  daemon = await startTestService({ tenant: 'sandbox' });
  client = await ContractClient.of(daemon.url, daemon.token);
});
afterAll(() => daemon[Symbol.asyncDispose]());

const call: ContractClient['call'] = (...args) => client.call(...args);
const refused: ContractClient['refused'] = (...args) => client.refused(...args);
const cycle: ContractClient['cycle'] = (...args) => client.cycle(...args);

describe('the document', () => {
  const wrongOf = async (document: Record<string, unknown>): Promise<unknown> => {
    const { valid, errors } = await new Validator().validate(document);
    return valid ? [] : errors;
  };

  test('is right by the schema of OpenAPI 3.1', async () => {
    const document = await call('describeApi', 200);
    expect(document).toMatchObject({ openapi: '3.1.0' });
    expect(await wrongOf(structuredClone(document))).toEqual([]);
    // Which tells a wrong one.
    expect(await wrongOf({ ...structuredClone(document), paths: { '/x': { get: { responses: 1 } } } })).not.toEqual([]);
    const schemas = { Wrong: { type: 'strnig' } };
    expect(await wrongOf({ ...structuredClone(document), components: { schemas } })).not.toEqual([]);
  });
});

describe('every route refuses', () => {
  test('names it does not have, clients without a token, and what it does not know', async () => {
    for (const operation of client.contract.operations) {
      const path = client.pathOf(operation);
      const { method } = operation;
      client.check(
        operation,
        await send(daemon.url, { method, path, token: daemon.token, headers: { host: 'evil.test' } }),
      );
      const body = operation.requestBody === undefined ? undefined : {};
      const unknown = await sendJson(daemon.url, daemon.token, method, `${path}?unknown=1`, body);
      client.check(operation, unknown);
      expect(unknown.status, path).toBe(400);
      if (operation.security.length === 0) continue;
      const stranger = await send(daemon.url, { method, path });
      client.check(operation, stranger);
      expect(stranger.status, path).toBe(401);
      if (!operation.security.some((scheme) => 'operator' in scheme)) continue;
      const reader = await send(daemon.url, { method, path, token: daemon.readerToken });
      client.check(operation, reader);
      expect(reader.status, path).toBe(403);
    }
  });

  test('bodies it cannot take, where it takes one', async () => {
    for (const operation of client.contract.operations.filter(({ requestBody }) => requestBody !== undefined)) {
      const { method } = operation;
      const path = client.pathOf(operation);
      const limit = Number(operation.requestBody?.description.match(/^At most (\d+) MiB$/)?.[1]) * 1024 * 1024;
      const text = await send(daemon.url, {
        method,
        path,
        token: daemon.token,
        headers: { 'content-length': '2' },
        body: '{}',
      });
      client.check(operation, text);
      expect(text.status, path).toBe(415);
      const large = { 'content-type': 'application/json', 'content-length': String(limit + 1) };
      const tooLarge = await send(daemon.url, { method, path, token: daemon.token, headers: large, body: ' ' });
      client.check(operation, tooLarge);
      expect(tooLarge.status, path).toBe(413);
    }
  });

  test('what holds a secret it knows, where an operator sends what is kept', async () => {
    const secret = 'Canary~Vault.8';
    await call('setSecret', 200, { params: { name: 'canary' }, body: { value: secret } });
    const writing = client.contract.operations.filter(
      ({ operationId, requestBody, security }) =>
        requestBody !== undefined && operationId !== 'setSecret' && security.some((scheme) => 'operator' in scheme),
    );
    expect(writing.length).toBeGreaterThan(5);
    for (const operation of writing) {
      const path = client.pathOf(operation);
      const body = { text: `# ${secret}`, reason: `it is ${secret}` };
      const answer = await sendJson(daemon.url, daemon.token, operation.method, path, body);
      client.check(operation, answer);
      expect(answer.text, path).toContain('CS7123');
    }
    await call('removeSecret', 200, { params: { name: 'canary' } });
  });

  test('HEAD everywhere, which leaves the connection to the next request', async () => {
    for (const operation of client.contract.operations) {
      const path = client.pathOf(operation);
      const head = `HEAD ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${daemon.token}\r\n\r\n`;
      const next = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
      const [first, second] = (await sendRaw(daemon.url, `${head}${next}`)).split('\r\n\r\nHTTP/1.1 ');
      expect(first, path).toMatch(/^HTTP\/1\.1 405 /);
      expect(first, path).toContain('Allow: ');
      expect(second, path).toMatch(/^200 /);
    }
  });
});

describe('before the first cycle', () => {
  test('the daemon shows itself and what it will do', async () => {
    expect(await call('getHealth', 200)).toEqual({ status: 'ok' });
    expect(await call('getStatus', 200)).toMatchObject({ running: null, last: null, tenant: { cloud: 'sandbox' } });
    expect(await call('listCycles', 200)).toEqual({ items: [], next: null });
    await call('getMetrics', 200);
    await call('describeApi', 200);
  });

  test('what is not there is not found', async () => {
    for (const name of ['getCycle', 'stopCycle', 'watchCycle', 'getPlan', 'listOperations'] as const) {
      await refused(name, 404, 'CS6017', { params: { cycle: 999 } });
    }
    await refused('savePlan', 404, 'CS6017', { params: { cycle: 999 }, body: { saved: true } });
    await refused('startCycle', 404, 'CS6017', { body: { type: 'undo', undo: 999 } });
    const query = { by: 'dn', value: 'CN=nobody' };
    await refused('explainObject', 404, 'CS6018', { query });
    await refused('releaseObject', 404, 'CS6018', { body: query });
    await refused('clearQuarantine', 404, 'CS6018', { body: { scope: 'connector', connector: 'x/y' } });
    for (const name of ['getConfigurationVersion', 'compareConfiguration', 'restoreConfiguration'] as const) {
      await refused(name, 404, 'CS7118', { params: { version: 99 } });
    }
  });
});

describe('a cycle', () => {
  test('is previewed, kept, and carried out as it was shown', async () => {
    const preview = await cycle({ type: 'delta', preview: true });
    expect(preview).toMatchObject({ state: 'succeeded', preview: true });
    const id = Number(preview['id']);
    expect(await call('getPlan', 200, { params: { cycle: id } })).toMatchObject({
      operations: expect.any(Number) as unknown,
    });
    const { items } = await call('listOperations', 200, { params: { cycle: id }, query: { type: 'create', limit: 2 } });
    expect(items).toHaveLength(2);
    expect(await call('savePlan', 200, { params: { cycle: id }, body: { saved: true } })).toMatchObject({
      saved: true,
    });
    const plan = { cycle: id, digest: preview['digest'] };
    await refused('startCycle', 409, 'CS6015', { body: { type: 'delta', plan: { ...plan, digest: 'not-that' } } });
    const { items: cycles } = await call('listCycles', 200, { query: { limit: 1 } });
    expect(cycles).toMatchObject([{ id }]);
    // What only reading shows is refused at the call as well: the directory has moved on since.
    const before = readFileSync(daemon.ldifFile);
    appendFileSync(daemon.ldifFile, user('latecomer'));
    const said = await call('startCycle', 409, { body: { type: 'delta', plan } });
    expect(said).toMatchObject({
      code: 'CS6015',
      detail: expect.stringContaining('create of latecomer is new') as unknown,
    });
    writeFileSync(daemon.ldifFile, before);
  });

  test('is started once for one key, and not beside another', async () => {
    const headers = { 'Idempotency-Key': 'contract-1' };
    const first = await call('startCycle', 202, { body: { type: 'full' }, headers });
    expect(await call('startCycle', 202, { body: { type: 'full' }, headers })).toMatchObject({ id: first['id'] });
    await refused('startCycle', 422, 'CS7112', { body: { type: 'delta' }, headers });
    await refused('startCycle', 409, 'CS6001', { body: { type: 'delta' } });
    await refused('provisionObject', 409, 'CS6001', { body: { by: 'dn', value: 'CN=x' } });
    const subjects = [{ objectId: 'CN=x' }];
    await refused('provisionOnDemand', 409, 'CS6001', { body: { parameters: [{ subjects }] } });
    await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${String(first['id'])}/events`);
    const ended = await call('getCycle', 200, { params: { cycle: Number(first['id']) } });
    expect(ended).toMatchObject({
      state: 'succeeded',
      counts: { created: 3, failed: 0 },
      phases: ['import', 'evaluate', 'confirm', 'plan', 'export'].map((phase) => ({ phase })),
    });
    await refused('stopCycle', 409, 'CS7111', { params: { cycle: Number(first['id']) } });
  });

  test('can be stopped', async () => {
    appendFileSync(daemon.ldifFile, Array.from({ length: 200 }, (_, i) => user(`many${i}`)).join(''));
    const { id } = await call('startCycle', 202, { body: { type: 'delta' } });
    await call('stopCycle', 202, { params: { cycle: Number(id) } });
    await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${String(id)}/events`);
    expect(await call('getCycle', 200, { params: { cycle: Number(id) } })).toMatchObject({
      state: 'stopped',
      error: { code: 'CS6002' },
    });
    expect(await cycle({ type: 'delta' })).toMatchObject({ state: 'succeeded' });
  });
});

describe('objects', () => {
  test('are found, explained, listed with what is wrong with them', async () => {
    const query = { by: 'userPrincipalName', value: `ada@${domain}` };
    const { items } = await call('listObjects', 200, { query });
    expect(items).toMatchObject([{ displayName: 'ada', state: 'synced' }]);
    expect(await call('explainObject', 200, { query })).toMatchObject({ object: { displayName: 'ada' } });
    for (const [text, names] of [
      ['GRA', ['grace']],
      [`ada@${domain}`, ['ada']],
      [`CN=compilers,OU=People,${root}`, ['compilers']],
      ['cn=GRA', ['grace']],
      [`CN=grace,OU=Peo`, ['grace']],
      [`CN=grace,OU=Elsewhere`, []],
      ["gr%' OR 1=1 --", []],
    ] as const) {
      const { items } = await call('listObjects', 200, { query: { text } });
      expect(items, text).toMatchObject(names.map((displayName) => ({ displayName })));
    }
    const skipped = await call('listSkippedObjects', 200, { query: { limit: 1 } });
    expect(skipped).toMatchObject({ items: [{ tenantId: null }], next: expect.any(String) as unknown });
    const second = await call('listSkippedObjects', 200, { query: { limit: 1, cursor: String(skipped['next']) } });
    expect(second['items']).not.toEqual(skipped['items']);
    await call('listFailingObjects', 200, { query: { code: 'CS6007', kind: 'user' } });
    const { reason } = (skipped['items'] as [{ reason: { code: string } }])[0];
    const alike = await call('listSkippedObjects', 200, { query: { reason: reason.code, limit: 1000 } });
    expect(new Set((alike['items'] as { reason: { code: string } }[]).map((one) => one.reason.code))).toEqual(
      new Set([reason.code]),
    );
    expect(await call('listSkippedObjects', 200, { query: { kind: 'device' } })).toEqual({ items: [], next: null });
    await refused('listFailingObjects', 400, 'CS7109', { query: { code: 'any' } });
    await refused('listSkippedObjects', 400, 'CS7109', { query: { kind: 'moon' } });
    for (const [by, value] of [
      ['anchor', 'ada'],
      ['dn', 'ada'],
      ['tenantId', 'ada'],
      ['objectGuid', '12'],
    ] as const) {
      const answer = await call('listObjects', 400, { query: { by, value } });
      expect(answer, by).toMatchObject({ code: 'CS7109', attribute: 'query.value' });
      await refused('explainObject', 400, 'CS7109', { query: { by, value } });
      await refused('releaseObject', 400, 'CS7109', { body: { by, value } });
      await refused('provisionObject', 400, 'CS7109', { body: { by, value } });
    }
  });

  test('are listed page by page, whatever they are narrowed down by', async () => {
    const list = async (query: Record<string, string | number>) => {
      const found: string[] = [];
      for (let next: unknown = ''; next !== null; ) {
        const page = await call('listObjects', 200, {
          query: { ...query, ...(next === '' ? {} : { cursor: `${next}` }) },
        });
        found.push(...(page['items'] as { displayName: string }[]).map(({ displayName }) => displayName));
        next = page['next'];
      }
      return found;
    };
    const all = await list({ limit: 1000 });
    expect(await list({ limit: 7 })).toEqual(all);
    expect(all.filter((name) => name.startsWith('many'))).toHaveLength(200);
    const synced = await list({ limit: 50, text: 'MANY', kind: 'user', state: 'synced', forest: 'contoso', domain });
    expect(new Set(synced).size).toBe(200);
    expect(await list({ text: 'many', kind: 'group' })).toEqual([]);
    expect(await list({ kind: 'group' })).toEqual(['compilers']);
    const dn = `CN=compilers,OU=People,${root}`;
    expect(await list({ text: dn, kind: 'group' })).toEqual(['compilers']);
    expect(await list({ text: dn, kind: 'user' })).toEqual([]);
    expect(await list({ by: 'dn', value: dn, cursor: '0.0' })).toEqual(['compilers']);
    expect(await list({ by: 'dn', value: dn, state: 'failed' })).toEqual([]);
    for (const query of [
      { by: 'dn' },
      { value: dn },
      { by: 'dn', value: dn, text: 'x' },
      { state: 'good' },
      { cursor: '7' },
    ])
      await refused('listObjects', 400, 'CS7109', { query });
  });

  test('are provisioned one by one', async () => {
    const dn = `CN=grace,OU=People,${root}`;
    const dry = await call('provisionObject', 200, { body: { by: 'dn', value: dn } });
    expect(dry).toMatchObject({
      applied: false,
      steps: expect.arrayContaining([expect.objectContaining({ name: 'import' })]) as unknown,
    });
    const subjects = [{ objectId: dn, objectTypeName: 'user' }];
    const answer = await call('provisionOnDemand', 200, { body: { parameters: [{ ruleId: 'x', subjects }] } });
    expect(JSON.parse(String(answer['value']))).toMatchObject({
      provisioningSteps: expect.arrayContaining([expect.objectContaining({ name: 'EntryImport' })]) as unknown,
    });
    await call('releaseObject', 200, { body: { by: 'dn', value: dn } });
    await call('clearQuarantine', 200, { body: { scope: 'all' } });
    await refused('syncPasswords', 409, 'CS6029');
  });

  test('are in the provisioning log, whose chain holds', async () => {
    const page = await call('listProvisioningLog', 200, { query: { action: 'create', limit: 3 } });
    expect(page['items']).toHaveLength(3);
    expect(await call('verifyProvisioningLog', 200)).toEqual({ broken: null });
  });
});

describe('what is held', () => {
  test('is shown with its digest, and goes out once that is approved', async () => {
    writeFileSync(
      daemon.ldifFile,
      readFileSync(daemon.ldifFile, 'utf8').replaceAll(/dn: CN=many[0-5]?\d,[\s\S]*?\n\n/g, ''),
    );
    const held = await cycle({ type: 'delta' });
    expect(held).toMatchObject({ state: 'held', error: { code: 'CS6004' }, heldDigest: expect.any(String) as unknown });
    await refused('decide', 409, 'CS6016', { body: { verdict: 'approve', digest: 'not-that' } });
    const digest = String(held['heldDigest']);
    const params = { cycle: Number(held['id']) };
    const many7 = await call('listOperations', 200, { params, query: { state: 'held', search: 'MANY7,' } });
    expect(many7['items']).toMatchObject([{ displayName: 'many7', type: 'delete' }]);
    const [{ heldBy }] = many7['items'] as [{ heldBy: string }];
    expect((await call('listOperations', 200, { params, query: { heldBy } }))['items']).toHaveLength(60);
    expect((await call('listOperations', 200, { params, query: { heldBy: 'softMatch' } }))['items']).toEqual([]);
    // No hold is too large to be named operation by operation: it is one decision, or none.
    const { items: all } = await call('listOperations', 200, { params, query: { state: 'held', limit: 1000 } });
    const digests = (all as { digest: string }[]).map((one) => one.digest);
    const many = Array.from({ length: 50_000 }, (_, i) => digests[i % digests.length] ?? '');
    const unknown = [...many, '0'.repeat(32)];
    await refused('decide', 409, 'CS6033', { body: { verdict: 'deny', digest, digests: unknown } });
    expect(await call('decide', 200, { body: { verdict: 'approve', digest, digests: many } })).toEqual({ count: 60 });
    const after = await cycle({ type: 'delta' });
    expect(after).toMatchObject({ state: 'succeeded', counts: { deleted: 60 } });
    const undone = await cycle({ type: 'undo', undo: Number(after['id']), preview: true });
    expect(undone).toMatchObject({ type: 'undo', state: expect.stringMatching(/succeeded|held/) as unknown });
    const first = await call('listCycles', 200, { query: { limit: 1 } });
    expect(first['next']).toEqual(expect.any(String));
    const previews = await call('listCycles', 200, {
      query: { type: 'undo', preview: 'true', state: String(undone['state']) },
    });
    expect(previews['items']).toMatchObject([{ id: undone['id'] }]);
    expect(await call('listCycles', 200, { query: { type: 'undo', preview: 'false' } })).toEqual({
      items: [],
      next: null,
    });
    const { items: saved } = await call('listCycles', 200, { query: { saved: 'true' } });
    expect(saved).toMatchObject([{ saved: true, preview: true }]);
    await refused('listCycles', 400, 'CS7109', { query: { state: 'good' } });
    await refused('listCycles', 400, 'CS7109', { query: { preview: 'yes' } });
  });
});

describe('the configuration', () => {
  test('is shown, checked, replaced, compared and put back', async () => {
    const now = await call('getConfiguration', 200);
    expect(now).toMatchObject({ version: 1, document: { schedule: { delta: '2m' } } });
    const known = { 'If-None-Match': `"${String(now['digest'])}"` };
    await call('getConfiguration', 304, { headers: known });
    await call('getConfigurationVersion', 304, { params: { version: 1 }, headers: known });
    await call('getConfiguration', 200, { headers: { 'If-None-Match': '"other"' } });
    const text = configurationText('sandbox', 'schedule: { delta: 7m }\n');
    expect(await call('checkConfiguration', 200, { body: { text } })).toEqual({ valid: true, errors: [] });
    expect(await call('checkConfiguration', 200, { body: { text: 'version: 2' } })).toMatchObject({ valid: false });
    const elsewhere = { text: text.replace('corp.ldf', 'none.ldf') };
    expect(await call('checkConfiguration', 200, { body: elsewhere })).toMatchObject({ errors: [{ code: 'CS1006' }] });
    const asReader = await sendJson(daemon.url, daemon.readerToken, 'POST', '/api/v1/configuration/check', elsewhere);
    expect(JSON.parse(asReader.text)).toEqual({ valid: true, errors: [] });
    const smaller = text.replace('forests:', 'objects: [user]\nforests:');
    expect(await call('assessConfiguration', 200, { body: { text: smaller } })).toMatchObject({ unreadConnectors: [] });
    for (const name of ['assessConfiguration', 'setConfiguration'] as const) {
      const headers = name === 'setConfiguration' ? { 'If-Match': '*' } : {};
      const wrong = await call(name, 422, { body: { text: 'version: 2' }, headers });
      // It is in no file.
      expect(wrong).toMatchObject({ code: 'CS1004', detail: expect.stringMatching(/^configuration:1:/) as unknown });
    }
    await refused('setConfiguration', 428, 'CS7116', { body: { text } });
    for (const other of ['"other"', `W/"${String(now['digest'])}"`]) {
      await refused('setConfiguration', 412, 'CS7115', { body: { text }, headers: { 'If-Match': other } });
    }
    const unquoted = { 'If-Match': String(now['digest']) };
    await refused('setConfiguration', 400, 'CS7109', { body: { text }, headers: unquoted });
    const match = { 'If-Match': `"${String(now['digest'])}"` };
    await refused('setConfiguration', 422, 'CS1004', { body: { text: text.replace('7m', 'soon') }, headers: match });
    appendFileSync(daemon.configurationFile, '# by hand\n');
    await refused('setConfiguration', 409, 'CS7117', { body: { text }, headers: match });
    await refused('restoreConfiguration', 409, 'CS7117', { params: { version: 1 }, headers: match });
    const reloaded = await call('reloadConfiguration', 200);
    expect(reloaded).toMatchObject({ version: 2 });
    const set = await call('setConfiguration', 200, {
      body: { text },
      headers: { 'If-Match': `"other", "${String(reloaded['digest'])}"`, 'CloudSync-Actor': 'ada' },
    });
    expect(set).toMatchObject({ version: 3, actor: 'ada', document: { schedule: { delta: '7m' } } });
    const { items: changes } = await call('listProvisioningLog', 200, { query: { action: 'configuration', limit: 1 } });
    expect(changes).toMatchObject([{ actor: 'ada', detail: { digest: set['digest'], before: reloaded['digest'] } }]);
    expect(readFileSync(daemon.configurationFile, 'utf8')).toBe(text);
    expect(await call('getSchedule', 200)).toMatchObject({ delta: '7m' });
    expect(await call('compareConfiguration', 200, { params: { version: 1 } })).toEqual({
      differences: [{ path: 'schedule.delta', before: '2m', after: '7m' }],
    });
    await refused('restoreConfiguration', 428, 'CS7116', { params: { version: 1 } });
    await refused('restoreConfiguration', 412, 'CS7115', { params: { version: 1 }, headers: match });
    const back = await call('restoreConfiguration', 200, {
      params: { version: 1 },
      headers: { 'If-Match': '*' },
    });
    expect(back).toMatchObject({ version: 4, text: now['text'] });
    expect(await call('getConfigurationVersion', 200, { params: { version: 3 } })).toMatchObject({ text });
    expect(await call('listConfigurationVersions', 200, { query: { limit: 3 } })).toMatchObject({
      items: [{ version: 4 }, { version: 3 }, { version: 2 }],
      next: '2',
    });
    expect(await cycle({ type: 'delta' })).toMatchObject({ state: 'succeeded' });
  });

  test('of former times that would be refused now is shown, and not put back', async () => {
    writeFileSync(join(daemon.data, 'configurations', '000002.yaml'), 'version: 0\n');
    const params = { version: 2 };
    expect(await call('getConfigurationVersion', 200, { params })).toMatchObject({ document: null });
    await refused('compareConfiguration', 422, 'CS1004', { params });
    const { digest } = await call('getConfiguration', 200);
    await refused('restoreConfiguration', 422, 'CS1004', { params, headers: { 'If-Match': `"${String(digest)}"` } });
  });

  test('that is wrong in its file stays out, and the one in force stays in', async () => {
    const text = readFileSync(daemon.configurationFile, 'utf8');
    writeFileSync(daemon.configurationFile, text.replace('cloud: sandbox', 'cloud: moon'));
    await refused('reloadConfiguration', 422, 'CS1004');
    writeFileSync(daemon.configurationFile, text.replace('corp.ldf', 'other.ldf'));
    const { digest } = await call('reloadConfiguration', 200);
    writeFileSync(daemon.configurationFile, text);
    expect(await call('reloadConfiguration', 200)).not.toMatchObject({ digest });
  });

  test('is not replaced under a running cycle', async () => {
    const text = readFileSync(daemon.configurationFile, 'utf8');
    const { digest } = await call('getConfiguration', 200);
    const headers = { 'If-Match': `"${String(digest)}"` };
    const { id } = await call('startCycle', 202, { body: { type: 'full' } });
    await refused('reloadConfiguration', 409, 'CS6001');
    await refused('assessConfiguration', 409, 'CS6001', { body: { text } });
    await refused('setConfiguration', 409, 'CS6001', { body: { text: `${text}\n` }, headers });
    await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${String(id)}/events`);
  });
});

describe('the rest', () => {
  test('who reads is told, and by which mappings', async () => {
    const { items: agents } = await call('listAgents', 200);
    const connector = { name: `contoso/${domain}`, state: 'healthy', server: daemon.ldifFile, controllers: [] };
    expect(agents).toMatchObject([{ name: 'built-in', builtIn: true, state: 'online', domains: [connector] }]);
    const query = { kind: 'user', target: 'CITY' };
    const { items } = await call('listAttributeMappings', 200, { query });
    expect(items).toMatchObject([{ target: 'city', attributes: ['l'], precedence: [{ forest: 'contoso' }] }]);
    const all = (await call('listAttributeMappings', 200))['items'] as { kind: string; attributes: string[] }[];
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['user', 'group']));
    const byCn = (await call('listAttributeMappings', 200, { query: { source: 'CN' } }))['items'];
    expect(byCn).toEqual(all.filter(({ attributes }) => attributes.includes('cn')));
    expect((await call('listAttributeMappings', 200, { query: { forest: 'none' } }))['items']).toEqual([]);
    const findings = (await call('checkSurroundings', 200))['items'] as { check: string; state: string }[];
    expect(findings.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['file', 'tenant', 'permission', 'disk']),
    );
    await refused('listAttributeMappings', 400, 'CS7109', { query: { kind: 'moon' } });
  });

  test('expressions are tried out', async () => {
    expect(await call('testExpression', 200, { body: { expression: 'ToUpper([a])', inputs: { a: 'x' } } })).toEqual({
      result: 'X',
    });
    expect(await call('testExpression', 200, { body: { expression: 'IgnoreThisFlow', dialect: 'connect' } })).toEqual({
      ignored: true,
    });
    expect(await call('testExpression', 200, { body: { expression: '(' } })).toMatchObject({
      code: expect.stringMatching(/^CS3/) as unknown,
    });
  });

  test('secrets are kept by name, and never shown', async () => {
    const params = { name: 'corp-dc' };
    const value = 'Canary~Vault.7';
    expect(await call('setSecret', 200, { params, body: { value } })).toEqual({
      name: 'corp-dc',
      at: expect.any(String) as unknown,
    });
    expect(await call('listSecrets', 200)).toMatchObject({ items: [{ name: 'corp-dc' }] });
    expect(await call('removeSecret', 200, { params })).toEqual({ items: [], next: null });
    await refused('removeSecret', 404, 'CS7119', { params });
    expect(daemon.lines.join('\n')).toContain('secretSet');
    expect(daemon.lines.join('\n')).not.toContain(value);
  });

  test('the schedule is changed, suspended and resumed', async () => {
    expect(await call('setSchedule', 200, { body: { delta: '1h', watch: false } })).toMatchObject({
      delta: '1h',
      watch: false,
      overridden: true,
    });
    expect(await call('suspend', 200, { body: { reason: 'maintenance' } })).toMatchObject({
      suspended: { reason: 'maintenance' },
      next: null,
    });
    expect(await call('resume', 200)).toMatchObject({ suspended: null });
    const headers = { 'CloudSync-Actor': 'ada' };
    expect(await call('setSchedule', 200, { body: { delta: null, watch: null }, headers })).toMatchObject({
      overridden: false,
    });
    await call('suspend', 200, { body: {}, headers });
    await call('resume', 200, { headers });
    const { items } = await call('listLog', 200, { query: { limit: 3 } });
    const told = ['resumed', 'suspended', 'scheduleChanged'].map((event) => ({ event, fields: { actor: 'ada' } }));
    expect(items).toMatchObject(told);
  });

  test('who asks is told, and gets a link to the dashboard', async () => {
    expect(await call('getSession', 200)).toEqual({ role: 'operator', actor: 'operator', endsAt: null });
    expect(await call('endSession', 200)).toEqual({ ended: false });
    const link = await call('createDashboardLink', 201, { body: { role: 'reader' } });
    expect(link['url']).toMatch(new RegExp(`^${daemon.url}/dashboard/open/[\\w-]{43}$`));
    const path = '/api/v1/dashboard/links';
    const more = await sendJson(daemon.url, daemon.readerToken, 'POST', path, { role: 'operator' });
    client.check(client.contract.of('createDashboardLink'), more);
    expect(more.status).toBe(403);
  });

  test('the log is read and followed', async () => {
    const { items } = await call('listLog', 200, { query: { level: 'debug', limit: 5 } });
    expect(items).toHaveLength(5);
    const query = { subsystem: 'engine', event: 'cycleEnded', limit: 1 };
    const ended = (await call('listLog', 200, { query }))['items'] as { seq: number }[];
    expect(ended).toMatchObject([{ subsystem: 'engine', event: 'cycleEnded' }]);
    const before = await call('listLog', 200, { query: { ...query, cursor: String(ended[0]?.seq) } });
    expect(before['items']).toMatchObject([{ event: 'cycleEnded' }]);
    expect(before['items']).not.toEqual(ended);
    expect(await call('listLog', 200, { query: { subsystem: 'none' } })).toEqual({ items: [], next: null });
    const suspending = { query: { event: 'suspended' } };
    const following = client.events('watchLog', suspending, (events) => events.length > 0);
    const nudge = setInterval(() => void call('suspend', 200, { body: {} }), 50);
    expect((await following).map(({ data }) => data)).toContainEqual(expect.objectContaining({ event: 'suspended' }));
    clearInterval(nudge);
    await call('resume', 200);
  });

  test('passwords are synced where the target takes them', async () => {
    const configuration = configurationText('sandbox').replace('cloud: sandbox', 'cloud: sandbox\n  target: syncApi');
    await using other = await startTestService({ tenant: 'sandbox', configuration });
    const answer = await sendJson(other.url, other.token, 'POST', '/api/v1/passwords/sync');
    client.check(client.contract.of('syncPasswords'), answer);
    expect(answer.status).toBe(200);
  });

  test('streams are limited in number', async () => {
    const controller = new AbortController();
    const open = Array.from({ length: 64 }, () =>
      fetch(`${daemon.url}/api/v1/log/events`, {
        headers: { authorization: `Bearer ${daemon.token}` },
        signal: controller.signal,
      }),
    );
    await Promise.all(open);
    await refused('watchLog', 503, 'CS7113');
    await refused('watchCycle', 503, 'CS7113', { params: { cycle: 1 } });
    controller.abort();
  });
});

test('no answer of the document was left out', () => {
  const all = client.contract.operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses).map((status) => `${operationId} ${status}`),
  );
  // A defect and the moment of stopping cannot be asked for; the streams' 503 was seen above.
  // What a configuration interrupts is in replaced.test.ts.
  const unasked = all.filter((name) => !client.seen.has(name) && !/ (500|503)$|^checkSurroundings 409$/.test(name));
  expect(unasked).toEqual([]);
});
