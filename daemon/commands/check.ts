import { loadConfiguration } from '../../src/config/index.ts';
import { checkTenant } from '../../src/engine/index.ts';
import { UsageError } from '../errors.ts';
import { command } from './command.ts';

export const checkCommand = command({
  name: 'check',
  usage: ['check tenant [--json]'],
  summary:
    'Signs in to the tenant, says who it is, and lists each permission that is needed, whether the token has it, and what for. Only looks.',
  options: { json: { type: 'boolean', default: false } },
  positionals: [1, 1],
  async run({ values, positionals: [what], terminal }) {
    if (what !== 'tenant') throw new UsageError(`There is nothing called "${what}" to check.`, 'Give "check tenant".');
    const { env, now, out, signal } = terminal;
    const configuration = loadConfiguration(values.config);
    if (configuration.document.tenant.cloud === 'sandbox') {
      throw new UsageError('The embedded sandbox tenant needs no permissions.', 'Name a tenant in the configuration.');
    }
    const check = await checkTenant(configuration, { env, now, log() {} }, undefined, signal);
    const missing = check.permissions.filter(({ granted }) => !granted);
    if (values.json) out(`${JSON.stringify(check, null, 2)}\n`);
    else {
      const { tenantId, displayName, verifiedDomains } = check.tenant;
      out(`${displayName} (${tenantId}), by ${check.target}; verified: ${verifiedDomains.join(', ')}\n`);
      for (const { permission, why, granted, by } of check.permissions) {
        const mark = granted ? 'has    ' : 'MISSING';
        out(`  ${mark}  ${permission}${by === undefined || by === permission ? '' : ` (by ${by})`}: ${why}\n`);
      }
    }
    return missing.length === 0 ? 0 : 1;
  },
});
