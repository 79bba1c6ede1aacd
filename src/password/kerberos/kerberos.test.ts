import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FragmentNotAuthenticError, FragmentReplayedError, KeytabError, MalformedAnswerError } from '../errors.ts';
import { decodePdu } from '../rpc/pdu.ts';
import type { Fragment } from '../rpc/security.ts';
import vectors from '../vectors/replication.json' with { type: 'json' };
import { ctsDecrypt, ctsEncrypt, nFold, stringToKey, UsageKeys } from './aes.ts';
import { DerReader, generalString, integer, octets, time } from './der.ts';
import { keyFromKeytab } from './keytab.ts';
import { KerberosSealing, type SealingContext } from './sealing.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'ascii');
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('AES with ciphertext stealing', () => {
  // RFC 3961, appendix A.1
  test.each([
    ['012345', 8, 'be072631276b1955'],
    ['password', 7, '78a07b6caf85fa'],
    ['Rough Consensus, and Running Code', 8, 'bb6ed30870b7f0e0'],
    ['password', 21, '59e4a8ca7c0385c3c37b3f6d2000247cb6e6bd5b3e'],
    ['MASSACHVSETTS INSTITVTE OF TECHNOLOGY', 24, 'db3b0d8f0b061e603282b308a50841229ad798fab9540c1b'],
    ['Q', 21, '518a54a215a8452a518a54a215a8452a518a54a215'],
    ['ba', 21, 'fb25d531ae8974499f52fd92ea9857c4ba24cf297e'],
    ['kerberos', 16, '6b65726265726f737b9b5b2b93132b93'],
  ])('folds "%s" to %d octets', (text, size, folded) => {
    expect(nFold(ascii(text), size).toString('hex')).toBe(folded);
  });

  // RFC 3962, appendix B
  test.each([
    ['password', 'ATHENA.MIT.EDUraeburn', 1, 'fe697b52bc0d3ce14432ba036a92e65bbb52280990a2fa27883998d72af30161'],
    ['password', 'ATHENA.MIT.EDUraeburn', 2, 'a2e16d16b36069c135d5e9d2e25f896102685618b95914b467c67622225824ff'],
    ['password', 'ATHENA.MIT.EDUraeburn', 1200, '55a6ac740ad17b4846941051e1e8b0a7548d93b0ab30a8bc3ff16280382b8c2a'],
  ])('makes the key of "%s" with salt "%s" in %d rounds', async (password, salt, rounds, key) => {
    expect((await stringToKey(password, salt, rounds)).toString('hex')).toBe(key);
  });

  test.each([
    [17, 'c6353568f2bf8cb4d8a580362da7ff7f97'],
    [31, 'fc00783e0efdb2c1d445d4c8eff7ed2297687268d6ecccc0c07b25e25ecfe5'],
    [32, '39312523a78662d5be7fcbcc98ebf5a897687268d6ecccc0c07b25e25ecfe584'],
    [47, '97687268d6ecccc0c07b25e25ecfe584b3fffd940c16a18c1b5549d2f838029e39312523a78662d5be7fcbcc98ebf5'],
    [48, '97687268d6ecccc0c07b25e25ecfe5849dad8bbb96c4cdc03bc103e1a194bbd839312523a78662d5be7fcbcc98ebf5a8'],
    [
      64,
      '97687268d6ecccc0c07b25e25ecfe58439312523a78662d5be7fcbcc98ebf5a84807efe836ee89a526730dbc2f7bc8409dad8bbb96c4cdc03bc103e1a194bbd8',
    ],
  ])('encrypts the %d octets of the RFC', (length, sealed) => {
    const key = ascii('chicken teriyaki');
    const clear = ascii("I would like the General Gau's Chicken, please, and wonton soup.").subarray(0, length);
    expect(ctsEncrypt(key, clear).toString('hex')).toBe(sealed);
    expect(ctsDecrypt(key, hex(sealed)).equals(clear)).toBe(true);
  });

  test('opens what it sealed, of any length, and nothing that was altered', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 200 }), fc.nat(), (bytes, clear, where) => {
        const keys = new UsageKeys(bytes, 3);
        const sealed = keys.encrypt(clear, Buffer.alloc(16, 9));
        expect(keys.decrypt(sealed)?.equals(clear)).toBe(true);
        const at = where % sealed.length;
        sealed[at] = (sealed[at] ?? 0) ^ 0x40;
        expect(keys.decrypt(sealed)).toBeUndefined();
        expect(keys.decrypt(sealed.subarray(0, 27))).toBeUndefined();
      }),
    );
  });
});

