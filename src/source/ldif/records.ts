import { LdifError } from '../errors.ts';
import { logicalLines } from './lines.ts';
import { Wholeness } from './wholeness.ts';

/** As written: text, or bytes where it was base64. */
export type LdifValue = string | Buffer;

/** One content record: its DN and its values, by attribute in lower case, without options such as `;binary`. */
export interface LdifRecord {
  readonly dn: string;
  /** Where it begins, for errors. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, readonly LdifValue[]>;
}

/** What ldapsearch and ldbsearch write beside the records: not records, but a result says whether all came. */
const beside: ReadonlySet<string> = new Set([
  'search',
  'result',
  'ref',
  'matcheddn',
  'text',
  'control',
  'pagedresults',
  'version',
]);

/** What an export writes of a change: nothing else than that the object is there (`ldifde` does). */
const content = 'add';

/** A record with more than this is no object of a directory; it would fill memory. */
const largestRecord = 256 * 2 ** 20;

const colon = 0x3a;
const urlMark = 0x3c;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const attributeName = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)(?:;[A-Za-z0-9=*-]+)*$/;

/** An attribute description, looked at once for all records that use it. */
interface Description {
  readonly name: string;
  readonly key: string;
  readonly role: 'dn' | 'beside' | 'changetype' | 'cut' | 'wanted' | 'unwanted';
}

/** Files name the same few hundred; broken ones might name any number. */
const remembered = 10_000;

/**
 * Reads the content records of an LDIF file (RFC 2849) one by one, of their attributes those wanted: all when left out.
 * Throws at the end of a file that is not a whole export.
 */
export async function* readLdif(file: string, wanted?: ReadonlySet<string>): AsyncGenerator<LdifRecord> {
  const wholeness = new Wholeness(file);
  const reader = new RecordReader(file, wanted, wholeness);
  for await (const lines of logicalLines(file, wholeness)) {
    for (const { bytes, line } of lines) {
      if (bytes.length > 0) reader.take(bytes, line);
      else {
        const record = reader.end();
        if (record !== undefined) yield record;
      }
    }
  }
  // A record that nothing has ended may lack values: it is no record yet.
  const open = reader.open;
  const record = reader.end();
  wholeness.finish(open);
  if (record !== undefined) yield record;
}

class RecordReader {
  readonly #file: string;
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #wholeness: Wholeness;
  readonly #descriptions = new Map<string, Description>();
  #attributes = new Map<string, LdifValue[]>();
  /** Undefined before the record's DN, and in what is no record. */
  #dn: string | undefined;
  #line = 0;
  #beside = false;
  #size = 0;

  constructor(file: string, wanted: ReadonlySet<string> | undefined, wholeness: Wholeness) {
    this.#file = file;
    this.#wanted = wanted;
    this.#wholeness = wholeness;
  }

  /** Where the record begins that has not ended. */
  get open(): number | undefined {
    return this.#dn === undefined ? undefined : this.#line;
  }

  /** The record that has ended, unless it was none. */
  end(): LdifRecord | undefined {
    const dn = this.#dn;
    if (dn !== undefined) this.#wholeness.entry();
    const record = dn === undefined ? undefined : { dn, line: this.#line, attributes: this.#attributes };
    this.#attributes = new Map();
    this.#dn = undefined;
    this.#line = 0;
    this.#beside = false;
    this.#size = 0;
    return record;
  }

  take(bytes: Buffer, line: number): void {
    const refuse = (reason: string): LdifError => new LdifError(this.#file, line, reason);
    if (this.#line === 0) this.#line = line;
    this.#size += bytes.length;
    if (this.#size > largestRecord) throw refuse('a record of more than 256 MB');
    const end = bytes.indexOf(colon);
    if (end <= 0) throw refuse('no "attribute: value"');
    const { name, key, role } = this.#describe(bytes.toString('latin1', 0, end), refuse);
    if (bytes[end + 1] === urlMark) throw refuse(`${name} names a URL; values must be in the file`);
    if (role === 'unwanted' && this.#dn !== undefined) return;
    const value = readValue(bytes, end + 1, name, refuse);
    if (this.#dn === undefined) this.#takeFirst(key, role, String(value), name, refuse);
    else if (role === 'changetype') {
      const change = String(value).toLowerCase();
      if (change !== content)
        throw refuse(`a change record (${printable(change)}); an export of what is there is needed`);
    } else if (role === 'dn' || key === 'control') throw refuse(`"${name}:" inside of a record`);
    else if (role === 'cut') throw refuse(`${name} is cut: not all of its values are in the file`);
    else if (role === 'wanted' && value.length > 0) {
      const values = this.#attributes.get(key);
      if (values === undefined) this.#attributes.set(key, [value]);
      else values.push(value);
    }
  }

  #takeFirst(key: string, role: Description['role'], value: string, name: string, refuse: Refuse): void {
    if (role === 'beside') {
      if (key === 'version') {
        if (value !== '1') throw refuse(`LDIF of version ${printable(value)} where 1 is known`);
        // It stands alone, or right before the first record.
        this.#line = 0;
        return;
      }
      this.#beside = true;
      if (key === 'ref') this.#wholeness.reference();
      if (key === 'result' && !/^0\b/.test(value))
        throw refuse(`the export did not end well (result: ${printable(value)})`);
    } else if (role === 'dn' && !this.#beside) this.#dn = value;
    else throw refuse(`a record begins with "dn:", not with "${name}:"`);
  }

  #describe(name: string, refuse: Refuse): Description {
    const known = this.#descriptions.get(name);
    if (known !== undefined) return known;
    if (!attributeName.test(name)) throw refuse(`"${printable(name)}" is not the name of an attribute`);
    const [base = '', ...options] = name.toLowerCase().split(';');
    const made = { name, key: base, role: this.#roleOf(base, options) };
    if (this.#descriptions.size >= remembered) this.#descriptions.clear();
    this.#descriptions.set(name, made);
    return made;
  }

  #roleOf(key: string, options: readonly string[]): Description['role'] {
    if (key === 'dn') return 'dn';
    if (key === 'changetype') return 'changetype';
    if (options.some((option) => option.startsWith('range=') && !option.endsWith('-*'))) return 'cut';
    if (beside.has(key) && this.#wanted?.has(key) !== true) return 'beside';
    return this.#wanted === undefined || this.#wanted.has(key) ? 'wanted' : 'unwanted';
  }
}

const longestShown = 80;

/** As much of a file's text as an error shows, and nothing of it that a terminal would obey. */
export function printable(text: string): string {
  const start = text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
  return start.replace(/[\p{C}\ufffd]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

type Refuse = (reason: string) => LdifError;

function readValue(bytes: Buffer, start: number, name: string, refuse: Refuse): LdifValue {
  const mark = bytes[start];
  let at = mark === colon ? start + 1 : start;
  while (bytes[at] === 0x20) at += 1;
  if (mark !== colon) return bytes.toString('utf8', at);
  const encoded = bytes.toString('latin1', at).trimEnd();
  if (!base64.test(encoded)) throw refuse(`the value of ${name} is not base64`);
  return Buffer.from(encoded, 'base64');
}
