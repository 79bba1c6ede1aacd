import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorName, Dn, ObjectGuid } from '../model/index.ts';
import type { AskedType } from './asked.ts';
import { extendedDn } from './controls.ts';
import { dirSyncChanges, usnChanges } from './delta.ts';
import { type DirSyncPoint, dirSyncNow, dirSyncSince } from './dir-sync.ts';
import { DomainControllers, type DomainControllersOptions, isGone, type Session } from './domain-controllers.ts';
import { highestCommittedUsn } from './domain-facts.ts';
import { readEntry } from './entry.ts';
import { DirectoryRefusedError, FullReadNeededError } from './errors.ts';
import { changesOf, changesOfPages } from './pages.ts';
import { ReadProof } from './read-proof.ts';
import { everything } from './searches.ts';
import { sinceChanged } from './since-changed.ts';
import type { ControllerContact, ReadRequest, Source, SourceChange, SourceEvent, Watermark } from './source.ts';

export interface ActiveDirectoryOptions extends DomainControllersOptions {
  readonly connector: ConnectorName;
  /** How to ask for changes: by USN where DirSync is not wanted, default DirSync where the server gives it. */
  readonly deltas?: 'dirSync' | 'usn';
  /** Milliseconds to wait before each further try of a read that a connection was lost in. */
  readonly retryDelays?: readonly number[];
}

type DirectoryWatermark = Exclude<Watermark, { kind: 'ldif' }>;

/** Where a server stands: its database, and what it has written. */
type Moment = Omit<Extract<Watermark, { kind: 'usn' }>, 'kind'>;

const defaultPageSize = 1000;
const defaultRetryDelays = [1000, 5000, 15_000];
const day = 86_400_000;

