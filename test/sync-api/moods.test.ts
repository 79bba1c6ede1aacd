import { afterEach, describe, expect, it } from 'vitest';
import type { SandboxProfile } from '../../src/sandbox/index.ts';
import {
  CertificateRefusedError,
  ClientTooOldError,
  ReadTokenLostError,
  RedirectLoopError,
  SyncAccessDeniedError,
  SyncInactiveError,
} from '../../src/target/index.ts';
import { makeIdentity } from '../tls/index.ts';
import { apply, nextId, openSyncWorld, outcome, readAll, ref, type SyncWorld, signal } from './world.ts';

let world: SyncWorld;
afterEach(() => world[Symbol.asyncDispose]());

const create = (name: string) => ({
  operationId: nextId(),
  type: 'create' as const,
  object: ref('user', name),
  attributes: { userPrincipalName: `${name}@corp.contoso.test`, displayName: name, accountEnabled: true },
});
const remove = (name: string) => ({ operationId: nextId(), type: 'delete' as const, object: ref('user', name) });

type FaultRule = NonNullable<NonNullable<SandboxProfile['faults']>['rules']>[number];
const faults = (...rules: readonly FaultRule[]): SandboxProfile => ({
  faults: { rules: [...rules], hangSeconds: 0.05 },
});
const inProvision = { path: 'ProvisionAzureADSyncObjects' };

async function users(): Promise<number> {
  const { value } = await world.get<{ value: readonly unknown[] }>('/v1.0/users?$select=id');
  return value.length;
}

describe('redirects', () => {
  it('follows them hop by hop and stays where they led', async () => {
    world = await openSyncWorld();
    const { port } = new URL(world.sandbox.graphUrl);
    const redirects = [`https://127.0.0.1:${port}`, `https://localhost:${port}`];
    world.sandbox.changeProfile({ syncApi: { redirects } });
    await world.target.check(signal);
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('done');
    expect(world.log.filter((line) => line.includes('syncRedirected'))).toHaveLength(1);
    expect(world.waits).toEqual([]);
  });

  it('gives up where they never end', async () => {
    world = await openSyncWorld();
    const { port } = new URL(world.sandbox.graphUrl);
    const [here, there] = [`https://127.0.0.1:${port}`, `https://localhost:${port}`];
    world.sandbox.changeProfile({ syncApi: { redirects: [here, there, here] } });
    await expect(world.target.check(signal)).rejects.toThrow(RedirectLoopError);
  });
});

describe('a service in a bad mood', () => {
  it('is asked again with growing pauses while it is busy', async () => {
    world = await openSyncWorld(faults({ kind: 'throttled', times: 3, ...inProvision }));
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('done');
    expect(world.waits).toEqual([1000, 2000, 4000]);
  });

  it('is left alone when it stays busy, and nothing is lost', async () => {
    world = await openSyncWorld(faults({ kind: 'throttled', ...inProvision }));
    const [result] = await apply(world.target, create('a'));
    expect(outcome(result)).toBe('failed ServiceBusyError');
    expect(world.waits).toHaveLength(5);
    world.sandbox.changeProfile({ faults: { rules: [] } });
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('done');
  });

  it('is waited for as long as a gateway asks', async () => {
    world = await openSyncWorld(faults({ kind: 'unavailable', times: 1, retryAfterSeconds: 17, ...inProvision }));
    await apply(world.target, create('a'));
    expect(world.waits).toEqual([17_000]);
  });

  it.each([
    ['internalError', 'failed ServiceInternalError'],
    ['gatewayTimeout', 'failed TenantUnavailableError'],
    ['html', 'failed BadAnswerError'],
    ['truncated', 'failed BadAnswerError'],
    ['redirect', 'failed BadAnswerError'],
    ['reset', 'unknown AnswerLostError'],
    ['hang', 'unknown AnswerLostError'],
  ] as const)('passes a moment of %s, and ends a lasting one with an error of its own', async (kind, lasting) => {
    world = await openSyncWorld(faults({ kind, times: 2, ...inProvision }));
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('done');
    world.sandbox.changeProfile(faults({ kind, ...inProvision }));
    expect(outcome((await apply(world.target, create('b')))[0])).toBe(lasting);
  });

  it('is told the same again when only its answer was lost, and makes one object of it', async () => {
    world = await openSyncWorld(faults({ kind: 'reset', when: 'after', times: 2, ...inProvision }));
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('done');
    expect(await users()).toBe(1);
  });

  it('says nothing of what an answer of another shape leaves out', async () => {
    world = await openSyncWorld(faults({ kind: 'wrongShape', times: 1, ...inProvision }));
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('failed ResultMissingError');
  });
});

