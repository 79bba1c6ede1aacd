import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openForest, optionsFor, request } from '../../test/samba/connect.ts';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { Mirror } from '../../test/samba/mirror.ts';
import { connectorName } from '../model/index.ts';
import {
  type ActiveDirectoryOptions,
  CertificateNameError,
  ClearTextRefusedError,
  ConnectionLostError,
  DomainControllerUnreachableError,
  NotActiveDirectoryError,
  openActiveDirectory,
  type SourceError,
  UntrustedCertificateError,
  WrongPasswordError,
} from './index.ts';

let forest: Forest;

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
});
afterAll(() => forest[Symbol.asyncDispose]());

/** What a full read fails with. */
async function failure(more: Partial<ActiveDirectoryOptions>): Promise<SourceError> {
  await using source = openForest(forest, more);
  return new Mirror().take(source.full(request())).then(
    () => {
      throw new Error('the read succeeded');
    },
    (error: SourceError) => error,
  );
}

test('a wrong password is said as such, and appears nowhere', async () => {
  const error = await failure({ password: () => 'not-the-secret' });
  expect(error).toBeInstanceOf(WrongPasswordError);
  expect(error.message).toContain(forest.ldapsUrl);
  expect(error.message).toContain(forest.adminUser);
  expect(JSON.stringify([error.report(), String(error.cause)])).not.toContain('not-the-secret');
});

test('an unreachable domain controller is named', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const address = closed.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await new Promise((resolve) => closed.close(resolve));
  const error = await failure({ servers: async () => [`ldaps://127.0.0.1:${port}`] });
  expect(error).toBeInstanceOf(DomainControllerUnreachableError);
  expect(error.message).toContain(`ldaps://127.0.0.1:${port}`);
});

test('a server that cannot be reached is passed over for the next', async () => {
  await using source = openForest(forest, { servers: async () => ['ldaps://127.0.0.1:1', forest.ldapsUrl] });
  const reading = await new Mirror().take(source.full(request()));
  expect(reading.server).toBe(forest.ldapsUrl);
});

test('a certificate of an authority nobody named is not trusted', async () => {
  const error = await failure({ tls: {} });
  expect(error).toBeInstanceOf(UntrustedCertificateError);
  expect(error.message).toContain(forest.ldapsUrl);
});

test('a certificate of another name is refused', async () => {
  const tls = { ca: readFileSync(forest.caFile, 'utf8'), serverName: 'dc9.corp.contoso.test' };
  const error = await failure({ tls });
  expect(error).toBeInstanceOf(CertificateNameError);
  expect(error.message).toContain('dc9.corp.contoso.test');
});

test('StartTLS on the port of plain LDAP is taken, with the certificate looked at', async () => {
  const servers = async (): Promise<readonly string[]> => [forest.ldapUrl];
  await using source = openForest(forest, { servers });
  expect((await new Mirror().take(source.full(request()))).server).toBe(forest.ldapUrl);
  expect(await failure({ servers, tls: {} })).toBeInstanceOf(UntrustedCertificateError);
});

test('a certificate is trusted by its fingerprint alone', async () => {
  const { fingerprint256 } = new X509Certificate(readFileSync(join(dirname(forest.caFile), 'cert.pem')));
  await using source = openForest(forest, { tls: { fingerprint: fingerprint256 } });
  expect((await new Mirror().take(source.full(request()))).server).toBe(forest.ldapsUrl);
  const other = fingerprint256.replace(/^../, (pair) => (pair === '00' ? '01' : '00'));
  expect(await failure({ tls: { fingerprint: other } })).toBeInstanceOf(UntrustedCertificateError);
});

test('a domain controller that takes no sign-in in clear text is said to want TLS', async () => {
  const error = await failure({ servers: async () => [forest.ldapUrl], clearText: true });
  expect(error).toBeInstanceOf(ClearTextRefusedError);
  expect(error.message).toContain(forest.ldapUrl);
});

test('a domain controller of another domain is refused', async () => {
  const source = openActiveDirectory({
    ...optionsFor(forest),
    connector: connectorName('test', 'other.test'),
    domain: 'other.test',
    tls: { ca: readFileSync(forest.caFile, 'utf8'), serverName: 'dc1.corp.contoso.test' },
  });
  await using _ = source;
  await expect(new Mirror().take(source.full(request()))).rejects.toBeInstanceOf(NotActiveDirectoryError);
});

test('a domain controller killed in the middle of a read ends it, with nothing said to be complete', async () => {
  await using source = openForest(forest);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const event of source.full(request({ pageSize: 20 }))) {
      seen.push(event.type);
      if (event.type === 'page') await forest.kill();
    }
  })();
  await expect(reading).rejects.toSatisfy(
    (error) => error instanceof ConnectionLostError || error instanceof DomainControllerUnreachableError,
  );
  expect(seen.slice(0, 2)).toEqual(['begin', 'page']);
  expect(seen).not.toContain('complete');
  await forest.start();
  const again = await new Mirror().take(source.full(request()));
  expect(again.objects).toBeGreaterThan(20);
});

test('a domain controller that comes back in the middle of a read is read from the start again', async () => {
  await using source = openForest(forest, { retryDelays: [200, 200, 200, 200, 200] });
  const mirror = new Mirror();
  const begins: number[] = [];
  let pages = 0;
  for await (const event of source.full(request({ pageSize: 20 }))) {
    if (event.type === 'begin') begins.push(pages);
    if (event.type !== 'page') continue;
    pages += 1;
    for (const change of event.changes) mirror.apply(change);
    if (pages !== 1) continue;
    await forest.kill();
    await forest.start();
  }
  expect(begins).toHaveLength(2);
  const fresh = new Mirror();
  await fresh.take(source.full(request()));
  expect(mirror.snapshot()).toEqual(fresh.snapshot());
});

test('a read that is stopped ends at once', async () => {
  await using source = openForest(forest);
  const stop = new AbortController();
  const reading = new Mirror().take(source.full(request({ signal: stop.signal, pageSize: 20 })));
  stop.abort(new Error('stopped by hand'));
  await expect(reading).rejects.toThrow('stopped by hand');
});
