import { describe, expect, test } from 'vitest';
import { type Dn, parseObjectGuid } from '../../model/index.ts';
import { changesOf } from '../changes.ts';
import { desDecrypt } from '../crypto/des.ts';
import { md4 } from '../crypto/md4.ts';
import { MalformedAnswerError, NoEndpointError } from '../errors.ts';
import { decodeMapReply, encodeMap } from '../rpc/endpoint-mapper.ts';
import vectors from '../vectors/replication.json' with { type: 'json' };
import { decodeDrsBindReply, encodeDrsBind } from './bind.ts';
import { drsuapi } from './interface.ts';
import { encodeNcChanges, fromTheStart, type NcChangesRequest } from './nc-changes.ts';
import { decodeNcChangesReply, type NcChangesReply } from './nc-changes-reply.ts';
import { attributeIds } from './prefix-table.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const guid = (text: string) => parseObjectGuid(text) ?? expect.fail(text);
const decode = (stub: Buffer): NcChangesReply => decodeNcChangesReply(stub, 'dc1');

/** Referent ids are the writer's choice: only that they differ counts. */
const withoutReferents = (stub: Buffer): readonly string[] =>
  Array.from({ length: stub.length / 4 }, (_, i) => stub.subarray(4 * i, 4 * i + 4)).map((word) =>
    word.readUInt32LE() >>> 8 === 0x200 ? 'pointer' : word.toString('hex'),
  );

const asked: Omit<NcChangesRequest, 'what' | 'maxObjects' | 'invocationId' | 'from' | 'upToDate'> = {
  handle: hex('00000000fd2237dd8ce24040be3189a447ace387'),
  destination: guid('11111111-2222-3333-4444-555555555555'),
  attributes: [0x9005a, 0x90060, 0x90008, 0x900dd, 0x90092, 0x90290],
  maxBytes: 0,
};

describe('binding', () => {
  test('makes the known request and reads the known reply', () => {
    expect(encodeDrsBind(0).toString('hex')).toBe(vectors.drsBind.request);
    const { handle, epoch } = decodeDrsBindReply(hex(vectors.drsBind.reply), 'dc1');
    expect(handle.equals(asked.handle)).toBe(true);
    expect(epoch).toBe(0);
  });
});

describe('the endpoint mapper', () => {
  test('names the port', () => {
    expect(decodeMapReply(hex(vectors.endpointMapper.response), 'dc1')).toBe(vectors.endpointMapper.port);
  });

  test('that knows none is said to be so', () => {
    const nothing = Buffer.concat([
      Buffer.alloc(20),
      hex('00000000 04000000 00000000 00000000 d6a0c916'.replaceAll(' ', '')),
    ]);
    expect(() => decodeMapReply(nothing, 'dc1')).toThrow(NoEndpointError);
  });

  test('is asked by the interface', () => {
    expect(encodeMap(drsuapi).includes(Buffer.from(drsuapi.uuid))).toBe(true);
  });
});

describe('asking for changes', () => {
  test('of one object makes the known request', () => {
    const made = encodeNcChanges({
      ...asked,
      what: { guid: guid(vectors.singleObject.objects[0]?.objectGuid ?? '') },
      invocationId: undefined,
      from: fromTheStart,
      upToDate: undefined,
      maxObjects: 1,
    });
    const known = hex(vectors.singleObject.request).subarray(0, made.length);
    expect(withoutReferents(made)).toEqual(withoutReferents(known));
  });

  test('from a cookie makes the known request', () => {
    const { cookie } = vectors.delta;
    const [objectUpdate = '', reserved = '', propertyUpdate = ''] = cookie.usn;
    const made = encodeNcChanges({
      ...asked,
      what: { dn: 'DC=drsr,DC=test' as Dn },
      invocationId: guid(cookie.invocationId),
      from: {
        objectUpdate: BigInt(objectUpdate),
        reserved: BigInt(reserved),
        propertyUpdate: BigInt(propertyUpdate),
      },
      upToDate: cookie.utd.map(([id = '', usn = '']) => ({ invocationId: guid(id), usn: BigInt(usn) })),
      maxObjects: 1000,
    });
    const known = hex(vectors.delta.request).subarray(0, made.length);
    expect(withoutReferents(made)).toEqual(withoutReferents(known));
  });
});

const named = (id: string): number => Number.parseInt(id.slice(2), 16);

