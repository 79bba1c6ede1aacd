import { type ConnectorName, type Dn, domainDn, type ObjectGuid, type TenantId } from '../../src/model/index.ts';
import type { ReadRequest, Source, SourceChange, SourceEvent, Watermark } from '../../src/source/index.ts';
import type { Operation, OperationResult, Target, TenantEvent } from '../../src/target/index.ts';
import { targetProfile } from '../../src/target/index.ts';

export const domain = 'volume.contoso.test';
const root = domainDn(domain);

export interface VolumeShape {
  readonly users: number;
  /** Group by group, how many of the users are in it. */
  readonly groups: readonly number[];
  /** Each group is in the one before it. */
  readonly nested?: boolean;
}

const guidOf = (kind: number, n: number): ObjectGuid =>
  `0000000${kind}-0000-4000-8000-${n.toString(16).padStart(12, '0')}` as ObjectGuid;
const dnOf = (kind: number, n: number): Dn => `CN=${kind === 1 ? 'user' : 'group'}${n},OU=People,${root}` as Dn;

/** A directory made up as it is read, of any size; what `change` names comes with the next delta. */
export class VolumeSource implements Source {
  readonly connector: ConnectorName;
  readonly #shape: VolumeShape;
  readonly #changed = new Map<ObjectGuid, SourceChange[]>();
  #usn = 1;
  /** Objects handed out since it was made. */
  read = 0;

  constructor(connector: ConnectorName, shape: VolumeShape) {
    this.connector = connector;
    this.#shape = shape;
  }

  change(...changes: readonly SourceChange[]): void {
    this.#usn += 1;
    for (const change of changes) this.#changed.set(change.guid, [...(this.#changed.get(change.guid) ?? []), change]);
  }

  user(n: number, department = `Department ${n % 50}`): SourceChange {
    return {
      type: 'object',
      guid: guidOf(1, n),
      kind: 'user',
      dn: dnOf(1, n),
      attributes: {
        cn: [`user${n}`],
        sAMAccountName: [`user${n}`],
        userPrincipalName: [`user${n}@${domain}`],
        displayName: [`User ${n}`],
        givenName: ['User'],
        sn: [String(n)],
        department: [department],
        title: ['Clerk'],
        telephoneNumber: [`+1 555 ${n}`],
        userAccountControl: ['512'],
      },
      partial: false,
      usn: '1',
    };
  }

  deleted(n: number): SourceChange {
    return { type: 'deleted', guid: guidOf(1, n) };
  }

  member(group: number, user: number, there: boolean): SourceChange {
    const reference = { guid: guidOf(1, user), dn: dnOf(1, user) };
    const part = { kind: 'changed', added: there ? [reference] : [], removed: there ? [] : [reference] } as const;
    return { type: 'links', guid: guidOf(2, group), attribute: 'member', part };
  }

  async *full({ pageSize = 1000, signal }: ReadRequest): AsyncIterable<SourceEvent> {
    yield this.#begin('full');
    let page: SourceChange[] = [
      { type: 'object', guid: guidOf(0, 0), kind: 'container', dn: root, attributes: {}, partial: false, usn: '1' },
    ];
    for (let n = 0; n < this.#shape.users; n += 1) {
      page.push(this.user(n));
      if (page.length < pageSize) continue;
      signal.throwIfAborted();
      yield this.#page(page);
      page = [];
    }
    for (const [g, members] of this.#shape.groups.entries()) {
      page.push({
        type: 'object',
        guid: guidOf(2, g),
        kind: 'group',
        dn: dnOf(2, g),
        attributes: {
          cn: [`group${g}`],
          sAMAccountName: [`group${g}`],
          displayName: [`Group ${g}`],
          groupType: ['-2147483646'],
        },
        partial: false,
        usn: '1',
      });
      for (let at = 0; at < members; at += 1500) {
        const last = at + 1500 >= members;
        const values = Array.from({ length: Math.min(1500, members - at) }, (_, m) => ({
          guid: guidOf(1, at + m),
          dn: dnOf(1, at + m),
        }));
        const nested =
          last && this.#shape.nested === true && g > 0 ? [{ guid: guidOf(2, g - 1), dn: dnOf(2, g - 1) }] : [];
        const kind = last ? (at === 0 ? 'whole' : 'last') : at === 0 ? 'first' : 'next';
        page.push({
          type: 'links',
          guid: guidOf(2, g),
          attribute: 'member',
          part: { kind, values: [...values, ...nested] },
        });
        if (page.length < 100 && at + 1500 < members) continue;
        yield this.#page(page);
        page = [];
      }
    }
    yield this.#page(page);
    yield {
      type: 'complete',
      objects: this.#shape.users + this.#shape.groups.length + 1,
      watermark: this.#watermark(),
    };
  }

  async *delta(): AsyncIterable<SourceEvent> {
    yield this.#begin('delta');
    const changes = [...this.#changed.values()].flat();
    this.#changed.clear();
    for (let at = 0; at < changes.length; at += 1000) yield this.#page(changes.slice(at, at + 1000));
    yield { type: 'complete', objects: changes.length, watermark: this.#watermark() };
  }

  async moved(): Promise<boolean> {
    return this.#changed.size > 0;
  }

  async *one(): AsyncIterable<SourceEvent> {}

  async [Symbol.asyncDispose](): Promise<void> {}

  #begin(mode: 'full' | 'delta'): SourceEvent {
    return {
      type: 'begin',
      mode,
      server: 'volume',
      domain: { fqdn: domain, netbios: 'VOLUME', sid: undefined, namingContext: root },
    };
  }

  #page(changes: readonly SourceChange[]): SourceEvent {
    this.read += changes.filter(({ type }) => type !== 'links').length;
    return { type: 'page', changes };
  }

  #watermark(): Watermark {
    return {
      kind: 'usn',
      server: 'volume',
      invocationId: 'volume',
      highestUsn: String(this.#usn),
      at: '2026-01-01T00:00:00.000Z',
    };
  }
}

/** A tenant that says yes to everything and remembers nothing but how often it was asked. */
export class VolumeTenant implements Target {
  readonly profile = targetProfile('graph');
  writes = 0;
  #next = 0;

  async check() {
    return { tenantId: 'volume', displayName: 'Volume', verifiedDomains: [domain] };
  }

  async *read(): AsyncIterable<TenantEvent> {
    yield { type: 'complete', token: 'volume' };
  }

  async find() {
    return undefined;
  }

  async *apply(operations: readonly Operation[]): AsyncIterable<readonly OperationResult[]> {
    this.writes += operations.length;
    yield operations.map(({ operationId, object, type }) => {
      this.#next += 1;
      const made = `00000000-0000-4000-8000-${this.#next.toString(16).padStart(12, '0')}` as TenantId;
      return { operationId, requestId: undefined, outcome: 'done', id: type === 'create' ? made : object.id } as const;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