describe('sign-in', () => {
  it('is by certificate, which the tenant has to know', async () => {
    world = await openSyncWorld();
    const { clientId, applications } = world.sandbox;
    const identity = makeIdentity({ commonName: 'cloudsync' });
    const pem = (): string => identity.certificate + identity.key;
    const access = { credential: { kind: 'certificate' as const, clientId, pem } };
    await expect(world.open({}, {}, access).check(signal)).rejects.toThrow(CertificateRefusedError);
    applications.addCertificate(clientId, identity.certificate);
    expect(await world.open({}, {}, access).check(signal)).toMatchObject({ tenantId: world.sandbox.tenantId });
  });
});

describe('refusals', () => {
  it('names the role that is missing', async () => {
    world = await openSyncWorld();
    world.sandbox.applications.revoke(world.sandbox.clientId, 'syncApi', 'ADSynchronization.ReadWrite.All');
    const error = await world.target.check(signal).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SyncAccessDeniedError);
    expect(error).toMatchObject({ remedy: expect.stringContaining('ADSynchronization.ReadWrite.All') });
  });

  it('tells beforehand whether the role is there', async () => {
    world = await openSyncWorld();
    const role = 'ADSynchronization.ReadWrite.All';
    expect(await world.target.checkPermissions?.()).toMatchObject([{ permission: role, granted: true, by: role }]);
    world.sandbox.applications.revoke(world.sandbox.clientId, 'syncApi', role);
    expect(await world.open().checkPermissions?.()).toMatchObject([{ permission: role, granted: false }]);
  });

  it('takes a fresh token where the old one is no longer good', async () => {
    world = await openSyncWorld();
    await world.target.check(signal);
    world.sandbox.clock.advance(4_000_000);
    await world.target.check(signal);
    expect(world.sandbox.counters.tokens).toBe(2);
  });

  it('says how synchronization is turned on', async () => {
    world = await openSyncWorld({}, { activated: false });
    await expect(world.target.check(signal)).rejects.toThrow(SyncInactiveError);
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('failed SyncInactiveError');
    await world.get(`/beta/organization/${world.sandbox.tenantId}`, 'PATCH', { onPremisesSyncEnabled: true });
    await world.target.check(signal);
    expect(outcome((await apply(world.target, create('a')))[0])).toBe('done');
  });

  it('says that it counts as too old a client', async () => {
    world = await openSyncWorld({ syncApi: { minimumBuild: '2.9' } });
    await expect(world.target.check(signal)).rejects.toThrow(ClientTooOldError);
    await world.open({ build: '2.10.0.0' }).check(signal);
  });

  it('reads in full again when the cookie is too old or none of the service’s', async () => {
    world = await openSyncWorld({ syncApi: { cookieDays: 1 } });
    const { token } = await readAll(world.target);
    await readAll(world.target, token);
    await expect(readAll(world.target, 'bm8gY29va2ll')).rejects.toThrow(ReadTokenLostError);
    await expect(readAll(world.target, '')).rejects.toThrow(ReadTokenLostError);
    world.sandbox.clock.advance(2 * 86_400_000);
    await expect(readAll(world.target, token)).rejects.toThrow(ReadTokenLostError);
  });
});

