import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfiguration } from '../../src/config/index.ts';
import { engineOver, supportOf } from '../../src/engine/index.ts';
import { connectorName, domainDn } from '../../src/model/index.ts';
import { compileRules } from '../../src/rules/index.ts';
import type { SandboxProfile } from '../../src/sandbox/index.ts';
import { openState } from '../../src/state/index.ts';
import { openTenant } from '../tenant/index.ts';
import { domain, VolumeSource } from './volume.ts';

/**
 * `quota-run.ts JSON`: a first sync of so many users and memberships into the sandbox tenant over TLS, under its token
 * buckets and in virtual time. Prints how long it took by that time, and what the tenant counted.
 */

interface Task {
  readonly users: number;
  readonly groups: readonly number[];
  /** Share of the writes that go wrong. */
  readonly faults: number;
  readonly seed: number;
}

export interface QuotaRun {
  /** Virtual seconds. */
  readonly seconds: number;
  readonly cycles: number;
  readonly writes: number;
  readonly written: number;
  /** Refused by a quota, faults left out. */
  readonly throttled: number;
  readonly faults: number;
  readonly users: number;
  readonly memberships: number;
}

const { users, groups, faults, seed } = JSON.parse(process.argv[2] ?? '{}') as Task;
const unsafe = ['POST', 'PATCH', 'PUT', 'DELETE'];
const kinds = ['throttled', 'unavailable', 'internalError', 'gatewayTimeout'] as const;
const profile: SandboxProfile = {
  quotas: { throttling: true },
  faults: {
    seed,
    rules: kinds.map((kind) => ({
      kind,
      when: kind === 'gatewayTimeout' ? 'after' : 'before',
      methods: unsafe,
      rate: faults / kinds.length,
      retryAfterSeconds: 10,
    })),
  },
};

const folder = mkdtempSync(join(tmpdir(), 'cloudsync-b5-'));
try {
  await using tenant = await openTenant({ virtual: true, validate: false, domains: [domain], profile });
  const { sandbox, clock, target } = tenant;
  const name = connectorName('volume', domain);
  const { document, errors } = checkConfiguration(
    'bench.yaml',
    `version: 1
tenant: { id: volume, cloud: sandbox }
forests: [{ name: volume, domains: [{ name: ${domain}, ldif: ./none.ldf }] }]
`,
  );
  if (document === undefined) throw errors[0];
  using state = openState(join(folder, 'state.db'));
  const source = new VolumeSource(name, { users, groups });
  const engine = engineOver({
    configuration: document,
    rules: compileRules(document, supportOf(target.profile)),
    state,
    target,
    connectors: [{ name, forest: 'volume', domain, domainDn: domainDn(domain) }],
    source: async () => source,
    now: clock.now,
    log() {},
  });
  const begin = clock.now().getTime();
  let ended = begin;
  let cycles = 0;
  for (let written = -1; written !== sandbox.counters.written; cycles += 1) {
    written = sandbox.counters.written;
    const cycle = await engine.runCycle(
      { type: 'delta', preview: false, trigger: 'manual' },
      new AbortController().signal,
      { started() {}, progress() {} },
    );
    if (cycle.state !== 'succeeded') throw new Error(JSON.stringify(cycle.error));
    // A cycle that writes nothing shows that all is done, and does not count.
    if (written !== sandbox.counters.written) ended = clock.now().getTime();
  }
  const { counters, directory } = sandbox;
  const result: QuotaRun = {
    seconds: (ended - begin) / 1000,
    cycles,
    writes: counters.writes,
    written: counters.written,
    throttled: counters.throttled,
    faults: counters.faults,
    users: directory.objects.count('user', 'live'),
    memberships: groups.reduce((sum, size) => sum + size, 0),
  };
  console.log(JSON.stringify(result));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
