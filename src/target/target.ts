import type {
  CloudSyncError,
  ObjectKind,
  SourceAnchor,
  TenantAttributes,
  TenantId,
  TenantValue,
} from '../model/index.ts';
import type { QuotaUse } from './quota.ts';

/** An object of the tenant as an operation names it. The Graph target uses the id, the sync API the anchor. */
export interface TenantRef {
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor;
  /** Known once the object exists. */
  readonly id: TenantId | undefined;
}

export interface AttributeChange {
  readonly before: TenantValue;
  readonly after: TenantValue;
}

/** One planned write, as a target carries it out. `operationId` is the journal's. */
export type Operation = { readonly operationId: number; readonly object: TenantRef } & (
  | { readonly type: 'create'; readonly attributes: TenantAttributes }
  /** `whole` is everything that should be there, for targets that write whole objects. */
  | {
      readonly type: 'update' | 'adopt';
      readonly changes: Readonly<Record<string, AttributeChange>>;
      readonly whole: TenantAttributes;
    }
  | { readonly type: 'disable' | 'delete' | 'restore' }
  /** At most `profile.membersPerWrite` members. */
  | { readonly type: 'addMembers'; readonly attribute: string; readonly members: readonly TenantRef[] }
  | { readonly type: 'removeMember'; readonly attribute: string; readonly member: TenantRef }
  | { readonly type: 'setManager'; readonly manager: TenantRef }
  | { readonly type: 'clearManager' }
);

export type OperationType = Operation['type'];

export type OperationResult = {
  readonly operationId: number;
  /** The tenant's own id of the request, for its support. */
  readonly requestId: string | undefined;
} & (
  | {
      readonly outcome: 'done';
      /** The object's id, when this made or found it. */
      readonly id?: TenantId | undefined;
      /** Members of an `addMembers` that were refused one by one, the others being in. */
      readonly refused?: readonly { readonly member: TenantRef; readonly error: CloudSyncError }[];
      /** What the tenant did not take of it, the rest being in: a duplicate address it set aside. */
      readonly partial?: CloudSyncError | undefined;
    }
  | { readonly outcome: 'failed'; readonly error: CloudSyncError }
  /** Sent, and no answer says whether it took effect: looked up by its anchor before anything is sent again. */
  | { readonly outcome: 'unknown'; readonly error: CloudSyncError }
);

export interface TenantObject {
  readonly id: TenantId;
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor | undefined;
  /** By the engine's target names; only attributes the profile lists. Absent is `null`. */
  readonly attributes: TenantAttributes;
  /** Mastered by Microsoft's own sync (`onPremisesSyncEnabled`). */
  readonly synced: boolean;
  /** Holds or may hold a directory role: never adopted, never deleted. */
  readonly privileged: boolean;
  readonly softDeleted: boolean;
  /**
   * Where the API shows references with the object: all of them, by attribute, each end by its anchor or, without
   * one, by its id. What is not in here the object does not have. Left out, `links` events tell of them.
   */
  readonly links?: Readonly<Record<string, readonly (SourceAnchor | TenantId)[]>> | undefined;
}

export type TenantEvent =
  | { readonly type: 'objects'; readonly objects: readonly TenantObject[] }
  /** `soft`: can be restored. */
  | {
      readonly type: 'removed';
      readonly objects: readonly { readonly kind: ObjectKind; readonly id: TenantId; readonly soft: boolean }[];
    }
  | {
      readonly type: 'links';
      readonly id: TenantId;
      readonly attribute: string;
      readonly added: readonly TenantId[];
      readonly removed: readonly TenantId[];
    }
  /** Comes last, only when all was read. `token` resumes the next read. */
  | { readonly type: 'complete'; readonly token: string };

export interface AttributeSupport {
  /** What the API calls it: `jobTitle`, `onPremisesExtensionAttributes/extensionAttribute1`. */
  readonly name: string;
  readonly write: 'always' | 'create' | 'never';
  /** Values that differ in case only are different. */
  readonly caseExact: boolean;
  /** The tenant does not let it be cleared: no value leaves what is there. */
  readonly required?: true;
}

export type KindSupport =
  | {
      readonly supported: true;
      readonly attributes: ReadonlyMap<string, AttributeSupport>;
      /** The reference attributes it takes. */
      readonly references: ReadonlySet<string>;
      /** Those of which it does not give up the last value. */
      readonly keepsLast?: ReadonlySet<string>;
      /** Why an attribute that is not among them, or is only read, cannot be written. */
      readonly reason?: (attribute: string) => string;
    }
  | { readonly supported: false; readonly reason: string };

