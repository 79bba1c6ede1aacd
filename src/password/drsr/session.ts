import { type Dn, domainDn, type ObjectGuid, parseObjectGuid } from '../../model/index.ts';
import {
  CookieTooOldError,
  MalformedAnswerError,
  type PasswordError,
  ReplicationDeniedError,
  ReplicationRefusedError,
} from '../errors.ts';
import { RpcConnection } from '../rpc/connection.ts';
import type { RpcSecurity } from '../rpc/security.ts';
import { client, type DrsBindReply, decodeDrsBindReply, encodeDrsBind } from './bind.ts';
import { decodeDomainControllerInfo, encodeDomainControllerInfo } from './domain-controller-info.ts';
import { drsuapi, meanings, operation, win32 } from './interface.ts';
import { encodeNcChanges, fromTheStart, type UpToDateCursor, type UsnVector } from './nc-changes.ts';
import { decodeNcChangesReply, type NcChangesReply } from './nc-changes-reply.ts';

export interface SessionOptions {
  readonly server: string;
  readonly port: number;
  /** `corp.contoso.test` */
  readonly domain: string;
  /** As whom it signs in, for messages. */
  readonly user: string;
  readonly security: RpcSecurity;
  /** What the domain controller calls itself in DNS, where that is known once signed in. */
  readonly hostName: () => string | undefined;
}

/** Where a read of the domain begins: nothing at all, or where another ended. */
export interface ReadFrom {
  readonly invocationId: ObjectGuid | undefined;
  readonly usn: UsnVector;
  readonly upToDate: readonly UpToDateCursor[] | undefined;
}

/** ATTIDs of the standard prefix table: unicodePwd, pwdLastSet, userAccountControl. */
const attributes = [0x9005a, 0x90060, 0x90008];
const pageObjects = 1000;
const pageBytes = 8 * 2 ** 20;

/** Signed in at one domain controller, with a replication handle of it. */
export class ReplicationSession implements Disposable {
  readonly server: string;
  readonly namingContext: Dn;
  readonly #options: SessionOptions;
  readonly #rpc: RpcConnection;
  #handle: Buffer = Buffer.alloc(20);
  #destination = client;

  private constructor(options: SessionOptions, rpc: RpcConnection) {
    this.server = options.server;
    this.namingContext = domainDn(options.domain);
    this.#options = options;
    this.#rpc = rpc;
  }

  static async open(options: SessionOptions, signal: AbortSignal): Promise<ReplicationSession> {
    const { server, port, security } = options;
    const rpc = await RpcConnection.open({ server, port, interface: drsuapi }, security, signal);
    const session = new ReplicationSession(options, rpc);
    try {
      await session.#bind(signal);
      return session;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#rpc.isOpen;
  }

  /** What secrets in replies are encrypted with. */
  get sessionKey(): Uint8Array {
    return this.#options.security.sessionKey;
  }

  /** The next page of the domain. */
  async page(from: ReadFrom, signal: AbortSignal): Promise<NcChangesReply> {
    return await this.#changes({ dn: this.namingContext }, from, signal);
  }

  /** One object as it is; `undefined` where the domain has none of this GUID. */
  async object(guid: ObjectGuid, signal: AbortSignal): Promise<NcChangesReply | undefined> {
    const start = { invocationId: undefined, usn: fromTheStart, upToDate: undefined };
    try {
      const reply = await this.#changes({ guid }, start, signal);
      if (reply.extendedResult !== 1) {
        throw new MalformedAnswerError(this.server, `the extended operation ended with ${reply.extendedResult}`);
      }
      return reply;
    } catch (error) {
      const missing = error instanceof ReplicationRefusedError && notThere.has(error.status);
      if (missing) return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#rpc[Symbol.dispose]();
  }

  async #bind(signal: AbortSignal): Promise<void> {
    let { handle, epoch } = await this.#drsBind(0, signal);
    // A domain that was renamed has another epoch, and its controllers refuse partners of the old one.
    if (epoch !== 0) ({ handle, epoch } = await this.#drsBind(epoch, signal));
    this.#handle = handle;
    this.#destination = (await this.#ownDsa(signal)) ?? client;
  }

  async #drsBind(epoch: number, signal: AbortSignal): Promise<DrsBindReply> {
    const stub = await this.#rpc.call(operation.bind, encodeDrsBind(epoch), signal);
    this.#check('DRSBind', stub);
    return decodeDrsBindReply(stub, this.server);
  }

  /** Asks the domain controller which of its domain's controllers it is. */
  async #ownDsa(signal: AbortSignal): Promise<ObjectGuid | undefined> {
    const asked = encodeDomainControllerInfo(this.#handle, this.#options.domain);
    const stub = await this.#rpc.call(operation.domainControllerInfo, asked, signal);
    // Only Windows wants the answer, and an account without the right to ask may still replicate.
    if (statusOf(stub, this.server) !== win32.success) return undefined;
    const controllers = decodeDomainControllerInfo(stub, this.server);
    const own = this.#options.hostName()?.toLowerCase();
    const found = controllers.find((one) => one.dnsHostName.toLowerCase() === own) ?? controllers[0];
    return found === undefined ? undefined : parseObjectGuid(found.dsaGuid);
  }

  async #changes(
    what: { readonly dn: Dn } | { readonly guid: ObjectGuid },
    from: ReadFrom,
    signal: AbortSignal,
  ): Promise<NcChangesReply> {
    const request = encodeNcChanges({
      handle: this.#handle,
      destination: this.#destination,
      invocationId: from.invocationId,
      what,
      from: from.usn,
      upToDate: from.upToDate,
      attributes,
      maxObjects: 'guid' in what ? 1 : pageObjects,
      maxBytes: 'guid' in what ? 0 : pageBytes,
    });
    const stub = await this.#rpc.call(operation.getNcChanges, request, signal);
    this.#check('DRSGetNCChanges', stub, from.invocationId !== undefined);
    const reply = decodeNcChangesReply(stub, this.server);
    this.#destination = reply.dsaGuid;
    return reply;
  }

  #check(call: string, stub: Buffer, resumes = false): void {
    const status = statusOf(stub, this.server);
    if (status !== win32.success) throw this.#problem(call, status, resumes);
  }

  #problem(call: string, status: number, resumes: boolean): PasswordError {
    const { server, namingContext } = this;
    switch (status) {
      case win32.accessDenied:
      case win32.replicationDenied:
        return new ReplicationDeniedError(server, this.#options.user, namingContext, status);
      case win32.sourceDisabled:
      case win32.destinationDisabled:
      case win32.lifetimeExceeded:
        // To begin anew helps only where there was something to go on from.
        if (resumes) return new CookieTooOldError(server, `${meanings[status]} (error ${status})`);
        return new ReplicationRefusedError(server, call, status, meanings[status]);
      default:
        return new ReplicationRefusedError(server, call, status, meanings[status]);
    }
  }
}

const notThere: ReadonlySet<number> = new Set([win32.noSuchObject, win32.badDn]);

/** The Win32 code every reply ends with. */
function statusOf(stub: Buffer, server: string): number {
  if (stub.length < 4) throw new MalformedAnswerError(server, 'a reply without its status');
  return stub.readUInt32LE(stub.length - 4);
}