describe('DER', () => {
  test('gives back what it was given', () => {
    const when = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.integer(), fc.uint8Array({ maxLength: 70_000 }), fc.string(), when, (n, bytes, text, date) => {
        expect(new DerReader(integer(n), 'dc1').integer()).toBe(n);
        expect(new DerReader(octets(bytes), 'dc1').octets().equals(bytes)).toBe(true);
        const form = text.toWellFormed();
        expect(new DerReader(generalString(form), 'dc1').text()).toBe(form);
        expect(new DerReader(time(date), 'dc1').time().getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  test('writes numbers as short as they can be', () => {
    expect(integer(127).toString('hex')).toBe('02017f');
    expect(integer(128).toString('hex')).toBe('02020080');
    expect(integer(-1).toString('hex')).toBe('0201ff');
    expect(integer(-129).toString('hex')).toBe('0202ff7f');
    expect(integer(0xffffffff).toString('hex')).toBe('020500ffffffff');
  });
});

const { kerberos } = vectors;
const context: SealingContext = {
  key: hex(kerberos.contextKey),
  acceptorSubkey: true,
  headerSigning: kerberos.headerSigning,
};
const acceptor = (): KerberosSealing => new KerberosSealing(context, 'acceptor', Number(kerberos.acceptorSeq));

function sealed(packet: Buffer): { readonly fragment: Fragment; readonly token: Buffer } {
  const { bytes, bodyEnd, token } = decodePdu(packet, 'dc1');
  return { fragment: { bytes, stubStart: 24, stubEnd: bodyEnd }, token };
}

describe('sealing', () => {
  test('opens the known request and the known reply, whose server fills', () => {
    const request = sealed(hex(kerberos.requestPdu));
    const initiator = new KerberosSealing(context, 'initiator', Number(kerberos.initiatorSeq));
    initiator.unseal(request.fragment, request.token, 'dc1');
    expect(request.fragment.bytes.toString('hex', 24)).toContain(kerberos.requestStubPlain);
    const reply = sealed(hex(kerberos.replyPdu));
    acceptor().unseal(reply.fragment, reply.token, 'dc1');
    expect(reply.fragment.bytes.toString('hex', 24)).toContain(kerberos.replyStubPlain);
  });

  test('makes the known request from its confounder', () => {
    const known = hex(kerberos.requestPdu);
    const { fragment, token } = sealed(Buffer.from(known));
    const key = new UsageKeys(context.key, 24);
    // The confounder is what the known packet decrypts to first: turned back, it stands before the stub.
    const front = Buffer.concat([token.subarray(44), known.subarray(24, fragment.stubEnd), token.subarray(16, 32)]);
    const confounder = key.decryptBytes(front).subarray(0, 16);
    hex(kerberos.requestStubPlain).copy(fragment.bytes, 24);
    fragment.bytes.fill(0, 24 + kerberos.requestStubPlain.length / 2, fragment.stubEnd);
    const made = new KerberosSealing(context, 'initiator', Number(kerberos.initiatorSeq)).seal(fragment, confounder);
    expect(made.toString('hex')).toBe(token.toString('hex'));
    expect(fragment.bytes.equals(known)).toBe(true);
  });

  test('opens what it sealed, fragment after fragment, with and without header signing', () => {
    const stubs = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stubs, fc.boolean(), fc.boolean(), (all, headerSigning, acceptorSubkey) => {
        const own = { ...context, headerSigning, acceptorSubkey };
        const sending = new KerberosSealing(own, 'initiator', 5);
        const receiving = new KerberosSealing(own, 'initiator', 5);
        for (const stub of all) {
          const bytes = Buffer.concat([Buffer.alloc(24, 1), stub, Buffer.alloc(8, 2)]);
          const fragment = { bytes, stubStart: 24, stubEnd: 24 + stub.length };
          receiving.unseal(fragment, sending.seal(fragment, Buffer.alloc(16, 7)), 'dc1');
          expect(bytes.subarray(24, 24 + stub.length).equals(stub)).toBe(true);
        }
      }),
    );
  });

  test('no bit can be altered, in the header, the stub, the verifier or the token', () => {
    const whole = hex(kerberos.replyPdu);
    const { fragment } = sealed(whole);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        const altered = hex(kerberos.replyPdu);
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        const { stubEnd } = fragment;
        const open = (): void =>
          acceptor().unseal({ bytes: altered, stubStart: 24, stubEnd }, altered.subarray(stubEnd + 8), 'dc1');
        const inLengths = at >= stubEnd + 8 + 4 && at < stubEnd + 8 + 6;
        expect(open).toThrow(inLengths ? MalformedAnswerError : FragmentNotAuthenticError);
      }),
      { numRuns: 500 },
    );
  });

  test('a fragment that comes twice is refused, and so is one of the other direction', () => {
    const receiving = acceptor();
    const first = sealed(hex(kerberos.replyPdu));
    receiving.unseal(first.fragment, first.token, 'dc1');
    const again = sealed(hex(kerberos.replyPdu));
    expect(() => receiving.unseal(again.fragment, again.token, 'dc1')).toThrow(FragmentReplayedError);
    const request = sealed(hex(kerberos.requestPdu));
    expect(() => acceptor().unseal(request.fragment, request.token, 'dc1')).toThrow(FragmentNotAuthenticError);
  });
});

