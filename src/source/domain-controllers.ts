import type { AskedType } from './asked.ts';
import { askFor } from './asked.ts';
import { type ServerFacts, serverFacts } from './domain-facts.ts';
import {
  CertificateNameError,
  ConnectionLostError,
  DirectoryProtocolError,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  NotActiveDirectoryError,
  UntrustedCertificateError,
  WrongPasswordError,
} from './errors.ts';
import { LdapConnection } from './ldap-connection.ts';
import { syntaxesOf } from './schema.ts';
import { seesDeletions } from './searches.ts';
import type { ControllerContact } from './source.ts';
import type { TlsTrust } from './wire/tls.ts';

export interface DomainControllersOptions {
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
  /** Milliseconds, default 10 s. */
  readonly connectTimeout?: number;
  /** Milliseconds a sign-in or a page may take, default 30 s. */
  readonly readTimeout?: number;
}

/** A connection, and what the server said of itself when it was made. */
export interface Session {
  readonly connection: LdapConnection;
  readonly facts: ServerFacts;
  /** May the account see deletions? */
  seesDeletions(): Promise<boolean>;
  /** How to ask for these attributes, by the server's own schema. */
  asked(attributes: readonly string[]): Promise<readonly AskedType[]>;
}

interface Breaker {
  failures: number;
  until: number;
}

const firstPause = 1000;
const longestPause = 60_000;
/** A password once refused is not tried again for so long: a handful of tries locks the account. */
const refusedFor = 5 * 60_000;

/** The controllers of one domain: which to speak to, and one session with it. */
export class DomainControllers implements AsyncDisposable {
  readonly #options: DomainControllersOptions;
  readonly #breakers = new Map<string, Breaker>();
  readonly #answered = new Map<string, number>();
  #known: readonly string[] = [];
  #session: Session | undefined;
  #opening: Promise<Session> | undefined;
  #refused: { readonly password: string; readonly error: WrongPasswordError; readonly until: number } | undefined;

  constructor(options: DomainControllersOptions) {
    this.#options = options;
  }

  /**
   * The session that is open, or a new one: with `preferred` first, since a USN is of one database alone, then with the
   * servers in order, those that failed lately last. A server that only watches leaves those alone.
   */
  async session(preferred: string | undefined, patience: 'watch' | 'read' = 'read'): Promise<Session> {
    // The watch and a read may want one at once: a second connection would be closed by nobody.
    while (this.#opening !== undefined) await this.#opening.catch(() => undefined);
    if (this.#session?.connection.isOpen === true) return this.#session;
    this.#opening = this.#openFirst(preferred, patience);
    try {
      return await this.#opening;
    } finally {
      this.#opening = undefined;
    }
  }

  async #openFirst(preferred: string | undefined, patience: 'watch' | 'read'): Promise<Session> {
    await this.drop();
    const { domain, now } = this.#options;
    const known = await this.#find();
    const order = preferred !== undefined && known.includes(preferred) ? [...new Set([preferred, ...known])] : known;
    const resting = (url: string): boolean => (this.#breakers.get(url)?.until ?? 0) > now().getTime();
    const awake = order.filter((url) => !resting(url));
    let telling: unknown;
    let readOnly: Session | undefined;
    for (const url of patience === 'watch' ? awake : [...awake, ...order.filter(resting)]) {
      try {
        const session = await this.#open(url);
        this.#breakers.delete(url);
        this.heard(url);
        if (!session.facts.readOnly) {
          await readOnly?.connection[Symbol.asyncDispose]();
          this.#session = session;
          return session;
        }
        if (readOnly === undefined) readOnly = session;
        else await session.connection[Symbol.asyncDispose]();
      } catch (error) {
        if (!isPassedOver(error)) throw error;
        this.#trip(url);
        if (telling === undefined || (isGone(telling) && !isGone(error))) telling = error;
      }
    }
    this.#session = readOnly;
    if (readOnly !== undefined) return readOnly;
    throw telling ?? new DomainControllerUnreachableError(domain, 'no domain controller is known to be up', undefined);
  }

  /** Those known so far, in the order of the configuration or of DNS. */
  contacts(): readonly ControllerContact[] {
    const inUse = this.#session?.connection.isOpen === true ? this.#session.connection.url : undefined;
    return this.#known.map((url) => {
      const { failures, until } = this.#breakers.get(url) ?? { failures: 0, until: 0 };
      const answered = this.#answered.get(url);
      return {
        url,
        inUse: url === inUse,
        failures,
        leftAloneUntil: until > this.#options.now().getTime() ? new Date(until).toISOString() : null,
        lastContactAt: answered === undefined ? null : new Date(answered).toISOString(),
      };
    });
  }

  /** A server has answered. */
  heard(url: string): void {
    this.#answered.set(url, this.#options.now().getTime());
  }

  /** Closes the session; with `failed`, its server is left alone for a while. */
  async drop(failed = false): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session === undefined) return;
    if (failed) this.#trip(session.connection.url);
    await session.connection[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
  }

  /** DNS may be down while the servers it named before are not. */
  async #find(): Promise<readonly string[]> {
    try {
      this.#known = await this.#options.servers();
    } catch (error) {
      if (this.#known.length === 0) throw error;
    }
    return this.#known;
  }

  async #open(url: string): Promise<Session> {
    const password = this.#options.password();
    const now = this.#options.now().getTime();
    if (this.#refused !== undefined && this.#refused.password === password && this.#refused.until > now)
      throw this.#refused.error;
    try {
      const session = await openSession(this.#options, url, password);
      this.#refused = undefined;
      return session;
    } catch (error) {
      if (error instanceof WrongPasswordError) this.#refused = { password, error, until: now + refusedFor };
      throw error;
    }
  }

  #trip(url: string): void {
    const failures = (this.#breakers.get(url)?.failures ?? 0) + 1;
    const pause = Math.min(longestPause, firstPause * 2 ** (failures - 1));
    this.#breakers.set(url, { failures, until: this.#options.now().getTime() + pause });
  }
}

/** A new session with one domain controller. */
export async function openSession(options: DomainControllersOptions, url: string, password: string): Promise<Session> {
  const { user, tls, clearText, domain, connectTimeout = 10_000, readTimeout = 30_000 } = options;
  const trust = { ...tls, domain };
  const connection = await LdapConnection.open({ url, user, password, clearText, trust, connectTimeout, readTimeout });
  try {
    return sessionOf(connection, await serverFacts(connection, domain));
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

function sessionOf(connection: LdapConnection, facts: ServerFacts): Session {
  let sees: boolean | undefined;
  let last: { readonly key: string; readonly types: readonly AskedType[] } | undefined;
  return {
    connection,
    facts,
    async seesDeletions() {
      sees ??= await seesDeletions(connection, facts.domain.namingContext);
      return sees;
    },
    async asked(attributes) {
      const key = attributes.join('\n');
      if (last?.key !== key) {
        const syntaxes = await syntaxesOf(connection, facts.schemaNamingContext, attributes);
        last = { key, types: askFor(attributes, syntaxes) };
      }
      return last.types;
    },
  };
}

/** The server, not what was asked of it, is the trouble: another one or another time may do. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof DomainControllerUnreachableError ||
    error instanceof DirectoryTimeoutError ||
    error instanceof ConnectionLostError ||
    error instanceof DirectoryProtocolError
  );
}

/** A refused password is not taken to the next server, where it would be refused once more. */
function isPassedOver(error: unknown): boolean {
  return (
    isGone(error) ||
    error instanceof UntrustedCertificateError ||
    error instanceof CertificateNameError ||
    error instanceof NotActiveDirectoryError
  );
}
