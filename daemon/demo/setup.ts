import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { excludedUnit, sampleForest } from './forest.ts';

export interface DemoFiles {
  readonly configuration: string;
  /** The sample directory, one file a domain. */
  readonly ldif: readonly string[];
}

/** Writes the sample forest and its configuration where they are not there yet: what somebody changed stays changed. */
export function writeDemoFiles(dataDirectory: string): DemoFiles {
  const folder = join(dataDirectory, 'demo');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const domains = sampleForest();
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const ldif = domains.map(({ fqdn, ldif }) => write(`${fqdn}.ldf`, ldif));
  const configuration = write('cloudsync.yaml', configurationText(domains.map(({ fqdn }) => fqdn)));
  return { configuration, ldif };
}

function configurationText(domains: readonly string[]): string {
  return `# The demo: a sample forest in two LDIF files, and the embedded sandbox tenant.
version: 1
tenant:
  id: contoso.test
  cloud: sandbox
forests:
  - name: contoso
    domains:
${domains.map((name) => `      - { name: ${name}, ldif: ./${name}.ldf }`).join('\n')}
    scope:
      excludeOrganizationalUnits: ["${excludedUnit}"]
`;
}
