import type { ConnectorName, Dn, ObjectGuid } from '../model/index.ts';
import { domainScope, extendedDn } from './controls.ts';
import { highestCommittedUsn, type ServerFacts, serverFacts } from './domain-facts.ts';
import { type Asked, askFor, type CutAttribute, readEntry, readRange } from './entry.ts';
import {
  ConnectionLostError,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  FullReadNeededError,
  IncompleteReadError,
} from './errors.ts';
import { LdapConnection } from './ldap-connection.ts';
import type { ReadRequest, Source, SourceChange, SourceEvent, Watermark } from './source.ts';
import type { TlsTrust } from './tls.ts';
import { changedSince, everything, seesDeletions } from './usn-delta.ts';

export interface ActiveDirectoryOptions {
  readonly connector: ConnectorName;
  /** `corp.contoso.test` */
  readonly domain: string;
  /** URLs in the order to try, or how to find them. */
  readonly servers: () => Promise<readonly string[]>;
  readonly user: string;
  /** Asked for at each sign-in, so that a rotated secret is taken up. */
  readonly password: () => string;
  readonly tls: Omit<TlsTrust, 'domain'>;
  readonly clearText: boolean;
  readonly now: () => Date;
}

const defaultPageSize = 1000;
const day = 86_400_000;

/** One domain read from its domain controllers: in full by pages, then by what each controller wrote since (USN). */
export function openActiveDirectory(options: ActiveDirectoryOptions): Source {
  return new ActiveDirectory(options);
}

class ActiveDirectory implements Source {
  readonly connector: ConnectorName;
  readonly #options: ActiveDirectoryOptions;
  #connection: LdapConnection | undefined;

  constructor(options: ActiveDirectoryOptions) {
    this.connector = options.connector;
    this.#options = options;
  }

