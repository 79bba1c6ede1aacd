import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvents, sendJson } from './http.ts';
import { startTestService } from './service.ts';

test('nothing in the data folder is open to another account, while the daemon runs', async () => {
  await using daemon = await startTestService({ tenant: 'sandbox' });
  const started = await sendJson(daemon.url, daemon.token, 'POST', '/api/v1/cycles', { type: 'full' });
  const { id } = JSON.parse(started.text) as { id: number };
  await readEvents(daemon.url, daemon.token, `/api/v1/cycles/${id}/events`);
  await sendJson(daemon.url, daemon.token, 'PUT', '/api/v1/secrets/dc', { value: 'secret' });
  const files = readdirSync(daemon.data, { recursive: true }).map(String);
  expect(files).toEqual(expect.arrayContaining(['state.db', 'state.db-wal', 'token', 'vault.json', 'lock.db']));
  const mode = (file: string): number => statSync(join(daemon.data, file)).mode & 0o077;
  // The certificate of the embedded tenant is for clients to have.
  expect(files.filter((file) => mode(file) !== 0 && !file.endsWith('ca.pem'))).toEqual([]);
  expect(mode('.')).toBe(0);
});
