import type { Configuration } from '../config/index.ts';
import type { CloudSyncError } from '../model/index.ts';
import { knownOf, type PlanRow, type StateReader, type TenantRow } from '../state/index.ts';
import { type OperationType, QuarantinedValueError, type TargetProfile } from '../target/index.ts';
import { creation, type Desired, differences, readDesired } from './desired.ts';
import {
  InvalidSoftMatchError,
  PinnedError,
  PrivilegedObjectError,
  SoftMatchHeldError,
  TenantDriftError,
} from './object-errors.ts';
import type { Payload } from './payload.ts';

interface OwnOperation {
  readonly type: OperationType;
  readonly payload: Payload;
  readonly tenantId: TenantRow['tenant_id'] | null;
  /** Not to go out before a person has approved it. */
  readonly hold?: { readonly by: string; readonly error: string };
}

/** How the tenant's object of an identity was found. */
export type Match =
  | { readonly by: 'known' | 'anchor'; readonly tenant: TenantRow }
  | { readonly by: 'userPrincipalName' | 'mail'; readonly value: string; readonly tenant: TenantRow };

/** What planning one identity comes to: nothing to do, operations, or a reason why not; and by what it was matched. */
export type ObjectPlan = { readonly match: Match | undefined } & (
  | { readonly outcome: 'clean' }
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'held'; readonly error: CloudSyncError }
  | { readonly outcome: 'operations'; readonly operations: readonly OwnOperation[] }
);

/** What planning an object needs of the engine: data alone. */
export interface PlanningContext {
  readonly configuration: Configuration;
  readonly profile: TargetProfile;
}

/** Compares what an identity should be with what the tenant is known to hold of it. Only looks. */
export function planObject(context: PlanningContext, read: Reads, row: PlanRow, now: string): ObjectPlan {
  const known = read.tenant.byIdentity(row.id);
  const match = known === undefined ? findMatch(read, row) : { by: 'known' as const, tenant: known };
  if (row.error !== null || isWaiting(row, now)) return { match, outcome: 'waiting' };
  const change = difference(context, row, match);
  // There is nothing to keep it from where the tenant has it as it should be.
  const pin = change.outcome === 'clean' ? undefined : read.pins.of(row.id, '');
  if (pin !== undefined && sameHash(pin.desired_hash, row.desired_hash))
    return { match, outcome: 'held', error: new PinnedError(row.display_name, pin) };
  return { match, ...change };
}

type Reads = Pick<StateReader, 'pins' | 'tenant'>;
type Difference =
  | { readonly outcome: 'clean' }
  | { readonly outcome: 'held'; readonly error: CloudSyncError }
  | { readonly outcome: 'operations'; readonly operations: readonly OwnOperation[] };

const clean: Difference = { outcome: 'clean' };

function difference(context: PlanningContext, row: PlanRow, match: Match | undefined): Difference {
  if (row.desired === null) return match?.by === 'known' ? planRemoval(context, row, match.tenant) : clean;
  const desired = readDesired(row.desired);
  const reports = row.cause === 'tenantDrift' && context.configuration.drift === 'report';
  const drift = (attributes: readonly string[]): Difference => ({
    outcome: 'held',
    error: new TenantDriftError(row.display_name, attributes),
  });
  if (reports && (match === undefined || match.by === 'userPrincipalName' || match.by === 'mail')) return drift([]);
  if (match === undefined)
    return {
      outcome: 'operations',
      operations: [{ type: 'create', payload: { attributes: creation(desired) }, tenantId: null }],
    };
  if (match.by === 'userPrincipalName' || match.by === 'mail') return adoption(context, row, desired, match);
  const found = match.tenant;
  // Somebody took its anchor away, by which it would be found again.
  const detached = found.anchor !== row.anchor;
  if ((match.by === 'anchor' || detached) && found.privileged === 1)
    return { outcome: 'held', error: new PrivilegedObjectError(row.display_name, found.tenant_id, 'adopted') };
  if (reports && found.soft_deleted === 1) return drift([]);
  const operations: OwnOperation[] = [];
  if (found.soft_deleted === 1) operations.push({ type: 'restore', payload: {}, tenantId: found.tenant_id });
  const changes = changesTo(context, row, desired, found);
  const names = Object.keys(changes);
  if (reports && (names.length > 0 || detached)) return drift([...(detached ? ['sourceAnchor'] : []), ...names]);
  // What the tenant set aside it would still give to the object some day, though it is wanted no more.
  const againInWhole = isPartial(row) && operations.length === 0;
  if (detached)
    operations.push({ type: 'adopt', payload: { changes, whole: desired.always }, tenantId: found.tenant_id });
  else if (names.length > 0 || againInWhole) {
    const disables = changes['accountEnabled']?.after === false;
    if (disables && found.privileged === 1)
      return { outcome: 'held', error: new PrivilegedObjectError(row.display_name, found.tenant_id, 'disabled') };
    operations.push(
      disables && names.length === 1
        ? { type: 'disable', payload: { changes }, tenantId: found.tenant_id }
        : {
            type: 'update',
            payload: { changes, ...(context.profile.wholeObjects ? { whole: desired.always } : {}) },
            tenantId: found.tenant_id,
          },
    );
  }
  return operations.length === 0 ? clean : { outcome: 'operations', operations };
}

