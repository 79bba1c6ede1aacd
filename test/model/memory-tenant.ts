import {
  CloudSyncError,
  type ErrorCode,
  type ObjectKind,
  type Retry,
  type SourceAnchor,
  type TenantAttributes,
  type TenantId,
  type TenantValue,
} from '../../src/model/index.ts';
import {
  ObjectGoneError,
  type Operation,
  type OperationResult,
  type Target,
  type TargetProfile,
  type TenantEvent,
  type TenantFacts,
  type TenantObject,
  type TenantRef,
} from '../../src/target/index.ts';

export class ModelRefusal extends CloudSyncError {
  static readonly code: ErrorCode = 'CS4990';
  static readonly title = 'the model tenant refuses';
  static readonly retry: Retry = 'never';
}

interface Stored {
  readonly id: TenantId;
  readonly kind: ObjectKind;
  anchor: SourceAnchor | undefined;
  readonly privileged: boolean;
  attributes: TenantAttributes;
  softDeleted: boolean;
  readonly links: Map<string, Set<TenantId>>;
}

/** What can go wrong with one operation: refused, lost before it took effect, lost after. */
export type Fault = 'none' | 'refuse' | 'lostBefore' | 'lostAfter';

/** The tenant of the model: applies operations by the contract every target keeps, with faults on demand. */
export class MemoryTenant implements Target {
  readonly objects = new Map<TenantId, Stored>();
  readonly profile: TargetProfile;
  /** Writes that took effect. */
  writes = 0;
  fault: (operation: Operation) => Fault = () => 'none';
  /** Links it never takes, by their attribute and what they would lead to. */
  refuses: (attribute: string, member: TenantAttributes) => boolean = () => false;
  #next = 1;
  #version = 0;
  #log: TenantEvent[] = [];

  constructor(profile: TargetProfile) {
    this.profile = profile;
  }

  async check(): Promise<TenantFacts> {
    return { tenantId: 'model', displayName: 'Model', verifiedDomains: ['contoso.test'] };
  }

