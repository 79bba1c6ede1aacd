import fc from 'fast-check';
import { SearchEntry as PeerEntry, BerReader as PeerReader } from 'ldapts';
import { expect, test } from 'vitest';
import { entryMessage } from '../../../test/directory/messages.ts';
import { objectGuidFromBytes } from '../../model/index.ts';
import { BerError } from './ber.ts';
import { Entries } from './entries.ts';
import { type AttributeType, EntryDecoder } from './entry-decoder.ts';
import { MessageStream } from './message-stream.ts';

/** Held to ldapts: the same bytes must come to the same entries. */

const types: readonly AttributeType[] = [
  { name: 'cn', form: 'text' },
  { name: 'displayName', form: 'text' },
  { name: 'proxyAddresses', form: 'text' },
  { name: 'thumbnailPhoto', form: 'bytes' },
  { name: 'objectGUID', form: 'guid' },
  { name: 'member', form: 'text' },
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  fc.stringMatching(/^[ -~]{0,300}$/),
);
const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const guid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
const spelled = (name: string) =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) =>
      Array.from(name, (letter, i) => (upper[i] === true ? letter.toUpperCase() : letter.toLowerCase())).join(''),
    );

const attribute = fc.oneof(
  fc.tuple(fc.constantFrom('cn', 'displayName', 'proxyAddresses').chain(spelled), fc.array(text, { maxLength: 4 })),
  fc.tuple(spelled('thumbnailPhoto'), fc.array(anyBytes, { maxLength: 3 })),
  fc.tuple(spelled('objectGUID'), fc.array(guid, { minLength: 1, maxLength: 1 })),
  fc.tuple(fc.constantFrom('member;range=0-1499', 'member;range=1500-*', 'member'), fc.array(text, { maxLength: 3 })),
  fc.tuple(fc.constantFrom('unasked', 'cnx', 'userCertificate;binary'), fc.array(anyBytes, { maxLength: 3 })),
);
const entry = fc.record({ dn: text, attributes: fc.array(attribute, { maxLength: 8 }) });

interface Plain {
  readonly dn: string;
  readonly attributes: readonly (readonly [string, readonly string[]])[];
}

const hex = (value: string | Uint8Array): string => Buffer.from(value).toString('hex');

/** By ldapts, from the whole message. */
function byPeer(message: Buffer): Plain {
  const reader = new PeerReader(message);
  reader.readSequence();
  const messageId = reader.readInt() ?? 0;
  reader.readSequence(0x64);
  const read = new PeerEntry({ messageId });
  read.parse(reader, []);
  const asked = new Map(types.map((type) => [type.name.toLowerCase(), type]));
  return {
    dn: read.name,
    attributes: read.attributes.flatMap(({ type, parsedBuffers }) => {
      const found = asked.get(type.split(';')[0]?.toLowerCase() ?? '');
      if (found === undefined) return [];
      const guids = (bytes: Buffer): string => objectGuidFromBytes(bytes) ?? '';
      return [[found.name, parsedBuffers.map((bytes) => hex(found.form === 'guid' ? guids(bytes) : bytes))] as const];
    }),
  };
}

/** By the reader under test, the message cut as the network may cut it. */
function byUs(messages: readonly Buffer[], cuts: readonly number[]): readonly Plain[] {
  const entries = new Entries(new EntryDecoder(types), undefined);
  const stream = new MessageStream((bytes, start, end) => {
    // Behind the heads of message, id and operation.
    const body = operationIn(bytes, start, end);
    entries.push(bytes, body, end);
  });
  const all = Buffer.concat(messages);
  const scratch = Buffer.alloc(all.length);
  let at = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * all.length)).sort((a, b) => a - b), all.length]) {
    // The room a chunk came in is written over by the next.
    const chunk = scratch.subarray(0, all.copy(scratch, 0, at, cut));
    stream.push(chunk);
    chunk.fill(0xaa);
    at = cut;
  }
  const list: Plain[] = [];
  for (let read = entries.next(); read !== undefined; read = entries.next()) {
    const { dn, columns, values } = read;
    list.push({ dn, attributes: columns.map(({ type }, i) => [type.name, (values[i] ?? []).map(hex)]) });
  }
  return list;
}

function operationIn(bytes: Buffer, start: number, end: number): number {
  const peer = new PeerReader(bytes.subarray(start, end));
  peer.readSequence();
  peer.readInt();
  peer.readSequence(0x64);
  return start + peer.offset;
}

test('the same bytes come to the same entries as by ldapts, however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 6 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      (entries, cuts) => {
        const messages = entries.map(({ dn, attributes }, i) => entryMessage(i + 1, dn, attributes));
        expect(byUs(messages, cuts)).toEqual(messages.map(byPeer));
      },
    ),
    { numRuns: 1000 },
  );
});

test('one byte at a time comes to the same as all at once', () => {
  const message = entryMessage(7, 'CN=Zoë,DC=x', [
    ['cn', ['Zoë']],
    ['thumbnailPhoto', [Buffer.alloc(400, 0xff)]],
  ]);
  const all = Buffer.concat([message, message]);
  const cuts = Array.from({ length: all.length }, (_, i) => i / all.length);
  expect(byUs([message, message], cuts)).toEqual([byPeer(message), byPeer(message)]);
});

test('ranges are told from the attribute', () => {
  const message = entryMessage(1, 'CN=g', [
    ['member', []],
    ['member;range=0-1499', ['a', 'b']],
    ['Member;Range=1500-*', ['c']],
  ]);
  const decoder = new EntryDecoder(types);
  const { columns } = decoder.decode(message, operationIn(message, 0, message.length), message.length);
  expect(columns.map(({ range }) => range)).toEqual([undefined, { from: 0, to: 1499 }, { from: 1500, to: undefined }]);
});

test('what is no text stays bytes', () => {
  const message = entryMessage(1, 'CN=g', [['cn', [Buffer.from([0xff, 0xfe, 0x41])]]]);
  const { values } = new EntryDecoder(types).decode(message, operationIn(message, 0, message.length), message.length);
  expect(values).toEqual([[new Uint8Array([0xff, 0xfe, 0x41])]]);
});

test('bytes that are no entry are refused, and read nothing beyond their end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const guarded = Buffer.concat([Buffer.from(bytes), Buffer.alloc(300, 0x30)]);
      try {
        new EntryDecoder(types).decode(guarded, 0, bytes.length);
      } catch (error) {
        expect(error).toBeInstanceOf(BerError);
      }
    }),
    { numRuns: 2000 },
  );
});
