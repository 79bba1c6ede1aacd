import type { CloudSyncError } from '../model/index.ts';
import { knownOf, type PlanRow, type StateTransactor, type TenantRow } from '../state/index.ts';
import type { OperationType } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import { creation, type Desired, differences, readDesired } from './desired.ts';
import { InvalidSoftMatchError, PrivilegedObjectError, SoftMatchHeldError } from './errors.ts';
import type { Payload } from './payload.ts';

/** What planning one identity comes to: nothing to do, operations, or a reason why not. */
export type ObjectPlan =
  | { readonly outcome: 'clean' }
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'held'; readonly error: CloudSyncError }
  | {
      readonly outcome: 'operations';
      readonly operations: readonly {
        readonly type: OperationType;
        readonly payload: Payload;
        readonly tenantId: TenantRow['tenant_id'] | null;
      }[];
    };

const clean: ObjectPlan = { outcome: 'clean' };

/** Compares what an identity should be with what the tenant is known to hold of it. */
export function planObject(context: EngineContext, tx: StateTransactor, row: PlanRow, now: string): ObjectPlan {
  if (row.error !== null || isWaiting(row, now)) return { outcome: 'waiting' };
  const tenant = tx.tenant.byIdentity(row.id);
  if (row.desired === null) return planRemoval(row, tenant);
  const desired = readDesired(row.desired);
  const found = tenant ?? match(context, tx, row);
  if (found === undefined)
    return {
      outcome: 'operations',
      operations: [{ type: 'create', payload: { attributes: creation(desired) }, tenantId: null }],
    };
  if ('error' in found) return { outcome: 'held', error: found.error };
  if ('adopt' in found)
    return one('adopt', { changes: changesTo(context, row, desired, found.adopt), whole: desired.always }, found.adopt);
  const operations: { type: OperationType; payload: Payload; tenantId: TenantRow['tenant_id'] }[] = [];
  if (found.soft_deleted === 1) operations.push({ type: 'restore', payload: {}, tenantId: found.tenant_id });
  const changes = changesTo(context, row, desired, found);
  const names = Object.keys(changes);
  if (names.length > 0) {
    const disables = changes['accountEnabled']?.after === false;
    if (disables && found.privileged === 1)
      return { outcome: 'held', error: new PrivilegedObjectError(row.display_name, found.tenant_id, 'disabled') };
    operations.push(
      disables && names.length === 1
        ? { type: 'disable', payload: { changes }, tenantId: found.tenant_id }
        : {
            type: 'update',
            payload: { changes, ...(context.target.profile.wholeObjects ? { whole: desired.always } : {}) },
            tenantId: found.tenant_id,
          },
    );
  }
  return operations.length === 0 ? clean : { outcome: 'operations', operations };
}

/** The tenant refused it, and neither the time to try again has come nor has anything about it changed. */
export function isWaiting(
  row: Pick<PlanRow, 'escrow_retry_at' | 'escrow_hash' | 'desired_hash'>,
  now: string,
): boolean {
  if (row.escrow_retry_at === null || row.escrow_retry_at <= now) return false;
  if (row.escrow_hash === null || row.desired_hash === null) return row.escrow_hash === row.desired_hash;
  return Buffer.compare(row.escrow_hash, row.desired_hash) === 0;
}

function planRemoval(row: PlanRow, tenant: TenantRow | undefined): ObjectPlan {
  if (tenant === undefined || tenant.soft_deleted === 1) return clean;
  if (tenant.privileged === 1)
    return { outcome: 'held', error: new PrivilegedObjectError(row.display_name, tenant.tenant_id, 'deleted') };
  return one('delete', {}, tenant);
}

function one(type: OperationType, payload: Payload, tenant: TenantRow): ObjectPlan {
  return { outcome: 'operations', operations: [{ type, payload, tenantId: tenant.tenant_id }] };
}

function changesTo(context: EngineContext, row: PlanRow, desired: Desired, tenant: TenantRow) {
  return differences(context.target.profile.kinds[row.kind], desired.always, knownOf(tenant).attributes);
}

/** Looks for the tenant's object of a new identity: by anchor, then by name and address as the configuration allows. */
function match(
  context: EngineContext,
  tx: StateTransactor,
  row: PlanRow,
): TenantRow | { readonly adopt: TenantRow } | { readonly error: CloudSyncError } | undefined {
  const hard = tx.tenant.freeByAnchor(row.kind, row.anchor);
  if (hard !== undefined) {
    tx.tenant.link(row.id, hard.tenant_id);
    return hard;
  }
  const soft = softMatch(tx, row);
  if (soft === undefined) return undefined;
  const { tenant, by, value } = soft;
  const object = row.dn ?? row.display_name;
  if (tenant.anchor !== null) return { error: new InvalidSoftMatchError(object, { id: tenant.tenant_id, by, value }) };
  if (tenant.privileged === 1) return { error: new PrivilegedObjectError(object, tenant.tenant_id, 'adopted') };
  if (context.configuration.matching.soft === 'auto') return { adopt: tenant };
  return { error: new SoftMatchHeldError(object, { id: tenant.tenant_id, by, value }) };
}

function softMatch(
  tx: StateTransactor,
  row: PlanRow,
): { readonly tenant: TenantRow; readonly by: string; readonly value: string } | undefined {
  if (row.user_principal_name !== null) {
    const tenant = tx.tenant.freeByUserPrincipalName(row.kind, row.user_principal_name);
    if (tenant !== undefined) return { tenant, by: 'userPrincipalName', value: row.user_principal_name };
  }
  if (row.mail !== null) {
    const tenant = tx.tenant.freeByMail(row.kind, row.mail);
    if (tenant !== undefined) return { tenant, by: 'mail', value: row.mail };
  }
  return undefined;
}
