import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/index.ts';
import { type Cycle, openEngine } from '../../src/engine/index.ts';
import type { SandboxProfile } from '../../src/sandbox/index.ts';
import { writeSampleLdif } from '../e2e/sample-ldif.ts';
import { openTenant } from './index.ts';

/**
 * The engine against a tenant that loses one answer in twenty after the write took effect: nothing is made twice, and
 * hardly anything is sent twice.
 */

const users = 600;
const groups = 40;
const membersPerGroup = 40;
const managers = users - 1;
const changes = users + groups + (groups * membersPerGroup) / 20 + managers;
const unsafe = ['POST', 'PATCH', 'PUT', 'DELETE'];

async function lose(
  profile: SandboxProfile,
  check: (sandboxOf: Awaited<ReturnType<typeof openTenant>>, cycles: readonly Cycle[]) => Promise<void>,
) {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-lost-'));
  await using tenant = await openTenant();
  try {
    const { sandbox } = tenant;
    writeSampleLdif(join(folder, 'contoso.ldf'), { domain: 'contoso.test', users, groups, membersPerGroup });
    const file = join(folder, 'cloudsync.yaml');
    writeFileSync(
      file,
      `version: 1
tenant:
  id: ${sandbox.tenantId}
  cloud: custom
  credential: { clientId: ${sandbox.clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${sandbox.graphUrl}", authority: "${sandbox.authority}", ca: "${sandbox.ca}" }
forests:
  - name: contoso
    domains: [{ name: contoso.test, ldif: ./contoso.ldf }]
`,
    );
    await using engine = await openEngine({
      configuration: loadConfiguration(file),
      dataDirectory: join(folder, 'data'),
      mode: 'writer',
      environment: { env: { TENANT_SECRET: sandbox.clientSecret }, now: () => new Date(), log: () => undefined },
    });
    const cycles: Cycle[] = [];
    sandbox.changeProfile(profile);
    for (let written = -1; written !== sandbox.counters.written; ) {
      written = sandbox.counters.written;
      cycles.push(
        await engine.runCycle({ type: 'delta', preview: false, trigger: 'manual' }, new AbortController().signal, {
          started() {},
          progress() {},
        }),
      );
      expect(cycles.length).toBeLessThan(12);
    }
    await check(tenant, cycles);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each<readonly [string, SandboxProfile]>([
  [
    'of single writes',
    { faults: { seed: 7, rules: [{ kind: 'gatewayTimeout', when: 'after', methods: unsafe, rate: 0.05 }] } },
  ],
  ['of whole batches', { faults: { seed: 7, rules: [{ kind: 'reset', when: 'after', methods: unsafe, rate: 0.05 }] } }],
  [
    'of both kinds, with changes that show more than once',
    {
      faults: {
        seed: 11,
        rules: [
          { kind: 'gatewayTimeout', when: 'after', methods: unsafe, rate: 0.03 },
          { kind: 'truncated', when: 'after', methods: unsafe, rate: 0.02 },
        ],
      },
      delta: { replays: 5 },
    },
  ],
])('answers %s are lost: no duplicate, at most 1.02 writes to a change', async (_, profile) => {
  await lose(profile, async ({ sandbox, get }, cycles) => {
    expect(sandbox.counters.faults).toBeGreaterThanOrEqual(4);
    const { objects } = sandbox.directory;
    expect([objects.count('user', 'live'), objects.count('group', 'live')]).toEqual([users, groups]);
    expect(sandbox.counters.writes / changes).toBeLessThanOrEqual(1.02);
    expect(cycles.at(-1)).toMatchObject({ state: 'succeeded', counts: { created: 0, failed: 0 } });
    const { value } = await get<{ value: { id: string; displayName: string }[] }>(
      '/v1.0/groups?$select=id,displayName&$top=999',
    );
    for (const { id } of value) {
      const members = await get<{ value: unknown[] }>(`/v1.0/groups/${id}/members?$select=id&$top=999`);
      expect(members.value).toHaveLength(membersPerGroup);
    }
  });
});
