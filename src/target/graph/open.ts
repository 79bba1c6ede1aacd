import type { TargetEnvironment, TenantAccess } from '../access.ts';
import { TargetUnavailableHereError } from '../errors.ts';
import type { Target } from '../target.ts';
import type { GraphOptions } from './options.ts';

/** Writes a tenant through Microsoft Graph. Opens nothing yet: `check` signs in. */
export function openGraphTarget(
  _access: TenantAccess,
  _environment: TargetEnvironment,
  _options: GraphOptions = {},
): Target {
  throw new TargetUnavailableHereError('graph');
}
