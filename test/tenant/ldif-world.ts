import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/index.ts';
import { type Cycle, type CycleType, openEngine } from '../../src/engine/index.ts';
import { type SampleOptions, writeSampleLdif } from '../e2e/sample-ldif.ts';
import { openTenant, type Tenant, type TenantOptions } from './index.ts';

/** An exported directory, a sandbox tenant over TLS and the engine between them, without a domain controller. */
export interface LdifWorld extends AsyncDisposable {
  readonly tenant: Tenant;
  cycle(type?: CycleType): Promise<Cycle>;
  /** Runs cycles until one writes nothing. */
  converge(): Promise<readonly Cycle[]>;
  /** What a lost disk leaves of the state. */
  forget(): void;
  /** The directory as it is now, exported anew. */
  export(sample: Omit<SampleOptions, 'domain'>): void;
}

/** `more` is YAML to put at the root of the configuration. */
export async function openLdifWorld(
  sample: Omit<SampleOptions, 'domain'>,
  options: TenantOptions = {},
  more = '',
): Promise<LdifWorld> {
  await using disposables = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-ldif-'));
  disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const tenant = disposables.use(await openTenant(options));
  const { sandbox } = tenant;
  const exportSample = (now: typeof sample): void =>
    writeSampleLdif(join(folder, 'contoso.ldf'), { domain: 'contoso.test', ...now });
  exportSample(sample);
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
${more}
`,
  );
  const dataDirectory = join(folder, 'data');
  const kept = disposables.move();

  async function cycle(type: CycleType = 'delta'): Promise<Cycle> {
    await using engine = await openEngine({
      configuration: loadConfiguration(file),
      dataDirectory,
      mode: 'writer',
      environment: { env: { TENANT_SECRET: sandbox.clientSecret }, now: () => new Date(), log: () => undefined },
    });
    return await engine.runCycle({ type, preview: false, trigger: 'manual' }, new AbortController().signal, {
      started() {},
      progress() {},
    });
  }

  return {
    tenant,
    cycle,
    async converge() {
      const cycles: Cycle[] = [];
      for (let written = -1; written !== sandbox.counters.written; ) {
        if (cycles.length === 12) throw new Error('it does not converge');
        written = sandbox.counters.written;
        cycles.push(await cycle());
      }
      return cycles;
    },
    forget: () => rmSync(dataDirectory, { recursive: true, force: true }),
    export: exportSample,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