function adoption(
  context: PlanningContext,
  row: PlanRow,
  desired: Desired,
  { tenant, by, value }: Match & { readonly value: string },
): Difference {
  const object = row.dn ?? row.display_name;
  const found = { id: tenant.tenant_id, by, value };
  if (tenant.anchor !== null) return { outcome: 'held', error: new InvalidSoftMatchError(object, found) };
  if (tenant.privileged === 1)
    return { outcome: 'held', error: new PrivilegedObjectError(object, tenant.tenant_id, 'adopted') };
  const error = new SoftMatchHeldError(object, found);
  const { soft } = context.configuration.matching;
  if (soft === 'never') return { outcome: 'held', error };
  const payload = { changes: changesTo(context, row, desired, tenant), whole: desired.always };
  const held = soft === 'auto' ? {} : { hold: { by: 'softMatch', error: JSON.stringify(error.report()) } };
  return { outcome: 'operations', operations: [{ type: 'adopt', payload, tenantId: tenant.tenant_id, ...held }] };
}

/** The tenant took the object and set a value of it aside. */
export function isPartial({ escrow_code }: Pick<PlanRow, 'escrow_code'>): boolean {
  return escrow_code === QuarantinedValueError.code;
}

/** The tenant refused it, and neither the time to try again has come nor has anything about it changed. */
export function isWaiting(
  row: Pick<PlanRow, 'escrow_retry_at' | 'escrow_hash' | 'desired_hash'>,
  now: string,
): boolean {
  if (row.escrow_retry_at === null || row.escrow_retry_at <= now) return false;
  return sameHash(row.escrow_hash, row.desired_hash);
}

function sameHash(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}

function planRemoval({ configuration }: PlanningContext, row: PlanRow, tenant: TenantRow): Difference {
  if (tenant.soft_deleted === 1) return clean;
  const removal = row.kind === 'user' ? configuration.removal.user : 'delete';
  const enabled = knownOf(tenant).attributes['accountEnabled'] ?? null;
  if (removal === 'keep' || (removal === 'disable' && enabled === false)) return clean;
  if (tenant.privileged === 1) {
    const what = removal === 'disable' ? 'disabled' : 'deleted';
    return { outcome: 'held', error: new PrivilegedObjectError(row.display_name, tenant.tenant_id, what) };
  }
  if (removal === 'disable') {
    const changes = { accountEnabled: { before: enabled, after: false } };
    return {
      outcome: 'operations',
      operations: [{ type: 'disable', payload: { changes }, tenantId: tenant.tenant_id }],
    };
  }
  return { outcome: 'operations', operations: [{ type: 'delete', payload: {}, tenantId: tenant.tenant_id }] };
}

function changesTo({ profile }: PlanningContext, row: PlanRow, desired: Desired, tenant: TenantRow) {
  return differences(profile.kinds[row.kind], desired.always, knownOf(tenant).attributes);
}

/** Looks for the tenant's object of a new identity: by anchor, then by name, then by address. */
function findMatch({ tenant }: Reads, row: PlanRow): Match | undefined {
  const hard = tenant.freeByAnchor(row.kind, row.anchor);
  if (hard !== undefined) return { by: 'anchor', tenant: hard };
  if (row.user_principal_name !== null) {
    const found = tenant.freeByUserPrincipalName(row.kind, row.user_principal_name);
    if (found !== undefined) return { by: 'userPrincipalName', value: row.user_principal_name, tenant: found };
  }
  if (row.mail !== null) {
    const found = tenant.freeByMail(row.kind, row.mail);
    if (found !== undefined) return { by: 'mail', value: row.mail, tenant: found };
  }
  return undefined;
}
