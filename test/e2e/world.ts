import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/index.ts';
import { type Cycle, type CycleType, type Engine, openEngine } from '../../src/engine/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { watchCsdl } from '../csdl/index.ts';
import { type Forest, type ForestOptions, startForest } from '../samba/index.ts';
import { httpsJson } from './https-json.ts';

/** Samba forests, a sandbox tenant over TLS and the engine between them, as an admin would set them up. */
export interface World extends AsyncDisposable {
  readonly forest: Forest;
  /** With the further ones, in their order. */
  readonly forests: readonly Forest[];
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly configurationFile: string;
  /** Writes the configuration anew: YAML to put under each forest's `scope` key, in their order, and at the root. */
  configure(scopes: readonly string[], more?: string): void;
  /** Opens the engine, runs one cycle and closes it, as `cloudsync cycle` does. */
  cycle(type?: CycleType, preview?: boolean): Promise<Cycle>;
  /** `now`: the engine's clock, where it is another than the machine's. */
  withEngine<T>(work: (engine: Engine) => Promise<T>, now?: () => Date): Promise<T>;
  /** Reads the tenant by plain HTTPS. */
  get<T>(path: string): Promise<T>;
  patch(path: string, body: unknown): Promise<void>;
  user(userPrincipalName: string, select?: string): Promise<Record<string, unknown> | undefined>;
  group(displayName: string): Promise<Record<string, unknown> | undefined>;
  members(groupId: unknown): Promise<readonly string[]>;
}

export interface WorldOptions {
  readonly realm?: string;
  readonly netbios?: string;
  /** Forests beside the first. */
  readonly others?: readonly ForestOptions[];
  /** Reads this one, which runs already and goes on running. */
  readonly forest?: Forest;
  /** YAML to put under the forest's `scope` key and at the document's root. */
  readonly scope?: string;
  readonly more?: string;
  readonly target?: 'graph' | 'syncApi';
}

export async function openWorld({
  realm = 'CORP.CONTOSO.TEST',
  netbios = 'CORP',
  others = [],
  forest: running,
  scope = '',
  more = '',
  target = 'graph',
}: WorldOptions = {}): Promise<World> {
  await using disposables = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-e2e-'));
  disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const started = await Promise.all(
    [...(running === undefined ? [{ realm, netbios }] : []), ...others].map(startForest),
  );
  for (const one of started) disposables.use(one);
  const forests = [...(running === undefined ? [] : [running]), ...started];
  const [forest] = forests;
  if (forest === undefined) throw new Error('a world has a forest');
  const watch = watchCsdl();
  disposables.defer(() => {
    const [first] = watch.violations;
    if (first !== undefined) throw new Error(`against Graph's schema: ${JSON.stringify(first)}`);
  });
  const sandbox = disposables.use(
    await startSandbox({
      listen: { host: '127.0.0.1', port: 0 },
      dataDirectory: join(folder, 'sandbox'),
      domains: forests.map(({ domain }) => domain),
      validate: watch.see,
    }),
  );
  if (target === 'syncApi') sandbox.directory.facts.set('organization.onPremisesSyncEnabled', 'true');
  const configurationFile = join(folder, 'cloudsync.yaml');
  const configure: World['configure'] = (scopes, root = more) =>
    writeFileSync(configurationFile, configurationOf(sandbox, target, forests, scopes, root));
  configure([scope]);
  const env = { TENANT_SECRET: sandbox.clientSecret, DC_PASSWORD: forest.adminPassword };
  const get = httpsJson(sandbox);
  const kept = disposables.move();

  async function withEngine<T>(work: (engine: Engine) => Promise<T>, now = () => new Date()): Promise<T> {
    const configuration = loadConfiguration(configurationFile);
    await using engine = await openEngine({
      configuration,
      dataDirectory: join(folder, 'data'),
      mode: 'writer',
      environment: {
        env,
        now,
        log: (level, event, fields) => process.env['CLOUDSYNC_TEST_LOG'] && console.log(level, event, fields),
      },
    });
    return await work(engine);
  }

  async function find(path: string): Promise<Record<string, unknown> | undefined> {
    const { value } = await get<{ value: Record<string, unknown>[] }>(path);
    return value[0];
  }

  return {
    forest,
    forests,
    sandbox,
    folder,
    configurationFile,
    configure,
    get,
    patch: (path, body) => get(path, 'PATCH', body),
    withEngine,
    cycle: (type = 'delta', preview = false) =>
      withEngine((engine) =>
        engine.runCycle({ type, preview, trigger: 'manual' }, new AbortController().signal, {
          started() {},
          progress() {},
        }),
      ),
    user: (
      name,
      select = 'id,displayName,userPrincipalName,accountEnabled,department,onPremisesImmutableId,givenName,surname,jobTitle',
    ) =>
      find(
        `/v1.0/users?$filter=${encodeURIComponent(`userPrincipalName eq '${name.replaceAll("'", "''")}'`)}&$select=${select}`,
      ),
    group: (name) =>
      find(`/v1.0/groups?$filter=${encodeURIComponent(`displayName eq '${name.replaceAll("'", "''")}'`)}`),
    async members(id) {
      const { value } = await get<{ value: { displayName: string }[] }>(
        `/v1.0/groups/${String(id)}/members?$select=id,displayName&$top=999`,
      );
      return value.map((member) => member.displayName).sort();
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function configurationOf(
  sandbox: Sandbox,
  target: 'graph' | 'syncApi',
  forests: readonly Forest[],
  scopes: readonly string[],
  more: string,
): string {
  const name = (forest: Forest, i: number): string => (i === 0 ? 'contoso' : (forest.domain.split('.')[0] ?? ''));
  return `version: 1
tenant:
  id: ${sandbox.tenantId}
  cloud: custom
  target: ${target}
  credential: { clientId: ${sandbox.clientId}, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "${sandbox.graphUrl}", authority: "${sandbox.authority}", ca: "${sandbox.ca}" }
forests:
${forests
  .map(
    (forest, i) => `  - name: ${name(forest, i)}
    domains:
      - name: ${forest.domain}
        servers: ["${forest.ldapsUrl}"]
        bind: { user: ${forest.adminUser}, password: { env: DC_PASSWORD } }
        tls: { ca: "${forest.caFile}" }
${(scopes[i] ?? '') === '' ? '' : `    scope:\n${scopes[i]}\n`}`,
  )
  .join('')}${more}
`;
}
