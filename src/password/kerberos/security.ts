import { KerberosRefusedError, type PasswordError, ServerNotProvenError, SignInRefusedError } from '../errors.ts';
import type { Fragment, RpcSecurity } from '../rpc/security.ts';
import { aes256, keyLength, UsageKeys } from './aes.ts';
import {
  type ApRepPart,
  decodeApRep,
  decodeApRepPart,
  encodeApRep,
  encodeApRepPart,
  encodeApReq,
  encodeAuthenticator,
} from './ap-messages.ts';
import { decodeError } from './kdc-messages.ts';
import { refusal } from './refusal.ts';
import { KerberosSealing, tokenLength } from './sealing.ts';
import type { Ticket } from './tickets.ts';

const usage = { authenticator: 11, reply: 12 } as const;
/** The checksum that carries a GSS context's flags (RFC 4121 4.1.1). */
const gssChecksum = 0x8003;
/** Mutual, replay and sequence detection, confidentiality, integrity, and the three legs of DCE. */
const gssFlags = 0x2 | 0x4 | 0x8 | 0x10 | 0x20 | 0x1000;
const blockLength = 16;
const accessDenied = 5;

export interface KerberosOptions {
  readonly server: string;
  readonly user: string;
  /** `host/dc1.corp.contoso.test`, for messages. */
  readonly service: string;
  /** Taken over: its key is wiped with this. */
  readonly ticket: Ticket;
  readonly now: () => Date;
  readonly random: (size: number) => Buffer;
}

interface SignedIn {
  readonly key: Buffer;
  readonly sending: KerberosSealing;
  readonly receiving: KerberosSealing;
}

/** Kerberos for one connection: mutual authentication in three legs, then AES-256 sealing of each fragment. */
export class KerberosSecurity implements RpcSecurity {
  readonly authType = 16;
  readonly offersHeaderSigning = true;
  readonly tokenLength = tokenLength;
  readonly #options: KerberosOptions;
  readonly #began: Date;
  readonly #subkey: Buffer;
  readonly #sequence: number;
  #signedIn: SignedIn | undefined;

  constructor(options: KerberosOptions) {
    this.#options = options;
    this.#began = options.now();
    this.#subkey = options.random(keyLength);
    this.#sequence = options.random(4).readUInt32BE() >>> 2;
  }

  get sessionKey(): Uint8Array {
    return this.#needed().key;
  }

  begin(): Uint8Array {
    const { ticket, random } = this.#options;
    const bindings = Buffer.alloc(24);
    bindings.writeUInt32LE(16);
    bindings.writeUInt32LE(gssFlags, 20);
    const authenticator = encodeAuthenticator({
      realm: ticket.realm,
      client: ticket.client,
      checksum: { type: gssChecksum, value: bindings },
      now: this.#began,
      subkey: this.#subkey,
      sequence: this.#sequence,
    });
    const keys = new UsageKeys(ticket.key, usage.authenticator);
    const sealed = keys.encrypt(authenticator, random(blockLength));
    keys.wipe();
    authenticator.fill(0);
    return encodeApReq(ticket.ticket, sealed, true);
  }

  proceed(token: Uint8Array, headerSigning: boolean): { readonly by: 'alterContext'; readonly token: Uint8Array } {
    const keys = new UsageKeys(this.#options.ticket.key, usage.reply);
    const proof = this.#prove(token, keys);
    const sequence = proof.sequence ?? 0;
    const key = Buffer.from(proof.subkey?.key ?? this.#subkey);
    const context = { key, acceptorSubkey: proof.subkey !== undefined, headerSigning };
    this.#signedIn = {
      key,
      sending: new KerberosSealing(context, 'initiator', this.#sequence),
      receiving: new KerberosSealing(context, 'acceptor', sequence),
    };
    const part = encodeApRepPart(this.#began, microsecondsOf(this.#began), sequence);
    const answer = encodeApRep(keys.encrypt(part, this.#options.random(blockLength)));
    keys.wipe();
    return { by: 'alterContext', token: answer };
  }

  seal(fragment: Fragment): Uint8Array {
    return this.#needed().sending.seal(fragment, this.#options.random(blockLength));
  }

  unseal(fragment: Fragment, token: Uint8Array): void {
    this.#needed().receiving.unseal(fragment, token, this.#options.server);
  }

  explain(code: number): PasswordError | undefined {
    if (code !== accessDenied) return undefined;
    return new SignInRefusedError(this.#options.server, this.#options.user, 'the Kerberos ticket was not accepted');
  }

  wipe(): void {
    this.#options.ticket.key.fill(0);
    this.#subkey.fill(0);
    this.#signedIn?.sending.wipe();
    this.#signedIn?.receiving.wipe();
    this.#signedIn?.key.fill(0);
  }

  /** The server holds the key of the service if it could read the authenticator: it gives its time back. */
  #prove(token: Uint8Array, keys: UsageKeys): ApRepPart {
    const { server, user, service, now } = this.#options;
    const error = decodeError(token, server);
    if (error !== undefined) throw refusal(error, { server, user, service, now: now() });
    if (token.length === 0) throw new KerberosRefusedError(server, `the ticket of ${user}`, 0, 'no reason was given');
    const clear = keys.decrypt(decodeApRep(token, server).cipher);
    if (clear === undefined) throw new ServerNotProvenError(server, 'the checksum of its proof is wrong');
    const part = decodeApRepPart(clear, server);
    const seconds = Math.floor(this.#began.getTime() / 1000);
    if (part.time.getTime() !== 1000 * seconds || part.microseconds !== microsecondsOf(this.#began)) {
      throw new ServerNotProvenError(server, 'its proof is one to another question');
    }
    if (part.subkey !== undefined && (part.subkey.etype !== aes256 || part.subkey.key.length !== keyLength)) {
      throw new ServerNotProvenError(server, `its key is of encryption type ${part.subkey.etype}`);
    }
    return part;
  }

  #needed(): SignedIn {
    if (this.#signedIn === undefined) throw new Error('not signed in yet');
    return this.#signedIn;
  }
}

function microsecondsOf(date: Date): number {
  return date.getUTCMilliseconds() * 1000;
}