describe('a reply', () => {
  for (const [name, { reply, objects }] of Object.entries({ single: vectors.singleObject, delta: vectors.delta })) {
    test(`gives names, SIDs and values of the ${name} vector`, () => {
      const found = decode(hex(reply));
      expect(found.objects.map(({ dn, guid: id, sid }) => [dn, id, sid])).toEqual(
        objects.map((object) => [object.dn, object.objectGuid, object.sid]),
      );
      for (const [i, object] of objects.entries()) {
        const values = found.objects[i]?.attributes.map(({ id, values: all }) => [
          id,
          all.map((v) => v.toString('hex')),
        ]);
        expect(Object.fromEntries(values ?? [])).toEqual(
          Object.fromEntries(Object.entries(object.attrs).map(([id, all]) => [named(id), all])),
        );
      }
      expect(found.more).toBe(false);
    });
  }

  test('tells how far it goes, and the links nobody asked for', () => {
    const { to, upToDate, links, objects } = decode(hex(vectors.delta.reply));
    expect([to.objectUpdate, to.reserved, to.propertyUpdate].map(String)).toEqual(vectors.delta.to);
    expect(upToDate).toEqual([{ invocationId: vectors.delta.cookie.invocationId, usn: 4051n }]);
    expect(links.map(({ object, attribute, present }) => [object.dn, attribute, present])).toEqual(
      vectors.delta.links.map(({ object, attid, present }) => [object, named(attid), present === 1]),
    );
    expect(objects[0]?.attributes[0]?.version).toMatchObject({ number: 5, usn: '4047' });
    expect(objects[0]?.attributes[0]?.version?.changed.toISOString()).toBe('2026-11-23T15:04:04.000Z');
  });

  test('holds, under its wrapping by RID, the MD4 of the passwords', () => {
    const passwords = [vectors.singleObject.password, ...vectors.delta.passwords];
    for (const [i, { rid, unicodePwdAfterRc4, ntHash }] of [
      ...vectors.singleObject.objects,
      ...vectors.delta.objects,
    ].entries()) {
      expect(md4(Buffer.from(passwords[i] ?? '', 'utf16le')).toString('hex')).toBe(ntHash);
      const around = Buffer.alloc(14, Buffer.from(Uint32Array.of(rid).buffer));
      const wrapped = hex(unicodePwdAfterRc4);
      const halves = [
        desDecrypt(around.subarray(0, 7), wrapped.subarray(0, 8)),
        desDecrypt(around.subarray(7), wrapped.subarray(8)),
      ];
      expect(Buffer.concat(halves).toString('hex')).toBe(ntHash);
    }
  });

  test('in its version 9 has longer linked values', () => {
    const six = hex(vectors.delta.reply);
    const nine = Buffer.concat([six.subarray(0, linkEnd(six)), Buffer.alloc(24), six.subarray(linkEnd(six))]);
    nine.writeUInt32LE(9, 0);
    nine.writeUInt32LE(9, 4);
    const found = decode(nine);
    expect(found.links).toEqual(decode(six).links);
    expect(found.objects).toEqual(decode(six).objects);
  });

  test('of a version that was not asked for, a compressed one say, is refused', () => {
    const packed = hex(vectors.delta.reply);
    packed.writeUInt32LE(7, 0);
    packed.writeUInt32LE(7, 4);
    expect(() => decode(packed)).toThrow(MalformedAnswerError);
  });

  test('cut anywhere is refused', () => {
    const whole = hex(vectors.delta.reply);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decode(whole.subarray(0, length))).toThrow(MalformedAnswerError);
    }
  });

  test('is read by its own prefix table', () => {
    const { prefixes } = decode(hex(vectors.singleObject.reply));
    const standard = { unicodePwd: 0x9005a, pwdLastSet: 0x90060, userAccountControl: 0x90008 };
    expect(attributeIds(prefixes)).toEqual(standard);
    expect(attributeIds(new Map())).toEqual(standard);
    const moved = new Map([...prefixes].map(([oid, index]) => [oid, index + 100]));
    expect(attributeIds(moved).unicodePwd).toBe(0x6d005a);
  });
});

describe('what a reply says of accounts', () => {
  const other = Buffer.alloc(16, 1);

  test('is the state after it, with what did not come named as unchanged', () => {
    const [alice, bob] = changesOf(decode(hex(vectors.delta.reply)), other, 'unchanged');
    expect(alice?.pwdLastSet).toEqual(new Date('2026-11-23T15:04:04.433Z'));
    expect(alice?.userAccountControl).toBeUndefined();
    expect(bob?.pwdLastSet).toBe('mustChange');
    expect(bob?.deleted).toBe(false);
  });

  test('shows a secret of another session as damaged, by the account, and goes on', () => {
    const changes = changesOf(decode(hex(vectors.delta.reply)), other, 'unchanged');
    expect(changes.map(({ password }) => password.kind)).toEqual(['damaged', 'damaged', 'damaged']);
    expect(changes[2]?.password).toMatchObject({ error: { code: 'CS9006', object: vectors.delta.objects[2]?.dn } });
  });

  test('leaves no secret in the reply', () => {
    const stub = hex(vectors.delta.reply);
    const blob = hex(vectors.delta.objects[0]?.attrs['0x0009005a'][0] ?? '');
    expect(stub.includes(blob)).toBe(true);
    changesOf(decode(stub), other, 'unchanged');
    expect(stub.includes(blob)).toBe(false);
  });
});

/** Behind the fixed part of the one linked value of the delta vector: it begins behind the last object's versions. */
function linkEnd(stub: Buffer): number {
  const attribute = stub.lastIndexOf(hex('1f000000'));
  return attribute - 4 + 72;
}