describe('an export', () => {
  it('stops deleting at the tenant’s own threshold and does the rest', async () => {
    world = await openSyncWorld();
    await apply(world.target, ...['a', 'b', 'c', 'd'].map(create));
    await world.get(`/v1.0/directory/onPremisesSynchronization/${world.sandbox.tenantId}`, 'PATCH', {
      configuration: { accidentalDeletionPrevention: { alertThreshold: 2 } },
    });
    expect(await world.target.check(signal)).toMatchObject({ deleteThreshold: { count: 2 } });
    const results = await apply(world.target, remove('a'), remove('b'), remove('c'), create('e'));
    expect(results.map(outcome)).toEqual([
      'failed TenantDeleteThresholdError',
      'failed TenantDeleteThresholdError',
      'failed TenantDeleteThresholdError',
      'done',
    ]);
    expect((await apply(world.target, remove('a'), remove('b'))).map(outcome)).toEqual(['done', 'done']);
    expect(outcome((await apply(world.target, remove('c')))[0])).toBe('failed TenantDeleteThresholdError');
    await world.target.exportEnded?.(signal);
    expect(outcome((await apply(world.target, remove('c')))[0])).toBe('done');
  });

  it('deletes as much as it is told where the tenant has no threshold', async () => {
    world = await openSyncWorld();
    await world.get(`/v1.0/directory/onPremisesSynchronization/${world.sandbox.tenantId}`, 'PATCH', {
      configuration: { accidentalDeletionPrevention: { synchronizationPreventionType: 'disabled' } },
    });
    expect(await world.target.check(signal)).toMatchObject({
      deleteThreshold: { count: undefined, percent: undefined },
    });
  });

  it('tells the service once that it has ended, and nothing where nothing was sent', async () => {
    world = await openSyncWorld();
    await world.target.exportEnded?.(signal);
    expect(world.sandbox.counters.syncCalls).toBe(0);
    await apply(world.target, create('a'), create('b'));
    const before = world.sandbox.counters.syncCalls;
    await world.target.exportEnded?.(signal);
    await world.target.exportEnded?.(signal);
    expect(world.sandbox.counters.syncCalls - before).toBe(1);
    expect(world.sandbox.directory.facts.get('syncApi.exported')).toBe('2');
  });

  it('is told of again when the service did not hear it', async () => {
    world = await openSyncWorld(faults({ kind: 'internalError', path: 'FinalizeExport', times: 6 }));
    await apply(world.target, create('a'));
    await world.target.exportEnded?.(signal);
    expect(world.log.some((line) => line.startsWith('warn exportNotEnded'))).toBe(true);
    expect(world.sandbox.directory.facts.get('syncApi.exported')).toBeUndefined();
    await world.target.check(signal);
    expect(world.sandbox.directory.facts.get('syncApi.exported')).toBe('1');
  });

  it('changes single features and leaves the others, those nobody knows among them', async () => {
    world = await openSyncWorld();
    const features = world.target.features;
    const before = await features?.read(signal);
    expect([...(before ?? [])].sort()).toEqual(
      [
        'duplicateProxyAddressResiliency',
        'duplicateUpnResiliency',
        'softMatchOnUpn',
        'synchronizeUpnForManagedUsers',
      ].sort(),
    );
    const after = await features?.change(['passwordHashSync'], ['softMatchOnUpn'], signal);
    expect(after?.has('passwordHashSync')).toBe(true);
    expect(after?.has('softMatchOnUpn')).toBe(false);
    expect(world.sandbox.directory.facts.get('syncApi.otherFeatures')).toBe('32768');
    const shown = await world.get<{ features: Record<string, boolean> }>(
      `/v1.0/directory/onPremisesSynchronization/${world.sandbox.tenantId}`,
    );
    expect(shown.features).toMatchObject({ passwordSyncEnabled: true, softMatchOnUpnEnabled: false });
    await expect(features?.change(['noSuchFeature'], [], signal)).rejects.toThrow(/no feature noSuchFeature/);
  });

  it('puts objects into requests of the size it is told, several on their way at once', async () => {
    world = await openSyncWorld({}, { options: { objectsPerRequest: 10, requests: 3 } });
    await world.target.check(signal);
    const before = world.sandbox.counters.syncCalls;
    const results = await apply(world.target, ...Array.from({ length: 95 }, (_, i) => create(`u${i}`)));
    expect(results.every(({ outcome: one }) => one === 'done')).toBe(true);
    expect(world.sandbox.counters.syncCalls - before).toBe(10);
    expect(world.sandbox.counters.syncObjects).toBe(95);
  });
});
