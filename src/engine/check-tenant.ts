import type { LoadedConfiguration } from '../config/index.ts';
import type { PermissionCheck, TargetProfile, TenantAccess, TenantFacts } from '../target/index.ts';
import type { Environment } from './open.ts';
import { openTarget } from './open-target.ts';

/** What signing in to the tenant has shown. */
export interface TenantCheck {
  readonly tenant: TenantFacts;
  readonly target: TargetProfile['name'];
  /** Each permission that is needed, whether the token carries it, and what for. */
  readonly permissions: readonly PermissionCheck[];
}

/** Signs in to the configured tenant, asks it who it is, and compares the token's permissions with those needed. Reads only. */
export async function checkTenant(
  configuration: LoadedConfiguration,
  environment: Environment,
  sandbox: TenantAccess | undefined,
  signal: AbortSignal,
): Promise<TenantCheck> {
  await using target = openTarget(configuration, environment, sandbox);
  const tenant = await target.check(signal);
  return { tenant, target: target.profile.name, permissions: (await target.checkPermissions?.()) ?? [] };
}