  async *read(token: string | undefined): AsyncIterable<TenantEvent> {
    const from = token === undefined ? undefined : Number(token);
    if (from === undefined) {
      for (const object of this.objects.values()) {
        if (object.softDeleted) continue;
        yield { type: 'objects', objects: [this.#show(object)] };
        for (const [attribute, members] of object.links)
          yield { type: 'links', id: object.id, attribute, added: [...members], removed: [] };
      }
    } else yield* this.#log.slice(from);
    yield { type: 'complete', token: String(this.#log.length) };
  }

  async *readDeleted(kind: ObjectKind): AsyncIterable<readonly TenantObject[]> {
    yield [...this.objects.values()]
      .filter((object) => object.kind === kind && object.softDeleted)
      .map((object) => this.#show(object));
  }

  async find({ kind, anchor }: TenantRef): Promise<TenantObject | undefined> {
    const found = this.#byAnchor(kind, anchor);
    return found === undefined ? undefined : this.#show(found);
  }

  async *apply(operations: readonly Operation[]): AsyncIterable<readonly OperationResult[]> {
    for (const operation of operations) yield [this.#carryOut(operation)];
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** An object that was there before us. */
  seed(
    kind: ObjectKind,
    attributes: TenantAttributes,
    more: { anchor?: SourceAnchor; privileged?: boolean } = {},
  ): TenantId {
    const id = `00000000-0000-0000-0000-${String(this.#next++).padStart(12, '0')}` as TenantId;
    const made = {
      id,
      kind,
      anchor: more.anchor,
      privileged: more.privileged ?? false,
      attributes,
      softDeleted: false,
      links: new Map(),
    };
    this.objects.set(id, made);
    this.#version += 1;
    this.#tell(made);
    return id;
  }

  /** Somebody changes an object in the tenant itself. */
  edit(id: TenantId, attributes: TenantAttributes): void {
    const found = this.objects.get(id);
    if (found === undefined) return;
    found.attributes = { ...found.attributes, ...attributes };
    this.#version += 1;
    this.#tell(found);
  }

  /** Somebody deletes an object in the tenant. */
  remove(id: TenantId): void {
    const found = this.objects.get(id);
    if (found !== undefined) this.#drop(found);
  }

  /** Somebody empties the recycle bin. */
  purge(): void {
    for (const { id, kind, softDeleted } of [...this.objects.values()]) {
      if (!softDeleted) continue;
      this.objects.delete(id);
      this.#log.push({ type: 'removed', objects: [{ kind, id, soft: false }] });
    }
  }

  /** Live objects with their links, by anchor: what the law compares. */
  snapshot(): ReadonlyMap<string, { readonly attributes: TenantAttributes; readonly links: readonly string[] }> {
    const live = [...this.objects.values()].filter((object) => !object.softDeleted);
    return new Map(
      live.map((object) => {
        const links = [...object.links].flatMap(([attribute, members]) =>
          [...members].map((member) => `${attribute}:${this.objects.get(member)?.anchor}`),
        );
        return [`${object.kind} ${object.anchor}`, { attributes: object.attributes, links: links.sort() }];
      }),
    );
  }

  #carryOut(operation: Operation): OperationResult {
    const { operationId } = operation;
    const fault = this.fault(operation);
    const error = new ModelRefusal({ message: fault, remedy: 'none' });
    if (fault === 'refuse') return { operationId, requestId: undefined, outcome: 'failed', error };
    if (fault === 'lostBefore') return { operationId, requestId: undefined, outcome: 'unknown', error };
    const refused = this.#refused(operation);
    if (refused === 'all')
      return {
        operationId,
        requestId: undefined,
        outcome: 'failed',
        error: new ModelRefusal({ message: 'no such link', remedy: 'none' }),
      };
    const result = this.#effect(operation, new Set(refused.map(({ member }) => member.id)));
    this.#version += 1;
    if (fault === 'lostAfter') return { operationId, requestId: undefined, outcome: 'unknown', error };
    if (result === undefined) {
      const gone = new ObjectGoneError({ object: operation.object.anchor }, `nothing to ${operation.type}`);
      return { operationId, requestId: undefined, outcome: 'failed', error: gone };
    }
    return { operationId, requestId: `request-${this.#version}`, outcome: 'done', id: result, refused };
  }

  /** Members it does not take; all, where nothing of the operation takes effect. */
  #refused(operation: Operation): 'all' | readonly { readonly member: TenantRef; readonly error: CloudSyncError }[] {
    const isRefused = (attribute: string, { id }: TenantRef): boolean =>
      this.refuses(attribute, (id === undefined ? undefined : this.objects.get(id))?.attributes ?? {});
    switch (operation.type) {
      case 'addMembers':
        return operation.members
          .filter((member) => isRefused(operation.attribute, member))
          .map((member) => ({ member, error: new ModelRefusal({ message: 'no such member', remedy: 'none' }) }));
      case 'setManager':
        return isRefused('manager', operation.manager) ? 'all' : [];
      case 'removeMember': {
        const links = this.objects.get(operation.object.id ?? ('' as TenantId))?.links.get(operation.attribute);
        const { id } = operation.member;
        const isLast = links?.size === 1 && id !== undefined && links.has(id);
        const { group } = this.profile.kinds;
        return isLast && group.supported && group.keepsLast?.has(operation.attribute) === true ? 'all' : [];
      }
      default:
        return [];
    }
  }

  /** Takes effect; `undefined` when the object is not there. */
  #effect(operation: Operation, refused: ReadonlySet<TenantId | undefined>): TenantId | undefined {
    const found =
      operation.object.id === undefined
        ? this.#byAnchor(operation.object.kind, operation.object.anchor)
        : this.objects.get(operation.object.id);
    if (operation.type !== 'addMembers' || operation.members.some(({ id }) => !refused.has(id))) this.writes += 1;
    if (operation.type === 'create') {
      if (found !== undefined)
        throw new Error(`a second ${operation.object.kind} ${operation.object.anchor} was created`);
      const id = `00000000-0000-0000-0000-${String(this.#next++).padStart(12, '0')}` as TenantId;
      const made: Stored = {
        id,
        kind: operation.object.kind,
        anchor: operation.object.anchor,
        privileged: false,
        attributes: operation.attributes,
        softDeleted: false,
        links: new Map(),
      };
      this.objects.set(id, made);
      this.#tell(made);
      return id;
    }
    if (found === undefined) return undefined;
    switch (operation.type) {
      case 'update':
      case 'adopt':
        found.anchor = operation.object.anchor;
        found.attributes = withChanges(found.attributes, operation.changes);
        break;
      case 'disable':
        found.attributes = { ...found.attributes, accountEnabled: false };
        break;
      case 'delete':
        this.#drop(found);
        return found.id;
      case 'restore':
        found.softDeleted = false;
        break;
      case 'addMembers':
        for (const { id } of operation.members)
          if (!refused.has(id)) this.#setLink(found, operation.attribute, id, true);
        break;
      case 'removeMember':
        this.#setLink(found, operation.attribute, operation.member.id, false);
        break;
      case 'setManager':
        for (const id of found.links.get('manager') ?? []) this.#setLink(found, 'manager', id, false);
        this.#setLink(found, 'manager', operation.manager.id, true);
        break;
      case 'clearManager':
        for (const id of found.links.get('manager') ?? []) this.#setLink(found, 'manager', id, false);
        break;
      default:
        operation satisfies never;
    }
    this.#tell(found);
    return found.id;
  }

  #drop(object: Stored): void {
    for (const other of this.objects.values()) {
      for (const attribute of other.links.keys())
        if (other.links.get(attribute)?.has(object.id)) this.#setLink(other, attribute, object.id, false);
    }
    for (const [attribute, members] of object.links)
      for (const member of members) this.#setLink(object, attribute, member, false);
    if (object.kind === 'user') object.softDeleted = true;
    else this.objects.delete(object.id);
    this.#log.push({ type: 'removed', objects: [{ kind: object.kind, id: object.id, soft: object.kind === 'user' }] });
  }

  #setLink(holder: Stored, attribute: string, member: TenantId | undefined, there: boolean): void {
    if (member === undefined) throw new Error('a link to an object without an id');
    const members = holder.links.get(attribute) ?? new Set();
    if (there) members.add(member);
    else members.delete(member);
    holder.links.set(attribute, members);
    this.#log.push({
      type: 'links',
      id: holder.id,
      attribute,
      added: there ? [member] : [],
      removed: there ? [] : [member],
    });
  }

  #tell(object: Stored): void {
    this.#log.push({ type: 'objects', objects: [this.#show(object)] });
  }

  #show({ id, kind, anchor, attributes, privileged, softDeleted }: Stored): TenantObject {
    return { id, kind, anchor, attributes, synced: false, privileged, softDeleted };
  }

  #byAnchor(kind: ObjectKind, anchor: SourceAnchor): Stored | undefined {
    return [...this.objects.values()].find((object) => object.kind === kind && object.anchor === anchor);
  }
}

function withChanges(
  attributes: TenantAttributes,
  changes: Readonly<Record<string, { readonly after: TenantValue }>>,
): TenantAttributes {
  const after = Object.entries(changes).map(([name, change]) => [name, change.after] as const);
  return Object.fromEntries(
    Object.entries({ ...attributes, ...Object.fromEntries(after) }).filter(([, value]) => value !== null),
  );
}
