import type { LoadedConfiguration } from '../config/index.ts';
import type { TenantAccess } from '../target/index.ts';
import { checkDirectories } from './check-directory.ts';
import { checkTenant } from './check-tenant.ts';
import { type Finding, failed, passed } from './finding.ts';
import type { Environment } from './open.ts';

/** Looks at all that is outside: each domain's controllers, and the tenant with the permissions it grants. */
export async function checkAll(
  configuration: LoadedConfiguration,
  environment: Environment,
  sandbox: TenantAccess | undefined,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const all = [
    checkDirectories(configuration, environment, signal),
    Array.fromAsync(tenantFindings(configuration, environment, sandbox, signal)),
  ];
  return (await Promise.all(all)).flat();
}

async function* tenantFindings(
  configuration: LoadedConfiguration,
  environment: Environment,
  sandbox: TenantAccess | undefined,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const { id } = configuration.document.tenant;
  try {
    const { tenant, target, permissions } = await checkTenant(configuration, environment, sandbox, signal);
    yield passed(
      'tenant',
      tenant.tenantId,
      `${tenant.displayName} signs the application in, and answers by ${target}.`,
    );
    for (const { permission, why, granted } of permissions) {
      yield granted
        ? passed('permission', permission, `Granted: ${why}.`)
        : {
            check: 'permission',
            subject: permission,
            state: 'failed',
            message: `The application has not got ${permission}, which is needed to ${why}.`,
            remedy:
              'Add it to the application as an application permission of Microsoft Graph, and grant admin consent.',
            code: null,
          };
    }
  } catch (error) {
    signal.throwIfAborted();
    yield failed('tenant', id, error);
  }
}