  async *full(request: ReadRequest): AsyncIterable<SourceEvent> {
    const connection = await this.#connect(undefined);
    const facts = await serverFacts(connection, this.#options.domain);
    // Taken before reading: what is written meanwhile is read once more by the next delta, and nothing is missed.
    const highest = await highestCommittedUsn(connection, this.#options.domain);
    const asked = askFor(request.attributes);
    const { namingContext } = facts.domain;
    yield { type: 'begin', mode: 'full', domain: facts.domain, server: connection.url };
    const pages = connection.pages(namingContext, { ...this.#search(request, asked), filter: everything }, [
      extendedDn(),
      domainScope(),
    ]);
    let rootSeen = false;
    let objects = 0;
    for await (const page of this.#pages(connection, pages, asked, request.signal)) {
      for (const change of page) {
        if (change.type !== 'object') continue;
        objects += 1;
        rootSeen ||= change.dn.toLowerCase() === namingContext.toLowerCase();
      }
      yield { type: 'page', changes: page };
    }
    if (!rootSeen) throw new IncompleteReadError(connection.url, `${namingContext} itself was not among the objects`);
    yield { type: 'complete', objects, watermark: this.#watermark(connection, facts, highest) };
  }

  async *delta(request: ReadRequest, watermark: Watermark): AsyncIterable<SourceEvent> {
    if (watermark.kind !== 'usn') throw this.#fullNeeded('it was last read in another way');
    const connection = await this.#connect(watermark.server);
    const facts = await serverFacts(connection, this.#options.domain);
    if (facts.invocationId !== watermark.invocationId) {
      throw this.#fullNeeded(`${connection.url} is another domain controller, or was restored from a backup`);
    }
    const since = BigInt(watermark.highestUsn);
    const highest = await highestCommittedUsn(connection, this.#options.domain);
    if (highest < since) throw this.#fullNeeded(`the USN of ${connection.url} went back from ${since} to ${highest}`);
    const age = this.#options.now().getTime() - Date.parse(watermark.at);
    if (age > facts.tombstoneLifetime * day) {
      throw this.#fullNeeded(`the last read is older than the ${facts.tombstoneLifetime} days deletions are kept`);
    }
    const { namingContext } = facts.domain;
    if (!(await seesDeletions(connection, namingContext))) {
      throw this.#fullNeeded('the account may not see the container of deleted objects');
    }
    const asked = askFor(request.attributes);
    yield { type: 'begin', mode: 'delta', domain: facts.domain, server: connection.url };
    let objects = 0;
    const pages = changedSince(connection, namingContext, since, this.#search(request, asked));
    for await (const page of this.#pages(connection, pages, asked, request.signal)) {
      objects += page.filter((change) => change.type !== 'links').length;
      yield { type: 'page', changes: page };
    }
    yield { type: 'complete', objects, watermark: this.#watermark(connection, facts, highest) };
  }

  async moved(watermark: Watermark, signal: AbortSignal): Promise<boolean> {
    if (watermark.kind !== 'usn') return true;
    const connection = await this.#connect(watermark.server);
    signal.throwIfAborted();
    if (connection.url !== watermark.server) return true;
    return (await highestCommittedUsn(connection, this.#options.domain)) > BigInt(watermark.highestUsn);
  }

  async *one(
    object: { readonly guid: ObjectGuid } | { readonly dn: Dn },
    request: ReadRequest,
  ): AsyncIterable<SourceEvent> {
    const connection = await this.#connect(undefined);
    const { domain } = await serverFacts(connection, this.#options.domain);
    const asked = askFor(request.attributes);
    const base = 'guid' in object ? `<GUID=${object.guid}>` : object.dn;
    yield { type: 'begin', mode: 'delta', domain, server: connection.url };
    const entry = await connection.find(base, asked.attributes, [extendedDn()], asked.explicitBufferAttributes);
    const read = entry === undefined ? undefined : readEntry(entry, asked);
    if (read === undefined) return;
    yield { type: 'page', changes: read.changes };
    for (const cut of read.cut) yield* this.#rest(connection, cut, asked, request.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disconnect();
  }

  /** The page's changes, each followed by what the server had cut off its reference attributes. */
  async *#pages(
    connection: LdapConnection,
    results: ReturnType<LdapConnection['pages']>,
    asked: Asked,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SourceChange[]> {
    try {
      for await (const { searchEntries, searchReferences } of results) {
        signal.throwIfAborted();
        const [elsewhere] = searchReferences;
        if (elsewhere !== undefined)
          throw new IncompleteReadError(connection.url, `it refers to ${elsewhere} for more`);
        let changes: SourceChange[] = [];
        for (const entry of searchEntries) {
          const read = readEntry(entry, asked);
          if (read === undefined) continue;
          changes.push(...read.changes);
          for (const cut of read.cut) {
            yield changes;
            changes = [];
            for await (const event of this.#rest(connection, cut, asked, signal)) yield event.changes;
          }
        }
        yield changes;
      }
    } catch (error) {
      await this.#disconnect();
      throw error;
    }
  }

  /** What is left of a cut attribute, range by range (`member;range=1500-*`, [MS-ADTS] 3.1.1.3.1.3.3). */
  async *#rest(connection: LdapConnection, cut: CutAttribute, asked: Asked, signal: AbortSignal) {
    for (let from: number | undefined = cut.next; from !== undefined; ) {
      signal.throwIfAborted();
      const ranged = `${cut.attribute};range=${from}-*`;
      const entry = await connection.find(
        `<GUID=${cut.guid}>`,
        [ranged],
        [extendedDn()],
        asked.explicitBufferAttributes,
      );
      const { changes, next } = readRange(entry, cut);
      yield { type: 'page' as const, changes };
      from = next;
    }
  }

  /** The server of the watermark first: a USN is of one database alone. A server that cannot be reached is passed over. */
  async #connect(preferred: string | undefined): Promise<LdapConnection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    await this.#disconnect();
    const { user, password, tls, clearText, domain } = this.#options;
    const servers = await this.#options.servers();
    const order =
      preferred !== undefined && servers.includes(preferred) ? [...new Set([preferred, ...servers])] : servers;
    let last: unknown = new DomainControllerUnreachableError(domain, 'no domain controller is known', undefined);
    for (const url of order) {
      try {
        this.#connection = await LdapConnection.open({
          url,
          user,
          password: password(),
          clearText,
          trust: { ...tls, domain },
        });
        return this.#connection;
      } catch (error) {
        if (!isGone(error)) throw error;
        last = error;
      }
    }
    throw last;
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.[Symbol.asyncDispose]();
  }

  #search({ pageSize = defaultPageSize }: ReadRequest, { attributes, explicitBufferAttributes }: Asked) {
    return { scope: 'sub' as const, paged: { pageSize }, attributes, explicitBufferAttributes };
  }

  #watermark(connection: LdapConnection, { invocationId }: ServerFacts, highest: bigint): Watermark {
    const at = this.#options.now().toISOString();
    return { kind: 'usn', server: connection.url, invocationId, highestUsn: String(highest), at };
  }

  #fullNeeded(reason: string): FullReadNeededError {
    return new FullReadNeededError(this.connector, reason);
  }
}

function isGone(error: unknown): boolean {
  return (
    error instanceof DomainControllerUnreachableError ||
    error instanceof DirectoryTimeoutError ||
    error instanceof ConnectionLostError
  );
}
