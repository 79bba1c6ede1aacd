import { ByteReader } from '../bytes/byte-reader.ts';
import { KeytabError, MalformedAnswerError } from '../errors.ts';
import { aes256, keyLength } from './aes.ts';

interface KeytabEntry {
  readonly realm: string;
  readonly name: string;
  readonly version: number;
  readonly etype: number;
  readonly key: Buffer;
}

/**
 * The newest AES-256 key of a principal in a keytab file (MIT format 0x502: big-endian, each entry behind its length;
 * a negative length is a hole).
 */
export function keyFromKeytab(keytab: Uint8Array, user: string, realm: string): Buffer {
  const wanted = `${user}@${realm}`.toLowerCase();
  const entries = readEntries(keytab, user);
  const mine = entries.filter(({ name, realm: of }) => `${name}@${of}`.toLowerCase() === wanted);
  const usable = mine.filter(({ etype, key }) => etype === aes256 && key.length === keyLength);
  const [newest] = usable.toSorted((a, b) => b.version - a.version);
  if (newest === undefined) {
    throw new KeytabError(user, mine.length === 0 ? `it has no entry for ${user}@${realm}` : 'it has no AES-256 key');
  }
  return Buffer.from(newest.key);
}

function readEntries(keytab: Uint8Array, user: string): readonly KeytabEntry[] {
  try {
    const reader = new ByteReader(keytab, user, 'keytab');
    reader.expect(reader.u16be(), 0x0502, 'the format');
    const entries: KeytabEntry[] = [];
    while (reader.remaining >= 4) {
      const length = reader.u32be() | 0;
      if (length === 0) break;
      const record = reader.take(Math.abs(length));
      if (length > 0) entries.push(readEntry(new ByteReader(record, user, 'keytab entry')));
    }
    return entries;
  } catch (error) {
    if (error instanceof MalformedAnswerError) throw new KeytabError(user, 'it is no keytab file, or cut short');
    throw error;
  }
}

function readEntry(reader: ByteReader): KeytabEntry {
  const text = (): string => reader.take(reader.u16be()).toString('utf8');
  const components = reader.u16be();
  const realm = text();
  const name = Array.from({ length: components }, text).join('/');
  // Kind of name and time of writing.
  reader.skip(8);
  const short = reader.u8();
  const etype = reader.u16be();
  const key = reader.take(reader.u16be());
  // The version has a byte of its own, and where it outgrew that, four more behind the key.
  const long = reader.remaining >= 4 ? reader.u32be() : 0;
  return { realm, name, version: long === 0 ? short : long, etype, key };
}
