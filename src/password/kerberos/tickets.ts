import { EncryptionRefusedError, ServerNotProvenError, SignInRefusedError } from '../errors.ts';
import { aes256, aes256Checksum, checksum, keyLength, stringToKey, UsageKeys } from './aes.ts';
import { encodeApReq, encodeAuthenticator } from './ap-messages.ts';
import { DerReader, fields, integer, time } from './der.ts';
import {
  decodeEncryptedReply,
  decodeKdcAnswer,
  decodeKeyDerivation,
  decodePreAuthentication,
  type EncryptedReply,
  encodeRequest,
  encodeRequestBody,
  encryptedData,
  type KdcReply,
  type KerberosError,
  message,
  type PreAuthentication,
  preAuthentication,
} from './kdc-messages.ts';
import { nameType, type Principal, principalText } from './principal.ts';
import { aesRemedy, kerberosCode, refusal } from './refusal.ts';

/** Numbers of the uses a key is derived for (RFC 4120 7.5.1). */
const usage = { timestamp: 1, asReply: 3, tgsBody: 6, tgsAuthenticator: 7, tgsReply: 8 } as const;

const day = 86_400_000;
const blockLength = 16;

export interface TicketRequest {
  readonly server: string;
  /** For messages: as the configuration names it. */
  readonly user: string;
  readonly client: Principal;
  /** `CORP.CONTOSO.TEST` */
  readonly realm: string;
  /** The long-term key: of a keytab, or made of the password as the KDC says. */
  readonly secret: { readonly password: string } | { readonly key: Uint8Array };
  readonly now: () => Date;
  readonly random: (size: number) => Buffer;
  readonly ask: (question: Uint8Array) => Promise<Buffer>;
}

/** A ticket with what is needed to use it. The key is the holder's to wipe. */
export interface Ticket {
  readonly ticket: Buffer;
  readonly key: Buffer;
  readonly realm: string;
  readonly client: Principal;
  readonly ends: Date;
}

/** Signs in (AS exchange) and asks for a ticket of the service `host/<hostName>` (TGS exchange). */
export async function serviceTicket(request: TicketRequest, hostName: string): Promise<Ticket> {
  const granting = await ticketGrantingTicket(request);
  try {
    return await ticketFor(request, granting, { type: nameType.serviceInstance, parts: ['host', hostName] });
  } finally {
    granting.key.fill(0);
  }
}

async function ticketGrantingTicket(request: TicketRequest): Promise<Ticket> {
  const { server, user, client, realm, now } = request;
  const service = { type: nameType.serviceInstance, parts: ['krbtgt', realm] };
  const nonce = nonceOf(request);
  const body = encodeRequestBody({ client, realm, service, till: new Date(now().getTime() + day), nonce });
  const ask = async (data: readonly PreAuthentication[]) =>
    decodeKdcAnswer(await request.ask(encodeRequest(message.asReq, data, body)), message.asRep, server);
  const refused = (error: KerberosError) =>
    refusal(error, { server, user, service: principalText(service), now: now() });

  let answer = await ask([]);
  let hints = 'reply' in answer ? answer.reply.data : [];
  if ('error' in answer) {
    const { error } = answer;
    if (error.code !== kerberosCode.preAuthenticationNeeded || error.data === undefined) throw refused(error);
    hints = decodePreAuthentication(new DerReader(error.data, server));
  }
  const key = await longTermKey(request, hints);
  try {
    if ('error' in answer) answer = await ask([encryptedTimestamp(request, key)]);
    if ('error' in answer) throw refused(answer.error);
    const { reply } = answer;
    const opened = open(reply, key, usage.asReply, server);
    if (opened === undefined) throw new SignInRefusedError(server, user, 'the password or the key is wrong');
    prove(opened, { nonce, service, server });
    return { ticket: reply.ticket, key: opened.key, realm: reply.realm, client: reply.client, ends: opened.ends };
  } finally {
    key.fill(0);
  }
}

