import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sendJson } from './http.ts';
import { configurationText, startTestService } from './service.ts';

test('another configuration does not wait for a domain controller that is being asked', async () => {
  const sockets = new Set<Socket>();
  await using silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const configuration = configurationText('sandbox').replace(
    '{ name: corp.contoso.test, ldif: ./corp.ldf }',
    `{ name: corp.contoso.test, servers: ["ldaps://127.0.0.1:${port}"], bind: { user: svc, password: { env: PATH } } }`,
  );
  await using daemon = await startTestService({ tenant: 'sandbox', configuration });
  const checking = sendJson(daemon.url, daemon.token, 'POST', '/api/v1/checks');
  await once(silent, 'connection');
  writeFileSync(daemon.configurationFile, configurationText('sandbox'));
  const reloaded = await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/configuration/reload');
  expect(reloaded.status).toBe(200);
  const refused = await checking;
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([409, { code: 'CS7013', retry: 'later' }]);
  const again = await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/checks');
  expect(again.status).toBe(200);
  for (const socket of sockets) socket.destroy();
});

test('what is noted of a configuration is what was loaded, whatever the file says by then', async () => {
  await using daemon = await startTestService({ tenant: 'sandbox' });
  const shown = await sendJson(daemon.url, daemon.token, 'GET', '/api/v1/configuration');
  const { text, digest } = JSON.parse(shown.text) as { text: string; digest: string };
  expect(text).toBe(readFileSync(daemon.configurationFile, 'utf8'));
  rmSync(daemon.configurationFile);
  const gone = await sendJson(daemon.url, daemon.token, 'GET', '/api/v1/configuration');
  expect(JSON.parse(gone.text)).toMatchObject({ text, digest });
});

test('a damaged history is told by its file, with what to do', async () => {
  await using daemon = await startTestService({ tenant: 'sandbox' });
  const file = join(daemon.data, 'configurations', '000001.json');
  writeFileSync(file, '{"version": "one"}');
  const answer = await sendJson(daemon.url, daemon.token, 'GET', '/api/v1/configuration/versions/1');
  const { code, detail, remedy } = JSON.parse(answer.text) as Record<string, string>;
  expect([answer.status, code]).toEqual([500, 'CS7014']);
  expect(detail).toContain(file);
  expect(remedy).toContain('backup');
});