describe('a keytab', () => {
  const entry = (name: string, version: number, etype: number, key: Buffer): Buffer => {
    const text = (value: string): Buffer => Buffer.concat([number(2, value.length), ascii(value)]);
    const record = Buffer.concat([
      number(2, 1),
      text('CORP.TEST'),
      text(name),
      number(4, 1),
      number(4, 0),
      number(1, version & 255),
      number(2, etype),
      number(2, key.length),
      key,
      number(4, version),
    ]);
    return Buffer.concat([number(4, record.length), record]);
  };
  const number = (size: number, value: number): Buffer => {
    const bytes = Buffer.alloc(size);
    bytes.writeIntBE(value, 0, size);
    return bytes;
  };
  const file = (...entries: readonly Buffer[]): Buffer => Buffer.concat([hex('0502'), ...entries]);

  test('gives the newest AES-256 key of the user, past holes and other entries', () => {
    const hole = Buffer.concat([number(4, -6), Buffer.alloc(6, 1)]);
    const keytab = file(
      entry('other', 9, 18, Buffer.alloc(32, 9)),
      hole,
      entry('svc', 2, 18, Buffer.alloc(32, 2)),
      entry('svc', 300, 18, Buffer.alloc(32, 3)),
      entry('svc', 301, 23, Buffer.alloc(16, 4)),
    );
    expect(keyFromKeytab(keytab, 'SVC', 'corp.test').equals(Buffer.alloc(32, 3))).toBe(true);
  });

  test('says what is wrong with it and shows nothing of it', () => {
    const weak = file(entry('svc', 1, 23, Buffer.alloc(16, 4)));
    const whole = file(entry('svc', 2, 18, Buffer.alloc(32, 2)));
    expect(() => keyFromKeytab(weak, 'svc', 'CORP.TEST')).toThrow(/no AES-256 key/);
    expect(() => keyFromKeytab(whole, 'bob', 'CORP.TEST')).toThrow(/no entry for bob@CORP.TEST/);
    expect(() => keyFromKeytab(ascii('password'), 'svc', 'CORP.TEST')).toThrow(KeytabError);
    for (let length = 0; length < whole.length - 4; length += 1) {
      expect(() => keyFromKeytab(whole.subarray(0, length), 'svc', 'CORP.TEST')).toThrow(KeytabError);
    }
  });
});
