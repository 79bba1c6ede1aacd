import type { Dn, ObjectGuid, Reference, SourceAttributes, SourceKind, SourceValue } from '../../src/model/index.ts';
import type { SourceChange, SourceEvent, Watermark } from '../../src/source/index.ts';

export interface MirroredObject {
  readonly guid: ObjectGuid;
  readonly kind: SourceKind;
  readonly dn: Dn;
  readonly attributes: SourceAttributes;
}

/** What one read brought. */
export interface Reading {
  readonly mode: 'full' | 'delta';
  readonly server: string;
  readonly watermark: Watermark;
  /** As `complete` counts them. */
  readonly objects: number;
  readonly pages: number;
  readonly changes: readonly SourceChange[];
  /** Values of reference attributes that came. */
  readonly references: number;
}

/**
 * Follows a source as the state does, in memory: whatever the way of reading, a delta must leave it equal to a fresh
 * full read.
 */
export class Mirror {
  readonly objects = new Map<ObjectGuid, MirroredObject>();
  /** Values of reference attributes, by holder and attribute, each by the GUID it names. */
  readonly links = new Map<ObjectGuid, Map<string, Map<string, Reference>>>();
  #open: { readonly guid: ObjectGuid; readonly seen: Set<string> } | undefined;
  #slices: Reference[] = [];

  /** What a source may ask of whoever stores its changes. */
  readonly known = (guid: ObjectGuid): SourceKind | undefined => this.objects.get(guid)?.kind;

  /** Takes a read in to its end; throws what it throws, or when `complete` does not come. */
  async take(events: AsyncIterable<SourceEvent>): Promise<Reading> {
    let begin: Extract<SourceEvent, { type: 'begin' }> | undefined;
    let complete: Extract<SourceEvent, { type: 'complete' }> | undefined;
    const changes: SourceChange[] = [];
    let pages = 0;
    for await (const event of events) {
      if (event.type === 'begin') begin = event;
      else if (event.type === 'complete') complete = event;
      else {
        pages += 1;
        changes.push(...event.changes);
        for (const change of event.changes) this.apply(change);
      }
    }
    this.#close();
    if (begin === undefined || complete === undefined) throw new Error('the read ended without saying so');
    if (begin.mode === 'full') {
      const seen = new Set(changes.map((change) => change.guid));
      for (const guid of this.objects.keys()) if (!seen.has(guid)) this.#forget(guid);
    }
    return {
      mode: begin.mode,
      server: begin.server,
      watermark: complete.watermark,
      objects: complete.objects,
      pages,
      changes,
      references: changes.reduce((sum, change) => sum + referencesIn(change), 0),
    };
  }

  apply(change: SourceChange): void {
    if (change.type === 'links') this.#link(change);
    else {
      this.#close();
      if (change.type === 'deleted') this.#forget(change.guid);
      else this.#store(change);
    }
  }

  #store(change: Extract<SourceChange, { type: 'object' }>): void {
    const { guid, kind, dn, partial } = change;
    const before = this.objects.get(guid);
    if (before !== undefined && before.dn !== dn) this.#move(before.dn, dn);
    const attributes = new Map(partial ? Object.entries(before?.attributes ?? {}) : []);
    for (const [name, values] of Object.entries(change.attributes)) {
      if (values.length === 0) attributes.delete(name);
      else attributes.set(name, values);
    }
    this.objects.set(guid, { guid, kind, dn, attributes: Object.fromEntries(attributes) });
    if (!partial) this.#open = { guid, seen: new Set() };
  }

  /** The object with this relative name (`CN=ada`) or DN. */
  find(name: string): MirroredObject | undefined {
    const wanted = name.toLowerCase();
    return [...this.objects.values()].find(({ dn }) => {
      const key = dn.toLowerCase();
      return key === wanted || key.startsWith(`${wanted},`);
    });
  }

  /** The DNs of the objects a reference attribute names, of those that are there: a deleted member just ends. */
  named(name: string, attribute: string): readonly string[] {
    const holder = this.find(name);
    const values = holder === undefined ? undefined : this.links.get(holder.guid)?.get(attribute);
    return [...(values?.keys() ?? [])].flatMap((key) => this.objects.get(key as ObjectGuid)?.dn ?? []).sort();
  }

  /** All that is known, in an order and form that can be compared; references to what is not there left out. */
  snapshot(): unknown {
    return [...this.objects.values()]
      .map(({ guid, kind, dn, attributes }) => ({
        guid,
        kind,
        dn,
        attributes: Object.fromEntries(
          Object.entries(attributes)
            .filter(([name]) => name !== 'uSNChanged')
            .map(([name, values]) => [name, values.map(text).sort()] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
        links: [...(this.links.get(guid) ?? [])]
          .map(
            ([attribute, values]) => [attribute, [...values.keys()].filter((key) => this.#holds(key)).sort()] as const,
          )
          .filter(([, values]) => values.length > 0)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      }))
      .sort((a, b) => (a.guid < b.guid ? -1 : 1));
  }

  #holds(key: string): boolean {
    return !key.includes('=') && this.objects.has(key as ObjectGuid);
  }

  #link({ guid, attribute, part }: Extract<SourceChange, { type: 'links' }>): void {
    if (this.#open?.guid === guid) this.#open.seen.add(attribute);
    const held = this.links.get(guid) ?? new Map<string, Map<string, Reference>>();
    this.links.set(guid, held);
    switch (part.kind) {
      case 'changed': {
        const values = held.get(attribute) ?? new Map<string, Reference>();
        for (const value of part.removed) values.delete(keyOf(value));
        for (const value of part.added) values.set(keyOf(value), value);
        held.set(attribute, values);
        return;
      }
      case 'whole':
        held.set(attribute, new Map(part.values.map((value) => [keyOf(value), value])));
        return;
      default:
        if (part.kind === 'first') this.#slices = [];
        this.#slices.push(...part.values);
        if (part.kind === 'last') held.set(attribute, new Map(this.#slices.map((value) => [keyOf(value), value])));
    }
  }

  /** The last whole object has ended: reference attributes that did not come have no values. */
  #close(): void {
    const held = this.#open === undefined ? undefined : this.links.get(this.#open.guid);
    for (const attribute of held?.keys() ?? []) if (this.#open?.seen.has(attribute) === false) held?.delete(attribute);
    this.#open = undefined;
  }

  /** As in AD, the links to an object end with it. */
  #forget(guid: ObjectGuid): void {
    this.objects.delete(guid);
    this.links.delete(guid);
    for (const held of this.links.values()) for (const values of held.values()) values.delete(guid);
  }

  #move(from: Dn, to: Dn): void {
    for (const [guid, object] of this.objects) {
      if (!object.dn.endsWith(`,${from}`)) continue;
      this.objects.set(guid, { ...object, dn: `${object.dn.slice(0, -from.length)}${to}` as Dn });
    }
  }
}

function keyOf({ guid, dn }: Reference): string {
  return guid ?? dn.toLowerCase();
}

function text(value: SourceValue): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString('hex');
}

function referencesIn(change: SourceChange): number {
  if (change.type !== 'links') return 0;
  const { part } = change;
  return part.kind === 'changed' ? part.added.length + part.removed.length : part.values.length;
}
