import { changesOf, wipe } from './changes.ts';
import { readCookie } from './cookie.ts';
import { decodeDrsBindReply, encodeDrsBind } from './drsr/bind.ts';
import { decodeDomainControllerInfo } from './drsr/domain-controller-info.ts';
import { drsuapi } from './drsr/interface.ts';
import { decodeNcChangesReply } from './drsr/nc-changes-reply.ts';
import { NdrWriter } from './drsr/ndr.ts';
import { decryptHashes } from './drsr/secret.ts';
import { decodeApRep, decodeApRepPart, encodeApRep, encodeApRepPart } from './kerberos/ap-messages.ts';
import { DerReader, element, fields, generalString, integer, octets, tag, time } from './kerberos/der.ts';
import {
  decodeEncryptedReply,
  decodeError,
  decodeKdcAnswer,
  decodeKeyDerivation,
  decodePreAuthentication,
  encryptedData,
  message,
} from './kerberos/kdc-messages.ts';
import { keyFromKeytab } from './kerberos/keytab.ts';
import { encodePrincipal } from './kerberos/principal.ts';
import { KerberosSealing } from './kerberos/sealing.ts';
import { decodeChallenge } from './ntlm/challenge.ts';
import { NtlmSealing } from './ntlm/sealing.ts';
import { bindBody, checkBindReply } from './rpc/bind.ts';
import { decodeMapReply, encodeMap } from './rpc/endpoint-mapper.ts';
import { decodePdu, encodePdu, packetType } from './rpc/pdu.ts';
import vectors from './vectors/replication.json' with { type: 'json' };

/** For tests alone: everything that reads what a server sent, and well-formed messages of every kind to alter. */

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const [secret = { sessionKey: '', blob: '', rid: 0 }] = vectors.secrets;
const server = 'dc1';
const key = Buffer.alloc(32, 5);

const context = { key, acceptorSubkey: true, headerSigning: true };

function unseal(bytes: Buffer): void {
  const { bodyEnd, token, verifier } = decodePdu(bytes, server);
  const fragment = { bytes, stubStart: Math.min(24, bodyEnd), stubEnd: bodyEnd };
  const ntlm = verifier?.authType === 10;
  const sealing = ntlm ? new NtlmSealing(key, 'server', true) : new KerberosSealing(context, 'acceptor', 0);
  sealing.unseal(fragment, token, server);
}

export const readers: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  packet: (bytes) => decodePdu(bytes, server),
  'reply to a bind': (bytes) => checkBindReply(decodePdu(bytes, server), server),
  seal: unseal,
  'endpoint map': (bytes) => decodeMapReply(bytes, server),
  'reply to DRSBind': (bytes) => decodeDrsBindReply(bytes, server),
  'list of controllers': (bytes) => decodeDomainControllerInfo(bytes, server),
  'page of accounts': (bytes) => wipe(changesOf(decodeNcChangesReply(bytes, server), key, 'unchanged')),
  secret: (bytes) => decryptHashes(bytes, hex(secret.sessionKey), secret.rid, 'CN=Anna'),
  'NTLM challenge': (bytes) => decodeChallenge(bytes, server),
  'Kerberos error': (bytes) => decodeError(bytes, server),
  'answer to a sign-in': (bytes) => decodeKdcAnswer(bytes, message.asRep, server),
  'answer with a ticket': (bytes) => decodeKdcAnswer(bytes, message.tgsRep, server),
  'pre-authentication': (bytes) => decodePreAuthentication(new DerReader(bytes, server)),
  'key derivation': (bytes) => decodeKeyDerivation(bytes, server),
  'encrypted part of an answer': (bytes) => decodeEncryptedReply(bytes, server),
  'proof of the server': (bytes) => decodeApRep(bytes, server),
  'encrypted part of the proof': (bytes) => decodeApRepPart(bytes, server),
  keytab: (bytes) => keyFromKeytab(bytes, 'svc', 'CORP.TEST'),
  cookie: (bytes) => readCookie(bytes.toString('latin1'), 'corp.test'),
};

const name = encodePrincipal({ type: 2, parts: ['krbtgt', 'CORP.TEST'] });
const now = new Date('2026-11-25T10:00:00Z');
const sessionKey = fields({ 0: integer(18), 1: octets(key) });

/** Opened by one or the other, as its verifier says. */
function sealed(by: 'ntlm' | 'kerberos'): Buffer {
  const sealing = by === 'ntlm' ? new NtlmSealing(key, 'server', true) : new KerberosSealing(context, 'acceptor', 0);
  const token = Buffer.alloc(by === 'ntlm' ? 16 : 60);
  const verifier = { authType: by === 'ntlm' ? 10 : 16, contextId: 1, padLength: 0 };
  const body = Buffer.alloc(40, 3);
  const bytes = encodePdu({ type: packetType.response, flags: 3, callId: 2, body, verifier, token });
  bytes.set(sealing.seal({ bytes, stubStart: 24, stubEnd: 56 }, Buffer.alloc(16)), 64);
  return bytes;
}

function controllers(): Buffer {
  const writer = new NdrWriter().u32(2).u32(2).u32(1).pointer().u32(1);
  for (let i = 0; i < 7; i += 1) writer.pointer();
  writer.zero(12 + 64);
  for (let i = 0; i < 7; i += 1) writer.u32(4).u32(0).u32(4).bytes(Buffer.from('dc1\0', 'utf16le')).align(4);
  return writer.u32(0).finish();
}

/** Well-formed messages of every kind. */
export const messages: readonly Buffer[] = [
  ...vectors.drsBind.packets.map(hex),
  hex(vectors.kerberos.replyPdu),
  hex(vectors.kerberos.requestPdu),
  hex(vectors.endpointMapper.response),
  encodeMap(drsuapi),
  bindBody(drsuapi),
  encodeDrsBind(0),
  hex(vectors.drsBind.reply),
  hex(vectors.singleObject.reply),
  hex(vectors.delta.reply),
  hex(secret.blob),
  sealed('ntlm'),
  sealed('kerberos'),
  controllers(),
  hex(vectors.ntlm.challenge),
  encodeApRep(Buffer.alloc(60)),
  encodeApRepPart(now, 5, 7),
  element(
    tag.application(message.error),
    fields({ 0: integer(5), 1: integer(30), 4: time(now), 5: integer(0), 6: integer(25), 12: octets(Buffer.alloc(9)) }),
  ),
  ...[message.asRep, message.tgsRep].map((type) =>
    element(
      tag.application(type),
      fields({
        0: integer(5),
        1: integer(type),
        2: element(tag.sequence, fields({ 1: integer(19), 2: octets(Buffer.alloc(7)) })),
        3: generalString('CORP.TEST'),
        4: name,
        5: element(tag.application(1), integer(5)),
        6: encryptedData(Buffer.alloc(40)),
      }),
    ),
  ),
  element(tag.sequence, fields({ 0: integer(18), 1: generalString('CORP.TESTsvc'), 2: octets(hex('00001000')) })),
  element(tag.sequence, fields({ 1: integer(19), 2: octets(Buffer.alloc(7)) })),
  element(tag.application(25), fields({ 0: sessionKey, 1: name, 2: integer(7), 7: time(now), 10: name })),
  hex(
    '05020000004300010009434f52502e54455354000373766300000001000000000100120020aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00000001',
  ),
  Buffer.from(
    '{"version":1,"server":"dc1","domain":"corp.test","invocationId":"b489b28e-a59b-4916-bcdb-412c5f4121c7","usn":["1","0","1"],"upToDate":[["b489b28e-a59b-4916-bcdb-412c5f4121c7","1"]]}',
  ),
];
