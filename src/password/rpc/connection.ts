import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { type Framing, MessageSocket } from '../bytes/message-socket.ts';
import { MalformedAnswerError, RpcRefusedError } from '../errors.ts';
import { bindBody, checkBindReply, type RpcInterface } from './bind.ts';
import {
  callHeaderLength,
  decodePdu,
  encodePdu,
  framing,
  headerLength,
  maxFragment,
  type Pdu,
  packetFlag,
  packetType,
  verifierLength,
} from './pdu.ts';
import type { RpcSecurity } from './security.ts';

export interface RpcEndpoint {
  readonly server: string;
  readonly port: number;
  readonly interface: RpcInterface;
}

const securityContext = 1;
/** Far above any page of replication: what is longer is no answer. */
const maxReply = 128 * 2 ** 20;

/** What the codes of a fault mean (C706 appendix E, [MS-ERREF]). */
const faults: Readonly<Record<number, string>> = {
  5: 'access is denied',
  1783: 'the arguments cannot be read',
  1825: 'the security package failed',
  469827586: 'no such operation',
  469827587: 'the interface is not known here',
  469827595: 'protocol error',
};

/** A bound DCE/RPC connection over TCP. One call at a time; after any error it is closed, since its sealing has lost step. */
export class RpcConnection implements Disposable {
  readonly server: string;
  readonly #socket: MessageSocket;
  readonly #framing: Framing;
  readonly #security: RpcSecurity | undefined;
  #maxSent = maxFragment;
  #callId = 1;
  #answered = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(socket: MessageSocket, security: RpcSecurity | undefined) {
    this.server = socket.server;
    this.#socket = socket;
    this.#framing = framing(socket.server);
    this.#security = security;
  }

  static async open(
    endpoint: RpcEndpoint,
    security: RpcSecurity | undefined,
    signal: AbortSignal,
  ): Promise<RpcConnection> {
    const connection = new RpcConnection(await MessageSocket.connect(endpoint.server, endpoint.port, signal), security);
    try {
      await connection.#bind(endpoint.interface, signal);
      return connection;
    } catch (error) {
      connection[Symbol.dispose]();
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** Calls an operation with its NDR arguments; gives the NDR of its reply, a buffer of the caller's own. */
  async call(operation: number, stub: Uint8Array, signal: AbortSignal): Promise<Buffer> {
    const answer = this.#turn.then(() => this.#call(operation, stub, signal));
    this.#turn = answer.catch(() => undefined);
    return await answer;
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
    this.#security?.wipe();
  }

  async #call(operation: number, stub: Uint8Array, signal: AbortSignal): Promise<Buffer> {
    try {
      this.#callId += 1;
      for (const fragment of this.#fragments(operation, stub)) this.#socket.send(fragment);
      const reply = await this.#reply(signal);
      this.#answered = true;
      return reply;
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  async #bind(wanted: RpcInterface, signal: AbortSignal): Promise<void> {
    const security = this.#security;
    const offer = security?.offersHeaderSigning === true ? packetFlag.headerSigning : 0;
    const once = packetFlag.first | packetFlag.last;
    const verifier = security && { authType: security.authType, contextId: securityContext, padLength: 0 };
    const body = bindBody(wanted);
    this.#socket.send(
      encodePdu({ type: packetType.bind, flags: once | offer, callId: 1, body, verifier, token: security?.begin() }),
    );
    const accepted = await this.#bindReply(packetType.bindAck, signal);
    this.#maxSent = Math.min(maxFragment, checkBindReply(accepted, this.server));
    if (security === undefined) return;
    const agreed = (accepted.flags & offer) !== 0;
    const { by, token } = security.proceed(accepted.token, agreed);
    if (by === 'auth3') {
      const body = Buffer.alloc(4);
      this.#socket.send(encodePdu({ type: packetType.auth3, flags: once, callId: 1, body, verifier, token }));
      return;
    }
    this.#socket.send(
      encodePdu({ type: packetType.alterContext, flags: once | offer, callId: 1, body, verifier, token }),
    );
    checkBindReply(await this.#bindReply(packetType.alterContextReply, signal), this.server);
  }

  async #bindReply(type: number, signal: AbortSignal): Promise<Pdu> {
    const pdu = await this.#receive(signal);
    if (pdu.type === packetType.bindNak) {
      const reason = new ByteReader(pdu.bytes.subarray(headerLength), this.server, 'refusal of a bind').u16();
      throw this.#security?.explain(reason) ?? new RpcRefusedError(this.server, 'the bind', reason, undefined);
    }
    this.#refuseFault(pdu, 'the bind');
    if (pdu.type !== type || pdu.callId !== 1) throw this.#unexpected(pdu);
    return pdu;
  }

  async #receive(signal: AbortSignal): Promise<Pdu> {
    return decodePdu(await this.#socket.receive(this.#framing, signal), this.server);
  }

  *#fragments(operation: number, stub: Uint8Array): Generator<Buffer> {
    const tail = this.#security === undefined ? 0 : verifierLength + this.#security.tokenLength;
    // A multiple of 16, so that only the last piece is padded.
    const piece = Math.floor((this.#maxSent - callHeaderLength - tail) / 16) * 16;
    let start = 0;
    do {
      const end = Math.min(stub.length, start + piece);
      const flags = (start === 0 ? packetFlag.first : 0) | (end === stub.length ? packetFlag.last : 0);
      yield this.#fragment(operation, stub.subarray(start, end), stub.length, flags);
      start = end;
    } while (start < stub.length);
  }

  #fragment(operation: number, stub: Uint8Array, whole: number, flags: number): Buffer {
    const body = new ByteWriter().u32(whole).u16(0).u16(operation).bytes(stub);
    const parts = { type: packetType.request, flags, callId: this.#callId };
    const security = this.#security;
    if (security === undefined) return encodePdu({ ...parts, body: body.finish() });
    const padLength = (16 - (stub.length % 16)) % 16;
    const bytes = encodePdu({
      ...parts,
      body: body.zero(padLength).finish(),
      verifier: { authType: security.authType, contextId: securityContext, padLength },
      token: new Uint8Array(security.tokenLength),
    });
    const stubEnd = bytes.length - security.tokenLength - verifierLength;
    bytes.set(security.seal({ bytes, stubStart: callHeaderLength, stubEnd }), stubEnd + verifierLength);
    return bytes;
  }

  async #reply(signal: AbortSignal): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let length = 0;
    for (;;) {
      const pdu = await this.#receive(signal);
      this.#refuseFault(pdu, 'a call');
      if (pdu.type !== packetType.response || pdu.callId !== this.#callId) throw this.#unexpected(pdu);
      if (((pdu.flags & packetFlag.first) !== 0) !== (pieces.length === 0)) throw this.#unexpected(pdu);
      const piece = this.#stubOf(pdu);
      pieces.push(piece);
      length += piece.length;
      if (length > maxReply) throw new MalformedAnswerError(this.server, 'a reply does not end');
      if ((pdu.flags & packetFlag.last) !== 0) break;
    }
    const reply = Buffer.concat(pieces, length);
    for (const piece of pieces) piece.fill(0);
    return reply;
  }

  #stubOf(pdu: Pdu): Buffer {
    const { bytes, bodyEnd: stubEnd, verifier, token } = pdu;
    const security = this.#security;
    if (stubEnd < callHeaderLength) throw this.#unexpected(pdu);
    if (security === undefined) return bytes.subarray(callHeaderLength, stubEnd);
    if (verifier === undefined || verifier.authType !== security.authType) {
      throw new MalformedAnswerError(this.server, 'a fragment came without its seal');
    }
    security.unseal({ bytes, stubStart: callHeaderLength, stubEnd }, token);
    if (verifier.padLength > stubEnd - callHeaderLength) throw this.#unexpected(pdu);
    return bytes.subarray(callHeaderLength, stubEnd - verifier.padLength);
  }

  #refuseFault(pdu: Pdu, what: string): void {
    if (pdu.type !== packetType.fault) return;
    const body = new ByteReader(pdu.bytes, this.server, 'fault');
    body.skip(callHeaderLength);
    const status = body.u32();
    // NTLM's last message has no reply: what was wrong with it shows at the first call.
    const signIn = this.#answered ? undefined : this.#security?.explain(status);
    throw signIn ?? new RpcRefusedError(this.server, what, status, faults[status]);
  }

  #unexpected({ type, flags }: Pdu): MalformedAnswerError {
    return new MalformedAnswerError(this.server, `an RPC packet of type ${type} (flags ${flags}) is not due here`);
  }
}
