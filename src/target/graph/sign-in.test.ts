import { createPublicKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { never, openTenant, type Tenant } from '../../../test/tenant/index.ts';
import { makeIdentity } from '../../../test/tls/index.ts';
import type { TenantAccess } from '../access.ts';
import { customCloud } from '../clouds.ts';
import { PermissionMissingError } from '../object-errors.ts';

let tenant: Tenant;
const identity = makeIdentity({ commonName: 'cloudsync' });

beforeAll(async () => {
  tenant = await openTenant();
  tenant.sandbox.applications.addCertificate(tenant.sandbox.clientId, identity.certificate);
});
afterAll(() => tenant[Symbol.asyncDispose]());

async function failureOf(access: Partial<TenantAccess>, now?: () => Date): Promise<unknown> {
  const target = tenant.open({}, now === undefined ? {} : { now }, access);
  return target.check(never).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const secret = (clientSecret: string): Partial<TenantAccess> => ({
  credential: { kind: 'secret', clientId: tenant.sandbox.clientId, secret: () => clientSecret },
});
const certificate = (pem: string): Partial<TenantAccess> => ({
  credential: { kind: 'certificate', clientId: tenant.sandbox.clientId, pem: () => pem },
});

test('by certificate', async () => {
  const target = tenant.open({}, {}, certificate(identity.certificate + identity.key));
  expect(await target.check(never)).toMatchObject({ tenantId: tenant.sandbox.tenantId });
});

test('by PFX', async () => {
  const key = forge.pki.privateKeyFromPem(identity.key);
  const chain = [forge.pki.certificateFromPem(identity.certificate)];
  const der = forge.asn1.toDer(forge.pkcs12.toPkcs12Asn1(key, chain, 'open sesame')).getBytes();
  const target = tenant.open(
    {},
    {},
    {
      credential: {
        kind: 'pfx',
        clientId: tenant.sandbox.clientId,
        pfx: () => new Uint8Array(Buffer.from(der, 'binary')),
        passphrase: () => 'open sesame',
      },
    },
  );
  expect(await target.check(never)).toMatchObject({ tenantId: tenant.sandbox.tenantId });
});

describe('by the token of another identity provider', () => {
  const trusted = {
    issuer: 'https://cluster.example/oidc',
    subject: 'system:serviceaccount:sync:cloudsync',
    audience: 'api://AzureADTokenExchange',
  };
  const issuer = makeIdentity({ commonName: 'cluster' });
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-federated-'));
  const tokenFile = join(folder, 'token');
  beforeAll(() => {
    const publicKey = createPublicKey(issuer.key).export({ type: 'spki', format: 'pem' }).toString();
    tenant.sandbox.applications.addFederatedIdentity(tenant.sandbox.clientId, { ...trusted, publicKey });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function renew(claims: Record<string, unknown> = {}, key = issuer.key): void {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const seconds = Math.floor(Date.now() / 1000);
    const { issuer: iss, subject: sub, audience } = trusted;
    const payload = { iss, sub, aud: [audience], nbf: seconds, exp: seconds + 600, ...claims };
    const signed = `${part({ typ: 'JWT', alg: 'RS256', kid: '1' })}.${part(payload)}`;
    writeFileSync(tokenFile, `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}\n`);
  }
  const workload = (): Partial<TenantAccess> => ({
    credential: { kind: 'workloadIdentity', clientId: tenant.sandbox.clientId, tokenFile },
  });

  test('that the application trusts', async () => {
    renew();
    expect(await tenant.open({}, {}, workload()).check(never)).toMatchObject({ tenantId: tenant.sandbox.tenantId });
  });

  test.each([
    ['of an issuer', { iss: 'https://elsewhere.example' }, 'AADSTS700211'],
    ['of a subject', { sub: 'system:serviceaccount:other:cloudsync' }, 'AADSTS700213'],
    ['for an audience', { aud: 'https://somebody.example' }, 'AADSTS700212'],
  ])('%s it does not trust is refused', async (_what, claims, reason) => {
    renew(claims);
    expect(await failureOf(workload())).toMatchObject({ code: 'CS4016', message: expect.stringContaining(reason) });
  });

  test('that nobody renewed is refused', async () => {
    renew({ nbf: 1_700_000_000, exp: 1_700_000_600 });
    const message = expect.stringContaining('AADSTS700024, outside its time');
    expect(await failureOf(workload())).toMatchObject({ code: 'CS4016', message });
  });

  test('that somebody else signed is refused, and shown nowhere', async () => {
    renew({}, makeIdentity({ commonName: 'forger' }).key);
    const error = await failureOf(workload());
    expect(error).toMatchObject({ code: 'CS4016', message: expect.stringContaining('AADSTS700027') });
    expect(everything(error)).not.toContain(readFileSync(tokenFile, 'utf8').trim());
  });
});

describe('each way it fails is one error with code and remedy', () => {
  test('a wrong secret, which is never shown', async () => {
    const wrong = 'Wr0ng~secret-that-nobody-may-see';
    const error = await failureOf(secret(wrong));
    expect(error).toMatchObject({ code: 'CS4010', retry: 'never', message: expect.stringContaining('AADSTS7000215') });
    expect(everything(error)).not.toContain(wrong);
  });

  test('an expired secret', async () => {
    const { clientId } = tenant.sandbox;
    tenant.sandbox.applications.addSecret(clientId, 'of-yesterday', { endsAt: Date.now() - 1 });
    expect(await failureOf(secret('of-yesterday'))).toMatchObject({ code: 'CS4011' });
  });

  test('a certificate nobody registered', async () => {
    const other = makeIdentity({ commonName: 'another' });
    const error = await failureOf(certificate(other.certificate + other.key));
    expect(error).toMatchObject({ code: 'CS4014', message: expect.stringMatching(/certificate [0-9A-F]{64}/) });
    expect(everything(error)).not.toContain('PRIVATE KEY');
  });

  test('an application the tenant does not know', async () => {
    const clientId = 'd29ab4ad-0000-4000-8000-1234567890ab';
    const error = await failureOf({ credential: { kind: 'secret', clientId, secret: () => 'x' } });
    expect(error).toMatchObject({ code: 'CS4012', object: clientId });
  });

  test('a tenant that is not there', async () => {
    expect(await failureOf({ tenantId: 'd29ab4ad-0000-4000-8000-1234567890ab' })).toMatchObject({ code: 'CS4013' });
  });

  test('an authority that is not trusted', async () => {
    expect(await failureOf({ ca: identity.certificate })).toMatchObject({ code: 'CS4004', retry: 'never' });
  });

  test('a port nobody listens on', async () => {
    const nowhere = 'https://127.0.0.1:1';
    expect(await failureOf({ cloud: customCloud(nowhere, nowhere) })).toMatchObject({ code: 'CS4003', retry: 'later' });
  });

  test('a permission that is missing, named', async () => {
    const { clientId, clientSecret } = tenant.sandbox.addApplication('poor', ['User.Read.All']);
    const error = await failureOf({ credential: { kind: 'secret', clientId, secret: () => clientSecret } });
    expect(error).toBeInstanceOf(PermissionMissingError);
    expect(error).toMatchObject({ remedy: expect.stringContaining('Organization.Read.All') });
  });
});

test('after a failed sign-in the secret is read anew', async () => {
  let current = 'not yet';
  const target = tenant.open(
    {},
    {},
    { credential: { kind: 'secret', clientId: tenant.sandbox.clientId, secret: () => current } },
  );
  await expect(target.check(never)).rejects.toMatchObject({ code: 'CS4010' });
  current = tenant.sandbox.clientSecret;
  expect(await target.check(never)).toMatchObject({ tenantId: tenant.sandbox.tenantId });
});

test('many requests share one token', async () => {
  const target = tenant.open();
  const { tokens } = tenant.sandbox.counters;
  await Promise.all(Array.from({ length: 10 }, () => target.check(never)));
  expect(tenant.sandbox.counters.tokens - tokens).toBe(1);
});

test('each permission that is needed is listed, with what the token carries', async () => {
  const { clientId, clientSecret } = tenant.sandbox.addApplication('half', [
    'User.ReadWrite.All',
    'Group.ReadWrite.All',
  ]);
  const target = tenant.open({}, {}, { credential: { kind: 'secret', clientId, secret: () => clientSecret } });
  const checks = await target.checkPermissions();
  const granted = Object.fromEntries(checks.map(({ permission, granted: has }) => [permission, has]));
  expect(granted).toEqual({
    'User.ReadWrite.All': true,
    'User.DeleteRestore.All': true,
    'Group.ReadWrite.All': true,
    'GroupMember.ReadWrite.All': true,
    'Organization.Read.All': false,
    'RoleManagement.Read.Directory': false,
    'RoleEligibilitySchedule.Read.Directory': false,
  });
  const all = await tenant.target.checkPermissions();
  expect(all.every((check) => check.granted)).toBe(true);
});

test('a clock that is off is told of', async () => {
  await tenant.target.check(never);
  expect(tenant.events).not.toContain('clockApart');
  tenant.sandbox.changeProfile({ clockSkewSeconds: 1_200 });
  await tenant.target.check(never);
  expect(tenant.events).toContain('clockApart');
});

function everything(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return `${error.message} ${error.stack} ${JSON.stringify(error)} ${cause === undefined ? '' : everything(cause)}`;
}
