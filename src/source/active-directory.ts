import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorName, Dn, ObjectGuid } from '../model/index.ts';
import { extendedDn } from './controls.ts';
import { DomainControllers, type DomainControllersOptions, isGone, type Session } from './domain-controllers.ts';
import { highestCommittedUsn } from './domain-facts.ts';
import { readEntry } from './entry.ts';
import { FullReadNeededError } from './errors.ts';
import { changesOf, pagesOfChanges } from './pages.ts';
import { ReadProof } from './read-proof.ts';
import { changedSince, everything, seesDeletions } from './searches.ts';
import type { ReadRequest, Source, SourceEvent, Watermark } from './source.ts';

export interface ActiveDirectoryOptions extends DomainControllersOptions {
  readonly connector: ConnectorName;
  /** Milliseconds to wait before each further try of a read that a connection was lost in. */
  readonly retryDelays?: readonly number[];
}

const defaultPageSize = 1000;
const defaultRetryDelays = [1000, 5000, 15_000];
const day = 86_400_000;

/** One domain read from its domain controllers: in full by pages, then by what each controller wrote since (USN). */
export function openActiveDirectory(options: ActiveDirectoryOptions): Source {
  return new ActiveDirectory(options);
}

class ActiveDirectory implements Source {
  readonly connector: ConnectorName;
  readonly #options: ActiveDirectoryOptions;
  readonly #controllers: DomainControllers;

  constructor(options: ActiveDirectoryOptions) {
    this.connector = options.connector;
    this.#options = options;
    this.#controllers = new DomainControllers(options);
  }

  full(request: ReadRequest): AsyncIterable<SourceEvent> {
    return this.#persistently(undefined, request, (session) => this.#full(session, request));
  }

  delta(request: ReadRequest, watermark: Watermark): AsyncIterable<SourceEvent> {
    if (watermark.kind === 'ldif') throw this.#fullNeeded('it was last read from a file');
    return this.#persistently(watermark.server, request, (session) => this.#delta(session, request, watermark));
  }

  async moved(watermark: Watermark, signal: AbortSignal): Promise<boolean> {
    if (watermark.kind === 'ldif') return true;
    const { connection } = await this.#controllers.session(watermark.server, 'watch');
    signal.throwIfAborted();
    if (connection.url !== watermark.server) return true;
    return (await highestCommittedUsn(connection, this.#options.domain)) > BigInt(watermark.highestUsn);
  }

  async *one(
    object: { readonly guid: ObjectGuid } | { readonly dn: Dn },
    request: ReadRequest,
  ): AsyncIterable<SourceEvent> {
    const session = await this.#controllers.session(undefined);
    const { connection, facts } = session;
    const types = await session.asked(request.attributes);
    const base = 'guid' in object ? `<GUID=${object.guid}>` : object.dn;
    yield { type: 'begin', mode: 'delta', domain: facts.domain, server: connection.url };
    const entry = await connection.find({ base, types, controls: [extendedDn()] });
    if (entry === undefined) return;
    for await (const changes of changesOf(connection, readEntry(entry))) yield { type: 'page', changes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#controllers[Symbol.asyncDispose]();
  }

  async *#full(session: Session, request: ReadRequest): AsyncGenerator<SourceEvent> {
    const { connection, facts } = session;
    const types = await session.asked(request.attributes);
    // Taken before reading: what is written meanwhile is read once more by the next delta, and nothing is missed.
    const watermark = await this.#watermark(session);
    yield { type: 'begin', mode: 'full', domain: facts.domain, server: connection.url };
    const proof = new ReadProof(connection.url, facts.domain.namingContext, request.expected);
    yield* this.#pages(session, everything(session, types), request, proof);
    proof.finish();
    yield { type: 'complete', objects: proof.objects, watermark };
  }

  async *#delta(
    session: Session,
    request: ReadRequest,
    before: Exclude<Watermark, { kind: 'ldif' }>,
  ): AsyncGenerator<SourceEvent> {
    const { connection, facts } = session;
    if (facts.invocationId !== before.invocationId) {
      throw this.#fullNeeded(`${connection.url} is another domain controller, or was restored from a backup`);
    }
    const since = BigInt(before.highestUsn);
    const watermark = await this.#watermark(session);
    const highest = BigInt(watermark.highestUsn);
    if (highest < since) throw this.#fullNeeded(`the USN of ${connection.url} went back from ${since} to ${highest}`);
    const age = this.#options.now().getTime() - Date.parse(before.at);
    if (!(age <= facts.tombstoneLifetime * day)) {
      throw this.#fullNeeded(`the last read is older than the ${facts.tombstoneLifetime} days deletions are kept`);
    }
    if (!(await seesDeletions(session))) {
      throw this.#fullNeeded('the account may not see the container of deleted objects');
    }
    const types = await session.asked(request.attributes);
    yield { type: 'begin', mode: 'delta', domain: facts.domain, server: connection.url };
    const proof = new ReadProof(connection.url, facts.domain.namingContext, request.expected);
    yield* this.#pages(session, changedSince(session, since, types), request, proof);
    yield { type: 'complete', objects: proof.objects, watermark };
  }

  async *#pages(
    { connection }: Session,
    search: Parameters<typeof pagesOfChanges>[1],
    { pageSize = defaultPageSize }: ReadRequest,
    proof: ReadProof,
  ): AsyncGenerator<SourceEvent> {
    for await (const changes of pagesOfChanges(connection, search, pageSize, proof)) yield { type: 'page', changes };
  }

  /**
   * Reads, and reads again from the start when the connection is lost on the way: with another `begin`. A page's cookie
   * is of no use on another connection.
   */
  async *#persistently(
    preferred: string | undefined,
    { signal }: ReadRequest,
    read: (session: Session) => AsyncGenerator<SourceEvent>,
  ): AsyncGenerator<SourceEvent> {
    const delays = this.#options.retryDelays ?? defaultRetryDelays;
    for (let attempt = 0; ; attempt += 1) {
      const stop = new DisposableStack();
      let begun = attempt > 0;
      try {
        using _ = stop;
        const session = await this.#controllers.session(preferred);
        const abort = (): void => session.connection.end(new Error('the read was stopped'));
        signal.addEventListener('abort', abort);
        stop.defer(() => signal.removeEventListener('abort', abort));
        signal.throwIfAborted();
        begun = true;
        yield* read(session);
        return;
      } catch (error) {
        await this.#controllers.drop(isGone(error));
        signal.throwIfAborted();
        const delay = delays[attempt];
        if (!begun || !isGone(error) || delay === undefined) throw error;
        await sleep(delay, undefined, { signal });
      }
    }
  }

  async #watermark({ connection, facts }: Session): Promise<Extract<Watermark, { kind: 'usn' }>> {
    const highestUsn = String(await highestCommittedUsn(connection, this.#options.domain));
    const at = this.#options.now().toISOString();
    return { kind: 'usn', server: connection.url, invocationId: facts.invocationId, highestUsn, at };
  }

  #fullNeeded(reason: string): FullReadNeededError {
    return new FullReadNeededError(this.connector, reason);
  }
}
