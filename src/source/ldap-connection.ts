import {
  Client,
  type Control,
  type Entry,
  NoSuchObjectError,
  ResultCodeError,
  type SearchOptions,
  type SearchResult,
} from 'ldapts';
import { CloudSyncError } from '../model/index.ts';
import {
  ClearTextRefusedError,
  ConnectionLostError,
  DirectoryRefusedError,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  UntrustedCertificateError,
  WrongPasswordError,
} from './errors.ts';
import { identityProblem, pinnedConnect, type TlsTrust } from './tls.ts';

export interface LdapServer {
  /** `ldaps://dc1.corp.contoso.test` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly trust: TlsTrust;
  readonly clearText: boolean;
}

/** Milliseconds. */
const connectTimeout = 10_000;
const readTimeout = 30_000;

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

const untrusted: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_UNTRUSTED',
  'CERT_REVOKED',
  'INVALID_CA',
]);

/** A bound connection to one domain controller, over TLS unless the configuration names the wish for clear text. */
export class LdapConnection implements AsyncDisposable {
  readonly url: string;
  readonly #client: Client;

  private constructor(url: string, client: Client) {
    this.url = url;
    this.#client = client;
  }

  static async open(server: LdapServer): Promise<LdapConnection> {
    const { url, trust } = server;
    const { hostname, protocol } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    let identity: Error | undefined;
    const tlsOptions = {
      ...(trust.ca === undefined ? {} : { ca: trust.ca }),
      rejectUnauthorized: trust.fingerprint === undefined,
      checkServerIdentity: (_name: string, certificate: Parameters<typeof identityProblem>[2]) => {
        identity = identityProblem(url, host, certificate, trust);
        return identity;
      },
    };
    const client = new Client({
      url,
      timeout: readTimeout,
      connectTimeout,
      strictDN: false,
      tlsOptions,
      ...(trust.fingerprint === undefined ? {} : { createSecureConnection: pinnedConnect(url, trust.fingerprint) }),
    });
    try {
      if (protocol !== 'ldaps:' && !server.clearText) await startTls(client, url, { ...tlsOptions, host });
      await client.bind(server.user, server.password);
      return new LdapConnection(url, client);
    } catch (error) {
      await client.unbind().catch(() => undefined);
      throw identity ?? connectProblem(error, server);
    }
  }

  get isOpen(): boolean {
    return this.#client.isConnected;
  }

  async search(base: string, options: SearchOptions, controls: Control[] = []): Promise<SearchResult> {
    try {
      return await this.#client.search(base, options, controls);
    } catch (error) {
      throw this.#readProblem(error);
    }
  }

  /** The one entry with this DN; one that is not there is a refused read. */
  async one(dn: string, attributes: string[], binary: string[] = []): Promise<Entry | undefined> {
    const { searchEntries } = await this.search(dn, { scope: 'base', attributes, explicitBufferAttributes: binary });
    return searchEntries[0];
  }

  /** The one entry with this DN; `undefined` where there is none or none to be seen. */
  async find(dn: string, attributes: string[], controls: Control[], binary: string[] = []): Promise<Entry | undefined> {
    try {
      const found = await this.#client.search(
        dn,
        { scope: 'base', attributes, explicitBufferAttributes: binary },
        controls,
      );
      return found.searchEntries[0];
    } catch (error) {
      if (error instanceof NoSuchObjectError) return undefined;
      throw this.#readProblem(error);
    }
  }

  /** Pages until the server says there are no more. */
  async *pages(base: string, options: SearchOptions, controls: Control[] = []): AsyncGenerator<SearchResult> {
    try {
      yield* this.#client.searchPaginated(base, options, controls);
    } catch (error) {
      throw this.#readProblem(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The server may be gone already: there is nobody left to say goodbye to.
    await this.#client.unbind().catch(() => undefined);
  }

  #readProblem(error: unknown): unknown {
    if (error instanceof CloudSyncError) return error;
    if (error instanceof ResultCodeError) return new DirectoryRefusedError(this.url, error);
    return isTimeout(error) ? new DirectoryTimeoutError(this.url, error) : new ConnectionLostError(this.url, error);
  }
}

async function startTls(client: Client, url: string, options: Parameters<Client['startTLS']>[0]): Promise<void> {
  try {
    await client.startTLS(options);
  } catch (error) {
    if (error instanceof ResultCodeError) throw new ClearTextRefusedError(url);
    throw error;
  }
}

function connectProblem(error: unknown, { url, user }: LdapServer): unknown {
  if (error instanceof CloudSyncError) return error;
  if (error instanceof ResultCodeError) {
    const data = /data ([0-9a-f]+)/i.exec(error.message)?.[1]?.toLowerCase() ?? '';
    const reason = bindReasons[data] ?? (error.code === 49 ? 'the user or the password is wrong' : error.message);
    return new WrongPasswordError(url, user, reason, error);
  }
  const code = codeOf(error);
  if (untrusted.has(code)) return new UntrustedCertificateError(url, messageOf(error), error);
  if (isTimeout(error)) return new DirectoryTimeoutError(url, error);
  return new DomainControllerUnreachableError(url, messageOf(error), error);
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function isTimeout(error: unknown): boolean {
  return codeOf(error) === 'ETIMEDOUT' || /time(d)? ?out/i.test(messageOf(error));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