async function ticketFor(request: TicketRequest, granting: Ticket, service: Principal): Promise<Ticket> {
  const { server, user, realm, now, random } = request;
  const nonce = nonceOf(request);
  const body = encodeRequestBody({ realm, service, till: granting.ends, nonce });
  const keys = new UsageKeys(granting.key, usage.tgsAuthenticator);
  const authenticator = encodeAuthenticator({
    realm: granting.realm,
    client: granting.client,
    checksum: { type: aes256Checksum, value: checksum(granting.key, usage.tgsBody, body) },
    now: now(),
  });
  const proof = encodeApReq(granting.ticket, keys.encrypt(authenticator, random(blockLength)), false);
  keys.wipe();
  const question = encodeRequest(message.tgsReq, [{ type: preAuthentication.tgsReq, value: proof }], body);
  const answer = decodeKdcAnswer(await request.ask(question), message.tgsRep, server);
  if ('error' in answer) {
    throw refusal(answer.error, { server, user, service: principalText(service), now: now() });
  }
  const { reply } = answer;
  const opened = open(reply, granting.key, usage.tgsReply, server);
  if (opened === undefined) throw new ServerNotProvenError(server, 'the checksum of its Kerberos answer is wrong');
  prove(opened, { nonce, service, server });
  return { ticket: reply.ticket, key: opened.key, realm: reply.realm, client: reply.client, ends: opened.ends };
}

async function longTermKey(
  { secret, server, user, client, realm }: TicketRequest,
  hints: readonly PreAuthentication[],
): Promise<Buffer> {
  if ('key' in secret) return Buffer.from(secret.key);
  const info = hints.find(({ type }) => type === preAuthentication.etypeInfo2);
  const derivation = info === undefined ? undefined : decodeKeyDerivation(info.value, server);
  if (derivation === undefined) {
    throw new EncryptionRefusedError(server, `Kerberos has no AES-256 key of ${user}`, aesRemedy(user));
  }
  return await stringToKey(secret.password, derivation.salt ?? realm + client.parts.join(''), derivation.rounds);
}

function encryptedTimestamp({ now, random }: TicketRequest, key: Uint8Array): PreAuthentication {
  const at = now();
  const clear = fields({ 0: time(at), 1: integer(at.getUTCMilliseconds() * 1000) });
  const keys = new UsageKeys(key, usage.timestamp);
  const sealed = keys.encrypt(clear, random(blockLength));
  keys.wipe();
  return { type: preAuthentication.encryptedTimestamp, value: encryptedData(sealed) };
}

/** The part of a reply for the client's eyes; `undefined` where the key does not fit. */
function open({ encrypted }: KdcReply, key: Uint8Array, use: number, server: string): EncryptedReply | undefined {
  if (encrypted.etype !== aes256)
    throw new EncryptionRefusedError(
      server,
      `Kerberos answered with encryption type ${encrypted.etype}`,
      aesRemedy('the account'),
    );
  const keys = new UsageKeys(key, use);
  const clear = keys.decrypt(encrypted.cipher);
  keys.wipe();
  if (clear === undefined) return undefined;
  const reply = decodeEncryptedReply(clear, server);
  clear.fill(0);
  return reply;
}

interface Expected {
  readonly nonce: number;
  readonly service: Principal;
  readonly server: string;
}

/** Is the reply one to this very question? */
function prove(reply: EncryptedReply, { nonce, service, server }: Expected): void {
  if (reply.nonce !== nonce) throw new ServerNotProvenError(server, 'its Kerberos answer is one to another question');
  if (principalText(reply.service).toLowerCase() !== principalText(service).toLowerCase()) {
    throw new ServerNotProvenError(server, `Kerberos gave a ticket for ${principalText(reply.service)}`);
  }
  if (reply.etype !== aes256 || reply.key.length !== keyLength) {
    throw new EncryptionRefusedError(
      server,
      `Kerberos gave ${principalText(service)} a session key of type ${reply.etype}`,
      aesRemedy('the domain controller'),
    );
  }
}

function nonceOf({ random }: TicketRequest): number {
  return random(4).readUInt32BE() >>> 1;
}
