import type { ObjectGuid } from '../model/index.ts';
import { changesOf, wipe } from './changes.ts';
import { type Cookie, onAnother, readCookie, writeCookie } from './cookie.ts';
import { fromTheStart } from './drsr/nc-changes.ts';
import type { NcChangesReply } from './drsr/nc-changes-reply.ts';
import type { ReadFrom, ReplicationSession } from './drsr/session.ts';
import {
  CookieTooOldError,
  MalformedAnswerError,
  NoEndpointError,
  NoReplicationServerError,
  type PasswordError,
  ReplicationLostError,
  ReplicationTimeoutError,
  ReplicationUnreachableError,
  RpcRefusedError,
} from './errors.ts';
import type { PasswordChange, PasswordEvent } from './password-change.ts';
import { parseServer, signIn } from './sign-in.ts';

/** How the account that reads proves itself. */
export type ReplicationCredential =
  | { readonly password: string }
  /** Contents of a keytab file (MIT format) with an AES-256 key of the account. */
  | { readonly keytab: Uint8Array };

export interface PasswordReaderOptions {
  /** `corp.contoso.test` */
  readonly domain: string;
  /**
   * In the order to try: DNS names, addresses, or the URLs the directory is read by, of which the host counts. Of an
   * address any name inside the domain is believed, as it is of certificates; a DNS name is what Kerberos proves.
   */
  readonly servers: () => Promise<readonly string[]>;
  /** `svc@corp.contoso.test` or `CORP\svc` */
  readonly user: string;
  /** Asked for at each sign-in, so that a rotated secret is taken up. */
  readonly credential: () => ReplicationCredential;
  /**
   * Kerberos proves the domain controller as well as the account. NTLM does not prove which server answers: any
   * computer of the domain could; it is used only where the configuration names it.
   */
  readonly signIn: 'kerberos' | 'ntlm';
  /** TCP port of the replication service; the endpoint mapper on port 135 is asked when left out. */
  readonly port?: number | undefined;
  readonly now: () => Date;
}

/** Reads the password hashes of one domain. Keeps its connection between calls; errors are `PasswordError`s. */
export interface PasswordReader extends AsyncDisposable {
  /** All accounts without a cookie, what changed since with one. A cookie that is of no use throws `CookieTooOldError`. */
  changes(cookie: string | undefined, signal: AbortSignal): AsyncIterable<PasswordEvent>;
  /** One account as it is now, nothing `unchanged`; `undefined` where there is none. The caller disposes the hash. */
  one(guid: ObjectGuid, signal: AbortSignal): Promise<PasswordChange | undefined>;
  /** Asks for an object that has no password as it would for one that has: all rights are needed, and nothing secret comes. */
  check(head: ObjectGuid, signal: AbortSignal): Promise<void>;
}

export function openPasswordReader(options: PasswordReaderOptions): PasswordReader {
  return new Reader(options);
}

/** Another domain controller may do where one failed so; a refusal is the same everywhere. */
const outOfReach = [ReplicationUnreachableError, ReplicationLostError, ReplicationTimeoutError, NoEndpointError];
/** A connection kept from an earlier call may have ended meanwhile, or its handle: the call is made once more. */
const ended = [ReplicationLostError, RpcRefusedError];

const everything: ReadFrom = { invocationId: undefined, usn: fromTheStart, upToDate: undefined };

class Reader implements PasswordReader {
  readonly #options: PasswordReaderOptions;
  readonly #domain: string;
  #session: ReplicationSession | undefined;
  #opening: Promise<unknown> = Promise.resolve();

  constructor(options: PasswordReaderOptions) {
    this.#options = options;
    this.#domain = options.domain.toLowerCase();
  }

