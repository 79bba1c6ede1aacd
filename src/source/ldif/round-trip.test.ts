import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { IncompleteReadError, LdifError } from '../index.ts';
import { readLdif } from './records.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudsync-ldif-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'file.ldf');

type Encoding = 'utf8' | 'utf8-bom' | 'utf16le' | 'utf16be';

function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf8-bom') return Buffer.from(`\uFEFF${text}`, 'utf8');
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return encoding === 'utf16le' ? little : little.swap16();
}

const safe = /^[^\0\r\n :<][^\0\r\n]*$/;
/** May be written as it is: no space at the end either, though the file may hold what RFC 2849 calls UTF-8 there. */
const isPlain = (value: Buffer): boolean => {
  const text = value.toString('utf8');
  return Buffer.from(text, 'utf8').equals(value) && safe.test(text) && !text.endsWith(' ') && !text.includes('\uFEFF');
};

const name = fc.stringMatching(/^x[A-Za-z][A-Za-z0-9-]{0,12}$/);
const value = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).map((text) => Buffer.from(text, 'utf8')),
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const record = fc.record({
  dn: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }),
  attributes: fc.uniqueArray(fc.tuple(name, fc.array(value, { minLength: 1, maxLength: 4 })), {
    selector: ([one]) => one.toLowerCase(),
    maxLength: 6,
  }),
});

const style = fc.record({
  encoding: fc.constantFrom<Encoding>('utf8', 'utf8-bom', 'utf16le', 'utf16be'),
  end: fc.constantFrom('\n', '\r\n'),
  width: fc.integer({ min: 5, max: 90 }),
  version: fc.boolean(),
  comments: fc.boolean(),
  changetype: fc.boolean(),
  preferBase64: fc.boolean(),
});

/** Folds between characters: writers may do so between bytes too, which the reader must not mind. */
function fold(line: string, width: number, end: string): string {
  const characters = [...line];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += width) pieces.push(characters.slice(at, at + width).join(''));
  return pieces.join(`${end} `);
}

test('whatever is written by RFC 2849, in any encoding and folding, is read back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 5 }), style, async (records, how) => {
      const line = (key: string, bytes: Buffer): string =>
        fold(
          isPlain(bytes) && !how.preferBase64
            ? `${key}: ${bytes.toString('utf8')}`
            : `${key}:: ${bytes.toString('base64')}`,
          how.width,
          how.end,
        );
      const text = [
        ...(how.version ? [`version: 1${how.end}`] : []),
        ...records.map(({ dn, attributes }) =>
          [
            ...(how.comments ? [fold('# a comment that is long enough to be folded', how.width, how.end)] : []),
            line('dn', Buffer.from(dn, 'utf8')),
            ...(how.changetype ? ['changetype: add'] : []),
            ...attributes.flatMap(([key, values]) => values.map((one) => line(key, one))),
            '',
          ].join(how.end),
        ),
        // An empty line ends the last record too.
        '',
      ].join(how.end);
      writeFileSync(file, encode(text, how.encoding));
      const read = (await Array.fromAsync(readLdif(file))).map(({ dn, attributes }) => ({
        dn,
        attributes: Array.from(attributes, ([key, values]) => [
          key,
          values.map((one) => Buffer.from(one).toString('hex')),
        ]),
      }));
      expect(read).toEqual(
        records.map(({ dn, attributes }) => ({
          dn,
          attributes: attributes.map(([key, values]) => [key.toLowerCase(), values.map((one) => one.toString('hex'))]),
        })),
      );
    }),
    { numRuns: 300 },
  );
});

test('a fold in the middle of a character is no matter', async () => {
  const bytes = Buffer.from('dn: CN=Zoë\ndisplayName: Zoë 日本\n\n', 'utf8');
  const folded = Array.from(bytes, (byte, i) =>
    byte === 0x0a ||
    i < 4 ||
    bytes[i - 1] === 0x0a ||
    (bytes.indexOf('displayName') <= i && i < bytes.indexOf('displayName') + 13)
      ? [byte]
      : [0x0a, 0x20, byte],
  ).flat();
  writeFileSync(file, Buffer.from(folded));
  const [read] = await Array.fromAsync(readLdif(file));
  expect(read?.dn).toBe('CN=Zoë');
  expect(read?.attributes.get('displayname')).toEqual(['Zoë 日本']);
});

test('any bytes are read or refused with a line, and never anything else', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'dn: CN=a',
      'dn:: ',
      'cn: x',
      ' ',
      '#',
      ':',
      '::',
      ':<',
      '\n',
      '\r\n',
      '\n\n',
      'changetype: ',
      '\uFEFF',
    ),
    fc.string({ unit: 'grapheme', maxLength: 10 }),
    fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), fc.boolean(), async (pieces, latin1) => {
      writeFileSync(file, Buffer.from(pieces.join(''), latin1 ? 'latin1' : 'utf8'));
      try {
        await Array.fromAsync(readLdif(file));
      } catch (error) {
        if (error instanceof IncompleteReadError) return;
        expect(error).toBeInstanceOf(LdifError);
        expect(String(error)).toMatch(/, line \d+: /);
        // Whatever a file holds, a terminal can show what is wrong with it.
        expect(String(error)).not.toMatch(/[\p{Cc}\ufffd]/u);
      }
    }),
    { numRuns: 500 },
  );
});
