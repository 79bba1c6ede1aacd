import { type LoadedConfiguration, loadConfiguration } from '../../src/config/index.ts';
import { checkDirectories, checkTenant, type Environment } from '../../src/engine/index.ts';
import { SecretVault } from '../vault/vault.ts';
import { command, dataFolderOf, type ExitCode, oneOf, type Terminal } from './command.ts';

export const checkCommand = command({
  name: 'check',
  usage: ['check tenant|directory [--json]'],
  summary:
    'tenant: signs in, says who it is, and lists each permission that is needed, whether the token has it, and what for. directory: asks each domain controller all that a read needs: reach, TLS, sign-in, clock, rights. Only looks.',
  options: { json: { type: 'boolean', default: false } },
  positionals: [1, 1],
  async run({ values, positionals, terminal }) {
    const what = oneOf('What to check', positionals[0], ['tenant', 'directory']);
    const { env, now } = terminal;
    const configuration = loadConfiguration(values.config);
    const vault = new SecretVault(dataFolderOf(values.data, terminal), env);
    const environment = { env, now, vault: (name: string) => vault.get(name), log() {} };
    const check = what === 'tenant' ? tenant : directory;
    return await check(configuration, environment, values.json, terminal);
  },
});

async function tenant(
  configuration: LoadedConfiguration,
  environment: Environment,
  json: boolean,
  { out, signal }: Terminal,
): Promise<ExitCode> {
  if (configuration.document.tenant.cloud === 'sandbox') {
    out(
      json
        ? `${JSON.stringify({ permissions: [] }, null, 2)}\n`
        : 'The embedded sandbox tenant needs no permissions.\n',
    );
    return 0;
  }
  const check = await checkTenant(configuration, environment, undefined, signal);
  const missing = check.permissions.filter(({ granted }) => !granted);
  if (json) out(`${JSON.stringify(check, null, 2)}\n`);
  else {
    const { tenantId, displayName, verifiedDomains } = check.tenant;
    const verified = verifiedDomains.length === 0 ? '' : `; verified: ${verifiedDomains.join(', ')}`;
    out(`${displayName} (${tenantId}), by ${check.target}${verified}\n`);
    for (const { permission, why, granted, by } of check.permissions) {
      const mark = granted ? 'has    ' : 'MISSING';
      out(`  ${mark}  ${permission}${by === undefined || by === permission ? '' : ` (by ${by})`}: ${why}\n`);
    }
  }
  return missing.length === 0 ? 0 : 1;
}

async function directory(
  configuration: LoadedConfiguration,
  environment: Environment,
  json: boolean,
  { out, signal }: Terminal,
): Promise<ExitCode> {
  const findings = await checkDirectories(configuration, environment, signal);
  if (json) out(`${JSON.stringify(findings, null, 2)}\n`);
  else {
    for (const { check, subject, state, message, remedy, code } of findings) {
      const rest = [code, message, remedy].filter((part) => part !== null).join(' ');
      out(`${state.padEnd(7)}  ${check.padEnd(17)}  ${subject}: ${rest}\n`);
    }
  }
  return findings.some(({ state }) => state === 'failed') ? 1 : 0;
}
