import type { SourceAnchor, TenantAttributes } from '../../model/index.ts';
import { propertyOf } from '../../wire/index.ts';
import type { Operation, TenantRef } from '../target.ts';
import type { ReferenceChange, SyncObject, SyncOperation, SyncValue } from './sync-object.ts';

/** One object of a request and the operations it carries out. */
export interface Draft {
  readonly operations: readonly Operation[];
  readonly object: SyncObject;
  readonly anchor: SourceAnchor;
  /** Reference changes in it: such an object goes by the second form of the provisioning call. */
  readonly links: number;
}

/**
 * What operations come to on the wire. Changes of one object's references go together, up to the links a request may
 * hold; the same object is in no request twice.
 */
export function draft(operations: readonly Operation[], linksPerRequest: number): readonly Draft[] {
  const drafts: Draft[] = [];
  const changes = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (changesOf(operation) === undefined) {
      drafts.push(whole(operation));
      continue;
    }
    const key = `${operation.object.kind} ${operation.object.anchor}`;
    const same = changes.get(key);
    if (same === undefined) changes.set(key, [operation]);
    else same.push(operation);
  }
  for (const same of changes.values()) drafts.push(...merged(same, linksPerRequest));
  return drafts;
}

/** The changes an operation makes to a reference of many values. */
function changesOf(
  operation: Operation,
): { readonly attribute: string; readonly changes: readonly ReferenceChange[] } | undefined {
  switch (operation.type) {
    case 'addMembers':
      return isMany(operation.attribute)
        ? { attribute: operation.attribute, changes: operation.members.map(({ anchor }) => ({ add: true, anchor })) }
        : undefined;
    case 'removeMember':
      return isMany(operation.attribute)
        ? { attribute: operation.attribute, changes: [{ add: false, anchor: operation.member.anchor }] }
        : undefined;
    default:
      return undefined;
  }
}

const isMany = (attribute: string): boolean => propertyOf(attribute)?.many !== false;

function merged(operations: readonly Operation[], linksPerRequest: number): readonly Draft[] {
  const drafts: Draft[] = [];
  let open: Operation[] = [];
  let links = 0;
  const close = (): void => {
    const [first] = open;
    if (first !== undefined) drafts.push(ofChanges(first.object, open, links));
    open = [];
    links = 0;
  };
  for (const operation of operations) {
    const count = changesOf(operation)?.changes.length ?? 0;
    if (links + count > linksPerRequest) close();
    open.push(operation);
    links += count;
  }
  close();
  return drafts;
}

function ofChanges({ kind, anchor }: TenantRef, operations: readonly Operation[], links: number): Draft {
  const byAttribute = new Map<string, ReferenceChange[]>();
  for (const operation of operations) {
    const made = changesOf(operation);
    if (made === undefined) continue;
    const known = byAttribute.get(made.attribute);
    if (known === undefined) byAttribute.set(made.attribute, [...made.changes]);
    else for (const change of made.changes) known.push(change);
  }
  const values = [...byAttribute].map(([attribute, changes]): [string, SyncValue] => [attribute, { changes }]);
  return { operations, anchor, links, object: object({ kind, anchor, id: undefined }, 'Set', values) };
}

function object(
  { kind, anchor }: TenantRef,
  operation: SyncOperation,
  values: Iterable<readonly [string, SyncValue]>,
): SyncObject {
  return { kind, operation, properties: new Map<string, SyncValue>([['SourceAnchor', anchor], ...values]) };
}

/** Computers of a domain are devices of this trust. */
const trust: readonly (readonly [string, SyncValue])[] = [['deviceTrustType', 'ServerAd']];

function whole(operation: Operation): Draft {
  const ref = operation.object;
  const made = (how: SyncOperation, values: Iterable<readonly [string, SyncValue]>): Draft => ({
    operations: [operation],
    anchor: ref.anchor,
    links: 0,
    object: object(ref, how, values),
  });
  switch (operation.type) {
    case 'create':
      return ref.kind === 'device'
        ? made('Add', [...trust, ...valuesOf(operation.attributes)])
        : made('Set', valuesOf(operation.attributes));
    case 'update':
    case 'adopt':
      return made('Set', valuesOf(operation.whole));
    case 'disable':
      return made('Set', [['accountEnabled', false]]);
    case 'delete':
      return made('Delete', []);
    // The tenant takes an object out of its recycle bin when sync writes it again.
    case 'restore':
      return made('Set', []);
    case 'addMembers':
      return made('Set', [[operation.attribute, operation.members.at(-1)?.anchor ?? null]]);
    case 'removeMember':
      return made('Set', [[operation.attribute, null]]);
    case 'setManager':
      return made('Set', [['manager', operation.manager.anchor]]);
    case 'clearManager':
      return made('Set', [['manager', null]]);
    default:
      return operation satisfies never;
  }
}

function valuesOf(attributes: TenantAttributes): readonly (readonly [string, SyncValue])[] {
  return Object.entries(attributes);
}

/** Cuts drafts into requests: so many objects, so many links, each object once. */
export function requestsOf(
  drafts: readonly Draft[],
  { objects, links }: { readonly objects: number; readonly links: number },
): readonly (readonly Draft[])[] {
  const requests: { readonly drafts: Draft[]; readonly keys: Set<string>; links: number }[] = [];
  const open = new Map<'whole' | 'changes', (typeof requests)[number]>();
  for (const one of drafts) {
    const form = one.links === 0 ? 'whole' : 'changes';
    const key = `${one.object.kind} ${one.anchor}`;
    let request = open.get(form);
    const full =
      request === undefined ||
      request.drafts.length >= objects ||
      request.links + one.links > links ||
      request.keys.has(key);
    if (request === undefined || full) {
      request = { drafts: [], keys: new Set(), links: 0 };
      requests.push(request);
      open.set(form, request);
    }
    request.drafts.push(one);
    request.keys.add(key);
    request.links += one.links;
  }
  return requests.map((request) => request.drafts);
}
