import {
  type ConnectorName,
  type Dn,
  domainDn,
  type ObjectGuid,
  type SourceAttributes,
  type SourceKind,
} from '../../src/model/index.ts';
import {
  FullReadNeededError,
  type ReadRequest,
  type Source,
  type SourceChange,
  type SourceEvent,
  type Watermark,
} from '../../src/source/index.ts';

export interface DirectoryObject {
  readonly guid: ObjectGuid;
  kind: SourceKind;
  dn: Dn;
  attributes: Record<string, SourceAttributes[string]>;
  readonly links: Map<string, Set<ObjectGuid>>;
  usn: number;
  deleted: boolean;
}

/** A directory of the model: objects by GUID, a USN that grows with every change, tombstones. */
export class MemoryDirectory {
  readonly objects = new Map<ObjectGuid, DirectoryObject>();
  usn = 1;
  /** Throws in the middle of the next reads, that many pages in. */
  failAfterPages: number | undefined;
  /** Reads end without saying that they are complete. */
  endsEarly = false;
  /** What the reading account may see. */
  visible: (object: DirectoryObject) => boolean = () => true;
  /** Milliseconds since an object was changed, as it tells when it is asked. */
  age: (guid: ObjectGuid) => number | undefined = () => undefined;

  touch(object: DirectoryObject): void {
    this.usn += 1;
    object.usn = this.usn;
  }

  add(
    guid: ObjectGuid,
    kind: SourceKind,
    dn: string,
    attributes: Record<string, SourceAttributes[string]>,
  ): DirectoryObject {
    const object: DirectoryObject = { guid, kind, dn: dn as Dn, attributes, links: new Map(), usn: 0, deleted: false };
    this.objects.set(guid, object);
    this.touch(object);
    return object;
  }

  /** As AD does: the object's own links go, and those that point to it. */
  remove(guid: ObjectGuid): void {
    const object = this.objects.get(guid);
    if (object === undefined) return;
    object.deleted = true;
    object.links.clear();
    this.touch(object);
    for (const other of this.objects.values()) {
      for (const values of other.links.values()) values.delete(guid);
    }
  }

  setLink(holder: DirectoryObject, attribute: string, member: ObjectGuid, there: boolean): void {
    const values = holder.links.get(attribute) ?? new Set();
    if (there) values.add(member);
    else values.delete(member);
    holder.links.set(attribute, values);
    this.touch(holder);
  }
}

/** Reads the model's directory by the contract every source keeps. */
export class MemorySource implements Source {
  readonly connector: ConnectorName;
  readonly #directory: MemoryDirectory;
  readonly #fqdn: string;

  constructor(connector: ConnectorName, fqdn: string, directory: MemoryDirectory) {
    this.connector = connector;
    this.#fqdn = fqdn;
    this.#directory = directory;
  }

  async *full(request: ReadRequest): AsyncIterable<SourceEvent> {
    yield* this.#read(
      'full',
      request,
      this.#objects().filter((object) => !object.deleted),
    );
  }

  async *delta(request: ReadRequest, watermark: Watermark): AsyncIterable<SourceEvent> {
    const since = watermark.kind === 'usn' ? Number(watermark.highestUsn) : 0;
    if (since > this.#directory.usn) throw new FullReadNeededError(this.connector, 'the USN went back');
    yield* this.#read(
      'delta',
      request,
      this.#objects().filter((object) => object.usn > since),
    );
  }

  async moved(watermark: Watermark): Promise<boolean> {
    return watermark.kind !== 'usn' || Number(watermark.highestUsn) < this.#directory.usn;
  }

  async sinceChanged(guids: readonly ObjectGuid[]): Promise<ReadonlyMap<ObjectGuid, number>> {
    const ages = new Map<ObjectGuid, number>();
    for (const guid of guids) {
      const age = this.#directory.age(guid);
      if (age !== undefined) ages.set(guid, age);
    }
    return ages;
  }

  async *one(
    object: { readonly guid: ObjectGuid } | { readonly dn: Dn },
    request: ReadRequest,
  ): AsyncIterable<SourceEvent> {
    const found = [...this.#directory.objects.values()].filter((o) =>
      'guid' in object ? o.guid === object.guid : o.dn === object.dn,
    );
    for await (const event of this.#read('delta', request, found)) if (event.type !== 'complete') yield event;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #objects(): readonly DirectoryObject[] {
    return [...this.#directory.objects.values()].filter(this.#directory.visible);
  }

  async *#read(
    mode: 'full' | 'delta',
    { pageSize = 3 }: ReadRequest,
    objects: readonly DirectoryObject[],
  ): AsyncIterable<SourceEvent> {
    const highestUsn = String(this.#directory.usn);
    const namingContext = domainDn(this.#fqdn);
    yield {
      type: 'begin',
      mode,
      server: 'model',
      domain: { fqdn: this.#fqdn, netbios: 'MODEL', sid: undefined, namingContext },
    };
    for (let at = 0, page = 0; at < objects.length; at += pageSize, page += 1) {
      if (this.#directory.failAfterPages === page) throw new Error('the model directory went away');
      yield { type: 'page', changes: objects.slice(at, at + pageSize).flatMap((object) => this.#changes(object)) };
    }
    if (this.#directory.endsEarly) return;
    yield {
      type: 'complete',
      objects: objects.length,
      watermark: { kind: 'usn', server: 'model', invocationId: 'model', highestUsn, at: '2026-01-01T00:00:00.000Z' },
    };
  }

  #changes(object: DirectoryObject): readonly SourceChange[] {
    if (object.deleted) return [{ type: 'deleted', guid: object.guid }];
    const { guid, kind, dn, attributes, usn } = object;
    const links = [...object.links].map(([attribute, values]): SourceChange => {
      const references = [...values].flatMap((member) => {
        const end = this.#directory.objects.get(member);
        return end === undefined ? [] : [{ guid: member, dn: end.dn }];
      });
      return { type: 'links', guid, attribute, part: { kind: 'whole', values: references } };
    });
    return [{ type: 'object', guid, kind, dn, attributes, partial: false, usn: String(usn) }, ...links];
  }
}
