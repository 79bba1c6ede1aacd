import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ntHashOf } from '../crypto/md4.ts';
import {
  EncryptionRefusedError,
  FragmentNotAuthenticError,
  FragmentReplayedError,
  MalformedAnswerError,
  SignInRefusedError,
} from '../errors.ts';
import { decodePdu } from '../rpc/pdu.ts';
import type { Fragment } from '../rpc/security.ts';
import vectors from '../vectors/replication.json' with { type: 'json' };
import { authenticate, directionKeys, encodeNegotiate } from './authenticate.ts';
import { decodeChallenge } from './challenge.ts';
import { NtlmSealing } from './sealing.ts';
import { NtlmSecurity } from './security.ts';

const { ntlm, drsBind } = vectors;
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const account = { user: ntlm.user, domain: ntlm.domain, password: ntlm.password, workstation: ntlm.workstation };
const inputs = {
  clientChallenge: hex(ntlm.clientChallenge),
  exportedKey: hex(ntlm.exportedSessionKey),
  now: new Date(0),
};

describe('a whole handshake', () => {
  test('begins with the known NEGOTIATE', () => {
    expect(encodeNegotiate().toString('hex')).toBe(ntlm.negotiate);
  });

  test('reads the CHALLENGE', () => {
    const challenge = decodeChallenge(hex(ntlm.challenge), 'dc1');
    expect(challenge.serverChallenge.toString('hex')).toBe(ntlm.serverChallenge);
    expect(challenge.flags).toBe(Number(ntlm.negotiatedFlags));
  });

  test('ends with the known AUTHENTICATE: proof, encrypted key and MIC among it', () => {
    const challenge = decodeChallenge(hex(ntlm.challenge), 'dc1');
    const { message, sessionKey } = authenticate(account, inputs, encodeNegotiate(), hex(ntlm.challenge), challenge);
    expect(message.toString('hex')).toBe(ntlm.authenticate);
    expect(message.toString('hex')).toContain(ntlm.ntProofStr + ntlm.temp);
    expect(message.subarray(72, 88).toString('hex')).toBe(ntlm.mic);
    expect(message.toString('hex').endsWith(ntlm.encryptedRandomSessionKey)).toBe(true);
    expect(sessionKey.toString('hex')).toBe(ntlm.exportedSessionKey);
    expect(ntHashOf(ntlm.password).toString('hex')).toBe(ntlm.ntHash);
  });

  test('makes the keys of both directions', () => {
    const client = directionKeys(hex(ntlm.exportedSessionKey), 'client');
    const server = directionKeys(hex(ntlm.exportedSessionKey), 'server');
    expect(client.signing.toString('hex')).toBe(ntlm.clientSigningKey);
    expect(client.sealing.toString('hex')).toBe(ntlm.clientSealingKey);
    expect(server.signing.toString('hex')).toBe(ntlm.serverSigningKey);
    expect(server.sealing.toString('hex')).toBe(ntlm.serverSealingKey);
  });

  test('without a timestamp sends LMv2 and no MIC', () => {
    const challenge = decodeChallenge(hex(ntlm.challenge), 'dc1');
    const old = { ...challenge, pairs: new Map(), targetInformation: Buffer.alloc(0) };
    const { message } = authenticate(account, inputs, encodeNegotiate(), hex(ntlm.challenge), old);
    expect(message.subarray(72, 88).equals(Buffer.alloc(16))).toBe(true);
    const lmOffset = message.readUInt32LE(16);
    expect(message.subarray(lmOffset + 16, lmOffset + 24).toString('hex')).toBe(ntlm.clientChallenge);
  });
});

function sealed(packet: string): { readonly fragment: Fragment; readonly token: Buffer } {
  const { bytes, bodyEnd, token } = decodePdu(hex(packet), 'dc1');
  return { fragment: { bytes, stubStart: 24, stubEnd: bodyEnd }, token };
}

