import {
  BindRequest,
  type Control,
  type Filter,
  FilterParser,
  NoSuchObjectError,
  type ResultCodeError,
  SearchRequest,
  SearchResponse,
  StatusCodeParser,
} from 'ldapts';
import { CloudSyncError } from '../model/index.ts';
import { nextPage, paged } from './controls.ts';
import {
  ClearTextRefusedError,
  ConnectionLostError,
  DirectoryProtocolError,
  DirectoryRefusedError,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  IncompleteReadError,
  WrongPasswordError,
} from './errors.ts';
import { BerError } from './wire/ber.ts';
import { connectProblem, connectWire, type Endpoint } from './wire/connect.ts';
import { Entries } from './wire/entries.ts';
import { type AttributeType, EntryDecoder, type SearchEntry } from './wire/entry-decoder.ts';
import { type LdapResult, operations, type ResponseControl } from './wire/messages.ts';
import { type Wire, WireProtocolError, WireTimeoutError } from './wire/wire.ts';

export interface LdapServer extends Endpoint {
  readonly user: string;
  readonly password: string;
}

export interface Search<Type extends AttributeType> {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter?: string | Filter;
  /** Read by these types... */
  readonly types: readonly Type[];
  /** ...and asked for by these names, which are the types' own when left out. */
  readonly attributes?: readonly string[];
  readonly controls?: readonly Control[];
}

export interface SearchResult<Type extends AttributeType> {
  readonly entries: Entries<Type>;
  /** Other servers the rest is said to be on. */
  readonly references: readonly string[];
  readonly controls: readonly ResponseControl[];
}

/** Active Directory's own words for a refused bind: the `data` part of its message, hexadecimal ([MS-ADTS], Win32 codes). */
const bindReasons: Readonly<Record<string, string>> = {
  '525': 'there is no such user',
  '52e': 'the password is wrong',
  '530': 'the account may not sign in at this time',
  '531': 'the account may not sign in from this computer',
  '532': 'the password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'the password must be changed first',
  '775': 'the account is locked',
};

/** Result codes (RFC 4511, appendix A). */
const codes = {
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  confidentialityRequired: 13,
  invalidCredentials: 49,
  busy: 51,
  unavailable: 52,
} as const;

/** A page beyond this is followed by a smaller one: photos make a thousand entries large. */
const largePage = 8 * 2 ** 20;
const smallestPage = 20;

/** A bound connection to one domain controller, over TLS unless the configuration names the wish for clear text. */
export class LdapConnection implements AsyncDisposable {
  readonly url: string;
  readonly #wire: Wire;

  private constructor(url: string, wire: Wire) {
    this.url = url;
    this.#wire = wire;
  }

  static async open(server: LdapServer): Promise<LdapConnection> {
    const { url, user, password } = server;
    // A bind without a password succeeds, as nobody (RFC 4513, 5.1.2).
    if (password === '') throw new WrongPasswordError(url, user, 'the password is empty', undefined);
    const wire = await connectWire(server);
    try {
      const result = await wire.request(
        (messageId) => new BindRequest({ messageId, dn: user, password }),
        operations.bindResponse,
      );
      if (result.code !== 0) throw bindProblem(result, server);
      return new LdapConnection(url, wire);
    } catch (error) {
      await wire[Symbol.asyncDispose]();
      throw error instanceof WireProtocolError ? new DirectoryProtocolError(url, error) : connectProblem(error, url);
    }
  }

  get isOpen(): boolean {
    return this.#wire.isOpen;
  }