/**
 * One domain read from its domain controllers: in full by pages, then what has changed since, by DirSync, or by USN where
 * that is refused.
 */
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
    const { connection, facts } = await this.#controllers.session(watermark.server, 'watch');
    signal.throwIfAborted();
    if (connection.url !== watermark.server || facts.invocationId !== watermark.invocationId) return true;
    const highest = await highestCommittedUsn(connection, this.#options.domain);
    this.#controllers.heard(connection.url);
    // Behind it, too: restored from a backup, it is to be read in full.
    return highest !== BigInt(watermark.highestUsn);
  }

  async position(signal: AbortSignal): Promise<string> {
    const { connection, facts } = await this.#controllers.session(undefined, 'watch');
    signal.throwIfAborted();
    const highest = await highestCommittedUsn(connection, this.#options.domain);
    this.#controllers.heard(connection.url);
    return `${facts.invocationId} ${highest}`;
  }

  async sinceChanged(guids: readonly ObjectGuid[], signal: AbortSignal): Promise<ReadonlyMap<ObjectGuid, number>> {
    const session = await this.#controllers.session(undefined, 'watch');
    using _ = endedBy(signal, session);
    signal.throwIfAborted();
    return await sinceChanged(session, guids);
  }

  controllers(): readonly ControllerContact[] {
    return this.#controllers.contacts();
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
    this.#controllers.heard(connection.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#controllers[Symbol.asyncDispose]();
  }

  async *#full(session: Session, request: ReadRequest): AsyncGenerator<SourceEvent> {
    const { connection, facts } = session;
    const types = await session.asked(request.attributes);
    // Taken before reading: what is written meanwhile is read once more by the next delta, and nothing is missed.
    const moment = await this.#moment(session);
    const point = this.#options.deltas === 'usn' ? undefined : await dirSyncNow(session);
    yield { type: 'begin', mode: 'full', domain: facts.domain, server: connection.url };
    const proof = this.#proof(session, 'full', request);
    const { pageSize = defaultPageSize } = request;
    yield* pages(changesOfPages(connection, everything(session, types), pageSize, proof));
    proof.finish();
    yield { type: 'complete', objects: proof.objects, watermark: watermarkOf(moment, point) };
  }

  async *#delta(session: Session, request: ReadRequest, before: DirectoryWatermark): AsyncGenerator<SourceEvent> {
    const { connection, facts } = session;
    const moment = await this.#moment(session);
    this.#canResume(session, before, moment);
    const byCookie = before.kind === 'dirSync';
    // Whoever may replicate is told of every deletion; whoever may not only of those it may see.
    if (!(byCookie && !before.objectSecurity) && !(await session.seesDeletions())) {
      throw this.#fullNeeded('the account may not see the container of deleted objects');
    }
    const types = await session.asked(request.attributes);
    yield { type: 'begin', mode: 'delta', domain: facts.domain, server: connection.url };
    const proof = this.#proof(session, 'delta', request);
    let point: DirSyncPoint | undefined;
    if (byCookie) {
      const from = { cookie: Buffer.from(before.cookie, 'base64'), objectSecurity: before.objectSecurity };
      point = yield* this.#byDirSync(session, from, types, request, proof);
    } else yield* pages(usnChanges(session, BigInt(before.highestUsn), types, request, proof));
    yield { type: 'complete', objects: proof.objects, watermark: watermarkOf(moment, point) };
  }

  /** Throws when what was read last says nothing any more of what has changed on this server since. */
  #canResume({ connection, facts }: Session, before: DirectoryWatermark, { highestUsn }: Moment): void {
    if (facts.invocationId !== before.invocationId) {
      throw this.#fullNeeded(`${connection.url} is another domain controller, or was restored from a backup`);
    }
    if (BigInt(highestUsn) < BigInt(before.highestUsn)) {
      throw this.#fullNeeded(`the USN of ${connection.url} went back from ${before.highestUsn} to ${highestUsn}`);
    }
    const age = this.#options.now().getTime() - Date.parse(before.at);
    if (!(age <= facts.tombstoneLifetime * day)) {
      throw this.#fullNeeded(`the last read is older than the ${facts.tombstoneLifetime} days deletions are kept`);
    }
  }

  async *#byDirSync(
    session: Session,
    from: DirSyncPoint,
    types: readonly AskedType[],
    request: ReadRequest,
    proof: ReadProof,
  ): AsyncGenerator<SourceEvent, DirSyncPoint> {
    let point = from;
    try {
      for await (const page of dirSyncSince(session, from, types)) {
        yield* pages(dirSyncChanges(session, page, types, request, proof));
        point = page.point;
      }
    } catch (error) {
      if (!(error instanceof DirectoryRefusedError)) throw error;
      throw this.#fullNeeded(`${session.connection.url} refused to go on from the last read (${error.message})`);
    }
    return point;
  }

  #proof({ connection, facts }: Session, mode: 'full' | 'delta', { expected }: ReadRequest): ReadProof {
    return new ReadProof(connection.url, mode, facts.domain.namingContext, expected);
  }

  async #moment({ connection, facts }: Session): Promise<Moment> {
    const highestUsn = String(await highestCommittedUsn(connection, this.#options.domain));
    const at = this.#options.now().toISOString();
    return { server: connection.url, invocationId: facts.invocationId, highestUsn, at };
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
      let begun = attempt > 0;
      try {
        const session = await this.#controllers.session(preferred);
        using _ = endedBy(signal, session);
        signal.throwIfAborted();
        begun = true;
        yield* read(session);
        this.#controllers.heard(session.connection.url);
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

  #fullNeeded(reason: string): FullReadNeededError {
    return new FullReadNeededError(this.connector, reason);
  }
}

/** Whatever is being read ends with the signal, until disposed of. */
function endedBy(signal: AbortSignal, { connection }: Session): Disposable {
  const abort = (): void => connection.end(new Error('the read was stopped'));
  signal.addEventListener('abort', abort);
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', abort) };
}

async function* pages(changes: AsyncIterable<readonly SourceChange[]>): AsyncGenerator<SourceEvent> {
  for await (const page of changes) yield { type: 'page', changes: page };
}

function watermarkOf(moment: Moment, point: DirSyncPoint | undefined): Watermark {
  if (point === undefined) return { kind: 'usn', ...moment };
  return { kind: 'dirSync', ...moment, cookie: point.cookie.toString('base64'), objectSecurity: point.objectSecurity };
}