describe('sealing', () => {
  const [, , , request = '', reply = ''] = drsBind.packets;
  const key = hex(ntlm.exportedSessionKey);

  test('makes the known request', () => {
    const { fragment, token } = sealed(request);
    const wanted = Buffer.from(fragment.bytes);
    hex(drsBind.request).copy(fragment.bytes, 24);
    fragment.bytes.fill(0, 24 + drsBind.request.length / 2, fragment.stubEnd);
    const made = new NtlmSealing(key, 'client', true).seal(fragment);
    expect(made.toString('hex')).toBe(token.toString('hex'));
    expect(fragment.bytes.equals(wanted)).toBe(true);
  });

  test('opens the known reply', () => {
    const { fragment, token } = sealed(reply);
    new NtlmSealing(key, 'server', true).unseal(fragment, token, 'dc1');
    expect(fragment.bytes.subarray(24, fragment.stubEnd).toString('hex').startsWith(drsBind.reply)).toBe(true);
  });

  test('opens what it sealed, fragment after fragment, with and without an exchanged key', () => {
    const stubs = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        stubs,
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.boolean(),
        (all, sessionKey, exchanged) => {
          const sending = new NtlmSealing(sessionKey, 'client', exchanged);
          const receiving = new NtlmSealing(sessionKey, 'client', exchanged);
          for (const stub of all) {
            const bytes = Buffer.concat([Buffer.alloc(24, 1), stub, Buffer.alloc(8, 2)]);
            const fragment = { bytes, stubStart: 24, stubEnd: 24 + stub.length };
            receiving.unseal(fragment, sending.seal(fragment), 'dc1');
            expect(bytes.subarray(24, 24 + stub.length).equals(stub)).toBe(true);
          }
        },
      ),
    );
  });

  test('no bit can be altered, in the header, the stub, the verifier or the token', () => {
    const { fragment, token } = sealed(reply);
    const length = fragment.stubEnd + 8 + token.length;
    fc.assert(
      fc.property(fc.nat(length - 1), fc.nat(7), (at, bit) => {
        const altered = hex(reply);
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        const stubEnd = fragment.stubEnd;
        const open = (): void =>
          new NtlmSealing(key, 'server', true).unseal(
            { bytes: altered, stubStart: 24, stubEnd },
            altered.subarray(stubEnd + 8),
            'dc1',
          );
        const inSequence = at >= stubEnd + 8 + 12;
        expect(open).toThrow(inSequence ? FragmentReplayedError : FragmentNotAuthenticError);
      }),
      { numRuns: 500 },
    );
  });

  test('a fragment that comes twice is refused, and so is one after a gap', () => {
    const receiving = new NtlmSealing(key, 'server', true);
    const first = sealed(reply);
    receiving.unseal(first.fragment, first.token, 'dc1');
    const again = sealed(reply);
    expect(() => receiving.unseal(again.fragment, again.token, 'dc1')).toThrow(FragmentReplayedError);
    const sending = new NtlmSealing(key, 'client', true);
    const late = new NtlmSealing(key, 'client', true);
    const bytes = Buffer.alloc(64, 3);
    sending.seal({ bytes, stubStart: 24, stubEnd: 56 });
    const token = sending.seal({ bytes, stubStart: 24, stubEnd: 56 });
    expect(() => late.unseal({ bytes, stubStart: 24, stubEnd: 56 }, token, 'dc1')).toThrow(/number 1 where 0 is due/);
  });
});

describe('a challenge is refused', () => {
  test('when it would leave out 128-bit keys, sealing or extended session security', () => {
    for (const flag of [0x20000000, 0x20, 0x10, 0x80000, 0x1]) {
      const weak = hex(ntlm.challenge);
      weak.writeUInt32LE((weak.readUInt32LE(20) & ~flag) >>> 0, 20);
      const security = new NtlmSecurity('dc1', account, inputs);
      expect(() => security.proceed(weak)).toThrow(EncryptionRefusedError);
    }
  });

  test('when its target information lies outside of it', () => {
    const cut = hex(ntlm.challenge);
    cut.writeUInt32LE(100_000, 44);
    expect(() => decodeChallenge(cut, 'dc1')).toThrow(MalformedAnswerError);
  });
});

test('a refusal of the first call is one of the credential; the password is in no word of it', () => {
  const security = new NtlmSecurity('dc1', account, inputs);
  security.begin();
  security.proceed(hex(ntlm.challenge));
  const error = security.explain(0x1c01000b);
  expect(error).toBeInstanceOf(SignInRefusedError);
  expect(error?.message).toContain('DRSR\\Administrator');
  expect(JSON.stringify(error?.report())).not.toContain(ntlm.password);
  expect(security.explain(0x721)).toBeInstanceOf(EncryptionRefusedError);
  expect(security.explain(1)).toBeUndefined();
  security.wipe();
  expect(Buffer.from(security.sessionKey).equals(Buffer.alloc(16))).toBe(true);
});

test('the user is upper-cased letter by letter, so that one name stays one', () => {
  const challenge = decodeChallenge(hex(ntlm.challenge), 'dc1');
  const proof = (user: string): string => {
    const { message } = authenticate({ ...account, user }, inputs, encodeNegotiate(), hex(ntlm.challenge), challenge);
    const at = message.readUInt32LE(24);
    return createHash('md5')
      .update(message.subarray(at, at + 16))
      .digest('hex');
  };
  expect(proof('straße')).not.toBe(proof('STRASSE'));
  expect(proof('straße')).toBe(proof('STRAßE'));
  expect(proof('zoë')).toBe(proof('ZOË'));
});