/** What a target can be told. Pure data: planning asks it, no request is made. */
export interface TargetProfile {
  readonly name: 'graph' | 'syncApi';
  readonly kinds: Readonly<Record<ObjectKind, KindSupport>>;
  readonly membersPerWrite: number;
  /** A group of more members is not for this tenant; without it, any size is. */
  readonly membersPerGroup?: number | undefined;
  /** Writes whole objects rather than changes. */
  readonly wholeObjects: boolean;
  /**
   * Every operation names its object by the anchor and says how things are to be, not what to do to them: one that was
   * sent and never answered is simply sent again, and nothing need be looked up.
   */
  readonly resendSafe?: true | undefined;
  /** Is this object, mapped so, one the target can write at all? A mail-enabled group is not, through Graph. */
  writable(
    kind: ObjectKind,
    attributes: TenantAttributes,
  ): { readonly writable: true } | { readonly writable: false; readonly reason: string };
  /** The form in which the tenant will give the value back; what does not fit is a reason. */
  normalize(
    kind: ObjectKind,
    attribute: string,
    value: TenantValue,
  ): { readonly value: TenantValue } | { readonly problem: string };
}

/** Writes one tenant. Sends nothing that is not safe to send again, or says `unknown`. */
export interface Target extends AsyncDisposable {
  readonly profile: TargetProfile;
  /** Signs in and asks the tenant who it is; the first thing a cycle does. */
  check(signal: AbortSignal): Promise<TenantFacts>;
  /** What the tenant holds: all of it without a token, what changed with one. A lost token throws `ReadTokenLostError`. */
  read(token: string | undefined, signal: AbortSignal): AsyncIterable<TenantEvent>;
  /** All soft-deleted objects of a kind, for restores; only where the API shows its recycle bin. */
  readDeleted?(kind: ObjectKind, signal: AbortSignal): AsyncIterable<readonly TenantObject[]>;
  /** Carries the operations out, in any order and in parallel; exactly one result each. Order between calls is the caller's. */
  apply(operations: readonly Operation[], signal: AbortSignal): AsyncIterable<readonly OperationResult[]>;
  /** The object with this anchor as the tenant holds it now: for operations whose outcome is unknown. */
  find(object: TenantRef, signal: AbortSignal): Promise<TenantObject | undefined>;
  /** The export of a cycle is over: for an API that wants to be told. */
  exportEnded?(signal: AbortSignal): Promise<void>;
  /** Each permission that is needed, whether the token carries it, and what for. */
  checkPermissions?(): Promise<readonly PermissionCheck[]>;
  /** Of the writes the tenant takes of this application, what is spent; only where that is known. */
  quota?(): QuotaUse;
  /** Only where the API takes password hashes. */
  readonly passwords?: PasswordUpload | undefined;
  /** Only where the API has switches of its own. */
  readonly features?: TenantFeatures | undefined;
}

/** One permission the application needs, and whether its token carries it or one that includes it. */
export interface PermissionCheck {
  /** The least that will do. */
  readonly permission: string;
  readonly why: string;
  readonly granted: boolean;
  /** What the token carries for it. */
  readonly by: string | undefined;
}

/** One user's password hash on its way. */
export interface PasswordWrite {
  readonly user: TenantRef;
  readonly changedAt: Date;
  /** The secret in the form the tenant takes; asked for once, when the request is written. */
  readonly form: { readonly credentialData: string };
  readonly forceChangeOnLogon: boolean;
}

export type PasswordResult =
  | { readonly user: TenantRef; readonly outcome: 'done'; readonly requestId: string | undefined }
  /** By the error's `retry`: a user who is not there yet is tried again after `retryAfter`. */
  | {
      readonly user: TenantRef;
      readonly outcome: 'failed';
      readonly requestId: string | undefined;
      readonly error: CloudSyncError;
    };

export interface PasswordUpload {
  /** Most in one request. */
  readonly batch: number;
  /** Sends them, each batch by itself; exactly one result each. A tenant that takes none throws. */
  send(passwords: readonly PasswordWrite[], signal: AbortSignal): AsyncIterable<readonly PasswordResult[]>;
  /** Says that this sync is alive though no password has changed. */
  ping(signal: AbortSignal): Promise<void>;
}

/** The switches of a tenant's directory synchronization. */
export interface TenantFeatures {
  read(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Turns some on and some off, and leaves all others as they are, those it does not know included. */
  change(on: readonly string[], off: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export interface TenantFacts {
  readonly tenantId: string;
  readonly displayName: string;
  readonly verifiedDomains: readonly string[];
  /** The tenant's own accidental-delete threshold; none where it has none or it is off. */
  readonly deleteThreshold?: DeleteThreshold | undefined;
}

/** For one export. */
export interface DeleteThreshold {
  readonly count: number | undefined;
  readonly percent: number | undefined;
  /** Objects that the percentage is of; a tenant that was never exported to does not tell. */
  readonly of: number | undefined;
}

/** The most deletes that one export may do. `known`: objects the percentage is of where the tenant does not tell. */
export function mostDeletes({ count, percent, of }: DeleteThreshold, known?: number): number | undefined {
  const all = of ?? known;
  const part = percent === undefined || all === undefined ? undefined : Math.floor((all * percent) / 100);
  if (count === undefined || part === undefined) return count ?? part;
  return Math.min(count, part);
}
