import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Patience } from '../../daemon/api/server.ts';
import { openDataFolder } from '../../daemon/data-folder.ts';
import { openService, type Service } from '../../daemon/service.ts';
import { loadConfiguration } from '../../src/config/index.ts';

/** A daemon of a test: the real one, in this process, on a small directory. */
export interface TestService extends AsyncDisposable {
  readonly service: Service;
  readonly url: string;
  readonly token: string;
  readonly readerToken: string;
  readonly folder: string;
  readonly data: string;
  readonly configurationFile: string;
  readonly ldifFile: string;
  /** Every line of its log. */
  readonly lines: readonly string[];
}

export interface TestServiceOptions {
  /** `sandbox`: the embedded tenant. `nobody`: a tenant that does not answer. */
  readonly tenant: 'sandbox' | 'nobody';
  readonly ldif?: string;
  readonly more?: string;
  readonly eventCreate?: string;
  /** That of a former start, to be started on again; whoever made it removes it. */
  readonly folder?: string;
  readonly patience?: Patience;
  /** In place of the text made of the above. */
  readonly configuration?: string;
}

/** The secret the tenant that does not answer would be signed in to with. */
export const tenantSecret = 'Tenant~Secret.1';

export const domain = 'corp.contoso.test';
export const root = 'DC=corp,DC=contoso,DC=test';

let guids = 0;

/** One record of an LDIF file. */
export function record(
  dn: string,
  classes: readonly string[],
  attributes: Readonly<Record<string, string>> = {},
): string {
  guids += 1;
  const guid = Buffer.alloc(16);
  guid.writeUInt32BE(guids, 12);
  const lines = [
    `dn: ${dn}`,
    ...classes.map((name) => `objectClass: ${name}`),
    ...Object.entries(attributes).map(([name, value]) => `${name}: ${value}`),
    `objectGUID:: ${guid.toString('base64')}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

export function user(name: string, more: Readonly<Record<string, string>> = {}): string {
  return record(`CN=${name},OU=People,${root}`, ['user'], {
    cn: name,
    sAMAccountName: name,
    userPrincipalName: `${name}@${domain}`,
    displayName: name,
    userAccountControl: '512',
    ...more,
  });
}

/** Three users, one of them left out, a group of two, and a contact Graph cannot write. */
export function smallDirectory(): string {
  return [
    record(root, ['domainDNS'], { dc: 'corp' }),
    record(`OU=People,${root}`, ['organizationalUnit'], { ou: 'People' }),
    user('ada'),
    user('grace', { manager: `CN=ada,OU=People,${root}` }),
    user('system', { isCriticalSystemObject: 'TRUE' }),
    record(`CN=compilers,OU=People,${root}`, ['group'], {
      cn: 'compilers',
      sAMAccountName: 'compilers',
      groupType: '-2147483646',
      member: `CN=ada,OU=People,${root}`,
    }),
    record(`CN=partner,OU=People,${root}`, ['contact'], { cn: 'partner', mail: 'partner@fabrikam.test' }),
  ].join('');
}

export async function startTestService({
  tenant,
  ldif = smallDirectory(),
  more = '',
  eventCreate,
  folder: former,
  patience,
  configuration = configurationText(tenant, more),
}: TestServiceOptions): Promise<TestService> {
  await using disposables = new AsyncDisposableStack();
  const folder = former ?? mkdtempSync(join(tmpdir(), 'cloudsync-daemon-'));
  if (former === undefined) disposables.defer(() => rmSync(folder, { recursive: true, force: true }));
  const ldifFile = join(folder, 'corp.ldf');
  writeFileSync(ldifFile, ldif);
  const configurationFile = join(folder, 'cloudsync.yaml');
  writeFileSync(configurationFile, configuration);
  const data = disposables.use(openDataFolder(join(folder, 'data')));
  const lines: string[] = [];
  const service = disposables.use(
    await openService({
      configuration: loadConfiguration(configurationFile),
      folder: data,
      listen: { host: '127.0.0.1', port: 0, ...(patience === undefined ? {} : { patience }) },
      logLevel: 'debug',
      eventCreate,
      echo: (line) => lines.push(line),
      env: { ...process.env, TENANT_SECRET: tenantSecret },
      now: () => new Date(),
      died: (error) => lines.push(`died: ${error.message}`),
    }),
  );
  const kept = disposables.move();
  return {
    service,
    url: service.url,
    token: readFileSync(service.tokens.operatorFile, 'utf8'),
    readerToken: readFileSync(service.tokens.readerFile, 'utf8'),
    folder,
    data: data.path,
    configurationFile,
    ldifFile,
    lines,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

export function configurationText(tenant: TestServiceOptions['tenant'], more = ''): string {
  const access =
    tenant === 'sandbox'
      ? 'cloud: sandbox'
      : `cloud: custom
  credential: { clientId: app, clientSecret: { env: TENANT_SECRET } }
  endpoints: { graph: "https://127.0.0.1:9", authority: "https://127.0.0.1:9" }`;
  return `version: 1
tenant:
  id: contoso.test
  ${access}
forests:
  - name: contoso
    domains:
      - { name: ${domain}, ldif: ./corp.ldf }
${more}`;
}
