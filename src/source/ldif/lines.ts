import { createReadStream } from 'node:fs';
import { LdifError, LdifUnreadableError } from '../errors.ts';
import type { Wholeness } from './wholeness.ts';

/** A line with its continuations joined: bytes, since a continuation may begin in the middle of a character. */
export interface LogicalLine {
  readonly bytes: Buffer;
  /** Where it begins in the file, from 1. */
  readonly line: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const hash = 0x23;
/** A line longer than this is no value of a directory; it would fill memory. */
const longestLine = 64 * 2 ** 20;

/**
 * The lines of an LDIF file (RFC 2849), continuations joined; an empty one ends a record. Comments are left out, and told
 * to `wholeness`. The lines come by the piece of the file, since a file has them by the ten million.
 */
export async function* logicalLines(file: string, wholeness: Wholeness): AsyncGenerator<readonly LogicalLine[]> {
  const folding = new Folding(file, wholeness);
  for await (const chunk of utf8(file)) yield folding.push(chunk);
  yield folding.end();
}

class Folding {
  readonly #file: string;
  readonly #wholeness: Wholeness;
  /** Of the line being joined: its pieces, undefined before the first. */
  #pieces: Buffer[] | undefined;
  #size = 0;
  #start = 0;
  #number = 0;
  /** What a chunk ended with, before its line did. */
  #rest: Buffer[] = [];
  #restSize = 0;
  #done: LogicalLine[] = [];

  constructor(file: string, wholeness: Wholeness) {
    this.#file = file;
    this.#wholeness = wholeness;
  }

  /** The lines that have ended with this chunk. */
  push(chunk: Buffer): readonly LogicalLine[] {
    let at = 0;
    for (let end = chunk.indexOf(newline, at); end >= 0; end = chunk.indexOf(newline, at)) {
      this.#physical(this.#joined(chunk.subarray(at, end)));
      at = end + 1;
    }
    // A view would keep the whole chunk.
    if (at < chunk.length) this.#keep(Buffer.from(chunk.subarray(at)));
    return this.#taken();
  }

  end(): readonly LogicalLine[] {
    if (this.#restSize > 0) this.#wholeness.cut(this.#number + 1);
    this.#close();
    return this.#taken();
  }

  #taken(): readonly LogicalLine[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #physical(raw: Buffer): void {
    this.#number += 1;
    let line = raw;
    // No plain value ends with one (RFC 2849): it belongs to the end of the line.
    while (line[line.length - 1] === carriageReturn) line = line.subarray(0, -1);
    if (line[0] !== space) {
      this.#close();
      this.#pieces = [line];
      this.#size = line.length;
      this.#start = this.#number;
      return;
    }
    if (this.#pieces === undefined || this.#size === 0) {
      throw new LdifError(this.#file, this.#number, 'a continuation line without a line before it');
    }
    // A comment goes on like any other line, and nobody reads it.
    if (this.#pieces[0]?.[0] === hash) return;
    this.#pieces.push(line.subarray(1));
    this.#size += line.length - 1;
    if (this.#size > longestLine) throw new LdifError(this.#file, this.#start, 'a value of more than 64 MB');
  }

  #close(): void {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    const [first] = pieces ?? [];
    if (pieces === undefined || first === undefined) return;
    if (first[0] === hash) this.#wholeness.comment(first);
    else this.#done.push({ bytes: pieces.length === 1 ? first : Buffer.concat(pieces), line: this.#start });
  }

  #joined(tail: Buffer): Buffer {
    if (this.#restSize === 0) return tail;
    const whole = Buffer.concat([...this.#rest, tail]);
    this.#rest = [];
    this.#restSize = 0;
    return whole;
  }

  #keep(rest: Buffer): void {
    this.#rest.push(rest);
    this.#restSize += rest.length;
    if (this.#restSize > longestLine) throw new LdifError(this.#file, this.#number + 1, 'a line of more than 64 MB');
  }
}

const chunkSize = 256 * 2 ** 10;

/** The file as UTF-8, whatever mark it begins with; `ldifde -u` writes UTF-16. */
async function* utf8(file: string): AsyncGenerator<Buffer> {
  const input = createReadStream(file, { highWaterMark: chunkSize });
  let decoder: TextDecoder | undefined;
  let first = true;
  try {
    for await (const read of input) {
      const chunk: Buffer = read;
      if (first) {
        first = false;
        const encoding = utf16Of(chunk);
        if (encoding !== undefined) decoder = new TextDecoder(encoding);
        else if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) {
          yield chunk.subarray(3);
          continue;
        }
      }
      yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
    }
    // What a cut has left of a character.
    const rest = decoder?.decode() ?? '';
    if (rest !== '') yield Buffer.from(rest, 'utf8');
  } catch (error) {
    throw new LdifUnreadableError(file, error);
  } finally {
    input.destroy();
  }
}

/** By its mark, or by the zeros beside what is ASCII in any LDIF file. */
function utf16Of([a, b]: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if ((a === 0xff && b === 0xfe) || (a !== undefined && a !== 0 && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== undefined && b !== 0)) return 'utf-16be';
  return undefined;
}