  /** `most` entries are expected; a server that sends more is not believed. */
  async search<Type extends AttributeType>(
    search: Search<Type>,
    most = Number.POSITIVE_INFINITY,
    entries = new Entries(new EntryDecoder(search.types), undefined),
  ): Promise<SearchResult<Type>> {
    const { base, scope, filter = '(objectClass=*)', types, attributes, controls = [] } = search;
    const references: string[] = [];
    try {
      const result = await this.#wire.request(
        (messageId) =>
          new SearchRequest({
            messageId,
            baseDN: base,
            scope,
            filter: typeof filter === 'string' ? FilterParser.parseString(filter) : filter,
            attributes: [...(attributes ?? types.map(({ name }) => name))],
            controls: [...controls],
            timeLimit: 0,
          }),
        operations.searchDone,
        {
          entry: (bytes, start, end) => {
            if (entries.length >= most) throw new WireProtocolError(`more entries than the ${most} asked for`);
            entries.push(bytes, start, end);
          },
          reference: (urls) => references.push(...urls),
        },
      );
      if (result.code !== 0) throw this.#refusal(result);
      return { entries, references, controls: result.controls };
    } catch (error) {
      throw this.#readProblem(error);
    }
  }

  /** The one entry with this DN; one that is not there is a refused read. */
  async one<Type extends AttributeType>(
    dn: string,
    types: readonly Type[],
    controls: readonly Control[] = [],
  ): Promise<SearchEntry<Type> | undefined> {
    const { entries } = await this.search({ base: dn, scope: 'base', types, controls }, 1);
    return this.decode(entries)[0];
  }

  /** The one entry with this DN; `undefined` where there is none or none to be seen. */
  async find<Type extends AttributeType>(search: Omit<Search<Type>, 'scope'>): Promise<SearchEntry<Type> | undefined> {
    try {
      const { entries } = await this.search({ ...search, scope: 'base' }, 1);
      return this.decode(entries)[0];
    } catch (error) {
      if (error instanceof DirectoryRefusedError && error.cause instanceof NoSuchObjectError) return undefined;
      throw error;
    }
  }

  /**
   * Pages until the server says that there are no more. The next one is asked for before this one is handed on, so that
   * both sides work at once.
   */
  async *pages<Type extends AttributeType>(search: Search<Type>, pageSize: number): AsyncGenerator<SearchResult<Type>> {
    let size = pageSize;
    const decoder = new EntryDecoder(search.types);
    let spare: Buffer | undefined;
    const ask = async (cookie: Buffer): Promise<SearchResult<Type>> => {
      const most = size;
      const controls = [...(search.controls ?? []), paged(most, cookie)];
      const entries = new Entries(decoder, spare);
      spare = undefined;
      return await this.search({ ...search, controls }, most, entries);
    };
    let coming = ask(Buffer.alloc(0));
    for (;;) {
      const page = await coming;
      const cookie = this.#cookieOf(page);
      size = page.entries.bytes > largePage ? Math.max(smallestPage, size >> 1) : size;
      if (cookie.length > 0) {
        coming = ask(cookie);
        // Its failure is met when it is waited for, or by nobody when the reader has gone away.
        coming.catch(() => undefined);
      }
      yield page;
      if (cookie.length === 0) return;
      spare = page.entries.release();
    }
  }

  /** All that are left of the entries. */
  decode<Type extends AttributeType>(entries: Entries<Type>): readonly SearchEntry<Type>[] {
    const list: SearchEntry<Type>[] = [];
    for (let entry = this.next(entries); entry !== undefined; entry = this.next(entries)) list.push(entry);
    return list;
  }

  /** The next of the entries, taken from its bytes now. */
  next<Type extends AttributeType>(entries: Entries<Type>): SearchEntry<Type> | undefined {
    try {
      return entries.next();
    } catch (error) {
      throw this.#readProblem(error);
    }
  }

  /** Ends it at once: whatever is being read fails with `reason`. */
  end(reason: Error): void {
    this.#wire.end(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wire[Symbol.asyncDispose]();
  }

  #cookieOf(page: SearchResult<AttributeType>): Buffer {
    try {
      const cookie = nextPage(page.controls);
      if (cookie === undefined) throw new IncompleteReadError(this.url, 'it does not say whether there are more pages');
      return cookie;
    } catch (error) {
      throw this.#readProblem(error);
    }
  }

  #refusal(result: LdapResult): Error {
    const error = resultError(result);
    switch (result.code) {
      case codes.referral:
        return new IncompleteReadError(this.url, `it refers to ${result.referrals[0] ?? 'another server'}`);
      case codes.sizeLimitExceeded:
      case codes.timeLimitExceeded:
      case codes.adminLimitExceeded:
        return new IncompleteReadError(this.url, `it ended at a limit of the server (${error.message.trim()})`);
      case codes.busy:
      case codes.unavailable:
        return new DomainControllerUnreachableError(this.url, 'it is busy', error);
      default:
        return new DirectoryRefusedError(this.url, error);
    }
  }

  #readProblem(error: unknown): unknown {
    if (error instanceof CloudSyncError) return error;
    if (error instanceof WireTimeoutError) return new DirectoryTimeoutError(this.url, error);
    if (error instanceof WireProtocolError || error instanceof BerError) {
      this.#wire.end(error);
      return new DirectoryProtocolError(this.url, error);
    }
    return this.#wire.isOpen ? error : new ConnectionLostError(this.url, error);
  }
}

function bindProblem(result: LdapResult, { url, user }: LdapServer): Error {
  const error = resultError(result);
  switch (result.code) {
    case codes.strongerAuthRequired:
    case codes.confidentialityRequired:
      return new ClearTextRefusedError(url);
    case codes.busy:
    case codes.unavailable:
      return new DomainControllerUnreachableError(url, 'it is busy', error);
    default: {
      const data = /data ([0-9a-f]+)/i.exec(result.message)?.[1]?.toLowerCase() ?? '';
      const wrong = result.code === codes.invalidCredentials ? 'the user or the password is wrong' : error.message;
      return new WrongPasswordError(url, user, bindReasons[data] ?? wrong, error);
    }
  }
}

function resultError({ code, message }: LdapResult): ResultCodeError {
  return StatusCodeParser.parse(new SearchResponse({ messageId: 0, status: code, errorMessage: message }));
}
