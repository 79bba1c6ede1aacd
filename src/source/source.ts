import type { ConnectorName, Dn, ObjectGuid, Reference, Sid, SourceAttributes, SourceKind } from '../model/index.ts';

/** What a domain says of itself: from the rootDSE and its domain naming context, or from an LDIF file's root. */
export interface DomainFacts {
  /** `corp.contoso.test` */
  readonly fqdn: string;
  /** `CORP` */
  readonly netbios: string;
  readonly sid: Sid | undefined;
  readonly namingContext: Dn;
}

/**
 * Where a delta read resumes. Stored by the state beside the rows it covers, never looked into by the engine.
 * A USN means something only together with the invocation id of the DC's database.
 */
export type Watermark =
  | {
      readonly kind: 'usn';
      readonly server: string;
      readonly invocationId: string;
      readonly highestUsn: string;
      /** When it was taken, ISO 8601: deletions are kept for a time only. */
      readonly at: string;
    }
  | {
      readonly kind: 'dirSync';
      readonly server: string;
      readonly invocationId: string;
      /** As of the cookie: a database restored from a backup is behind it, and the watch asks whether it has moved. */
      readonly highestUsn: string;
      /** Base64, opaque. */
      readonly cookie: string;
      /** Taken with the account's own sight, since it may not replicate. */
      readonly objectSecurity: boolean;
      readonly at: string;
    }
  /** `stamp`: size and time of change of the file. */
  | { readonly kind: 'ldif'; readonly stamp: string };

export type SourceChange =
  | {
      readonly type: 'object';
      readonly guid: ObjectGuid;
      readonly kind: SourceKind;
      readonly dn: Dn;
      /** All that was asked for and present; with `partial` only what changed, an empty list being "no value now". */
      readonly attributes: SourceAttributes;
      readonly partial: boolean;
      /** `uSNChanged` on the DC read, where there is one. */
      readonly usn: string | undefined;
    }
  /** Values of a reference attribute (member, manager, managedBy...); follows its object's change. */
  | { readonly type: 'links'; readonly guid: ObjectGuid; readonly attribute: string; readonly part: LinkPart }
  | { readonly type: 'deleted'; readonly guid: ObjectGuid };

/**
 * `whole` replaces all values at once. `first`, any `next` and `last` do so in slices: whoever stores them keeps the
 * old values until `last`. `changed` adds and removes single values.
 */
export type LinkPart =
  | { readonly kind: 'whole' | 'first' | 'next' | 'last'; readonly values: readonly Reference[] }
  | { readonly kind: 'changed'; readonly added: readonly Reference[]; readonly removed: readonly Reference[] };

export type SourceEvent =
  /** Comes first; and again where the read had to start over: what came before does not count as seen. */
  | { readonly type: 'begin'; readonly mode: 'full' | 'delta'; readonly domain: DomainFacts; readonly server: string }
  /** One page; at most `pageSize` objects. */
  | { readonly type: 'page'; readonly changes: readonly SourceChange[] }
  /**
   * Comes last and only when the read is provably complete: only then may absence mean deletion, and only then
   * is the watermark stored.
   */
  | { readonly type: 'complete'; readonly watermark: Watermark; readonly objects: number };

export interface ReadRequest {
  readonly signal: AbortSignal;
  /** Attributes to read beside those every read needs, per kind; references among them come as `links`. */
  readonly attributes: readonly string[];
  /** Objects per page, default 1000. */
  readonly pageSize?: number;
  /** How many objects are known from before, containers left out: a full read that brings far fewer is not believed. */
  readonly expected?: number | undefined;
  /**
   * What is known so far of this connector's objects, all earlier pages taken in: a delta says of an object what has
   * changed, and what kind it is only when it is new.
   */
  readonly known?: (guid: ObjectGuid) => SourceKind | undefined;
}

/** One domain controller as the reader knows it. Times are ISO 8601. */
export interface ControllerContact {
  readonly url: string;
  /** The one that is spoken to now. */
  readonly inUse: boolean;
  /** Failures in a row; after each it is left alone for longer, while others will do. */
  readonly failures: number;
  readonly leftAloneUntil: string | null;
  /** When it last answered. */
  readonly lastContactAt: string | null;
}

/**
 * Reads one domain. Errors are `SourceError`s; a delta that cannot resume throws `FullReadNeededError`
 * and the caller reads in full. An incomplete read throws: `complete` never comes.
 */
export interface Source extends AsyncDisposable {
  readonly connector: ConnectorName;
  full(request: ReadRequest): AsyncIterable<SourceEvent>;
  delta(request: ReadRequest, watermark: Watermark): AsyncIterable<SourceEvent>;
  /** Has anything moved since the watermark? One cheap question, for the watch. */
  moved(watermark: Watermark, signal: AbortSignal): Promise<boolean>;
  /** Where the directory stands: it moves with every change. One cheap question; only where there is anything to ask. */
  position?(signal: AbortSignal): Promise<string>;
  /** One object as it is now, by GUID or DN; `undefined` where there is none. Pages as in a read, without `complete`. */
  one(object: { readonly guid: ObjectGuid } | { readonly dn: Dn }, request: ReadRequest): AsyncIterable<SourceEvent>;
  /**
   * Milliseconds since each object was last changed, its links included, by the directory's own clock and to the second. Two
   * questions; only where there is anything to ask.
   */
  sinceChanged?(guids: readonly ObjectGuid[], signal: AbortSignal): Promise<ReadonlyMap<ObjectGuid, number>>;
  /** The domain controllers there are, in the order they are tried; only where there are any. */
  controllers?(): readonly ControllerContact[];
}