  async *changes(text: string | undefined, signal: AbortSignal): AsyncIterable<PasswordEvent> {
    const cookie = text === undefined ? undefined : readCookie(text, this.#domain);
    let { reply, from, session } = await this.#firstPage(cookie, signal);
    const { server, sessionKey } = session;
    yield { type: 'begin', mode: cookie === undefined ? 'full' : 'delta', server };
    let accounts = 0;
    for (;;) {
      const changes = changesOf(reply, sessionKey, cookie === undefined ? 'none' : 'unchanged');
      const next = this.#after(reply, from, server);
      const resume = writeCookie({ server, domain: this.#domain, from: next });
      try {
        accounts += changes.length;
        if (changes.length > 0) yield { type: 'page', changes, cookie: resume };
      } finally {
        wipe(changes);
      }
      if (!reply.more) {
        yield { type: 'complete', cookie: resume, accounts };
        return;
      }
      from = next;
      reply = await session.page(from, signal);
    }
  }

  async one(guid: ObjectGuid, signal: AbortSignal): Promise<PasswordChange | undefined> {
    const { answer, session } = await this.#ask((open) => open.object(guid, signal), undefined, signal);
    if (answer === undefined) return undefined;
    const changes = changesOf(answer, session.sessionKey, 'none');
    const [change, ...others] = changes;
    if (others.length === 0 && change?.guid === guid) return change;
    wipe(changes);
    throw new MalformedAnswerError(session.server, `another object came than ${guid}`);
  }

  async check(head: ObjectGuid, signal: AbortSignal): Promise<void> {
    await this.#ask((open) => open.object(head, signal), undefined, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
  }

  async #firstPage(
    cookie: Cookie | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly reply: NcChangesReply; readonly from: ReadFrom; readonly session: ReplicationSession }> {
    const from = cookie?.from ?? everything;
    const { answer: reply, session } = await this.#ask((open) => open.page(from, signal), cookie?.server, signal);
    if (cookie === undefined || reply.invocationId === cookie.from.invocationId) return { reply, from, session };
    const anew = onAnother(cookie, reply.invocationId);
    return { reply: await session.page(anew, signal), from: anew, session };
  }

  /** Where to go on after a reply; one that leads nowhere is refused, so that no read goes round in circles. */
  #after(reply: NcChangesReply, from: ReadFrom, server: string): Cookie['from'] {
    const { invocationId, to, more, objects, links } = reply;
    if (from.invocationId !== undefined && from.invocationId !== invocationId) {
      throw new CookieTooOldError(server, 'its database was replaced during the read');
    }
    // Some give back the number they were given: what they know of themselves tells how far they really are.
    const known = reply.upToDate?.find((cursor) => cursor.invocationId === invocationId)?.usn ?? to.propertyUpdate;
    if (!more && known < from.usn.propertyUpdate) {
      throw new CookieTooOldError(server, `its USN went back from ${from.usn.propertyUpdate} to ${known}`);
    }
    // Pages of links alone come last, all with the same USN.
    const moves = objects.length > 0 || links.length > 0 || to.objectUpdate > from.usn.objectUpdate;
    if (more && !moves) {
      throw new MalformedAnswerError(server, 'more is announced, and the read does not move');
    }
    return { invocationId, usn: to, upToDate: more ? from.upToDate : (reply.upToDate ?? from.upToDate) };
  }

  async #ask<Answer>(
    question: (session: ReplicationSession) => Promise<Answer>,
    preferred: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly answer: Answer; readonly session: ReplicationSession }> {
    const kept = this.#session?.isOpen === true ? this.#session : undefined;
    if (kept !== undefined) {
      try {
        return { answer: await question(kept), session: kept };
      } catch (error) {
        if (!ended.some((kind) => error instanceof kind)) throw error;
      }
    }
    const opening = this.#opening.then(() => this.#opened(preferred, signal));
    this.#opening = opening.catch(() => undefined);
    const session = await opening;
    return { answer: await question(session), session };
  }

  /** One after the other: the second who finds no connection takes the first one's. */
  async #opened(preferred: string | undefined, signal: AbortSignal): Promise<ReplicationSession> {
    if (this.#session?.isOpen !== true) {
      this.#session?.[Symbol.dispose]();
      this.#session = await this.#open(preferred, signal);
    }
    return this.#session;
  }

  async #open(preferred: string | undefined, signal: AbortSignal): Promise<ReplicationSession> {
    const servers = (await this.#options.servers()).map(parseServer);
    const order = servers.toSorted((a, b) => Number(b.address === preferred) - Number(a.address === preferred));
    const problems: PasswordError[] = [];
    for (const server of order) {
      try {
        return await signIn(this.#options, server, signal);
      } catch (error) {
        const problem = outOfReach.find((kind) => error instanceof kind);
        if (problem === undefined || !(error instanceof problem)) throw error;
        problems.push(error);
      }
    }
    const [only, ...others] = problems;
    if (only !== undefined && others.length === 0) throw only;
    throw new NoReplicationServerError(this.#domain, problems);
  }
}
