import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { LdifError, LdifUnreadableError } from './errors.ts';

/** One content record: its DN and its values as bytes, by attribute as spelled in the file. */
export interface LdifRecord {
  readonly dn: string;
  /** Where it begins, for errors. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, readonly Buffer[]>;
}

interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

/** What ldapsearch and ldbsearch write beside the records: not records, but their results say whether all came. */
const trailers = /^(search|result|ref|matchedDN|text|control|pagedresults):/i;

/** Reads the content records of an LDIF file (RFC 2849) one by one. */
export async function* readLdif(file: string): AsyncGenerator<LdifRecord> {
  let record: LogicalLine[] = [];
  for await (const line of logicalLines(file)) {
    if (line.text !== '') {
      record.push(line);
      continue;
    }
    const parsed = parseRecord(file, record);
    record = [];
    if (parsed !== undefined) yield parsed;
  }
  const parsed = parseRecord(file, record);
  if (parsed !== undefined) yield parsed;
}

/** Lines with their continuations joined and comments left out; an empty text ends a record. */
async function* logicalLines(file: string): AsyncGenerator<LogicalLine> {
  const input = createReadStream(file, { encoding: 'utf8' });
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let open: LogicalLine | undefined;
  let number = 0;
  try {
    for await (const raw of lines) {
      number += 1;
      const text = number === 1 ? raw.replace(/^\uFEFF/, '') : raw;
      if (text.startsWith(' ')) {
        if (open === undefined) throw new LdifError(file, number, 'a continuation line without a line before it');
        open = { ...open, text: open.text + text.slice(1) };
        continue;
      }
      if (open !== undefined && !open.text.startsWith('#')) yield open;
      open = { text, line: number };
    }
  } catch (error) {
    throw error instanceof LdifError ? error : new LdifUnreadableError(file, error);
  } finally {
    lines.close();
    input.destroy();
  }
  if (open !== undefined && !open.text.startsWith('#')) yield open;
}

function parseRecord(file: string, lines: readonly LogicalLine[]): LdifRecord | undefined {
  const [first, ...rest] = lines[0]?.text.toLowerCase().startsWith('version:') === true ? lines.slice(1) : lines;
  if (first === undefined) return undefined;
  if (trailers.test(first.text)) {
    const result = [first, ...rest].find(({ text }) => /^result:/i.test(text));
    if (result !== undefined && !/^result:\s*0\b/i.test(result.text)) {
      throw new LdifError(file, result.line, `the export did not end well (${result.text})`);
    }
    return undefined;
  }
  const { name, value } = parseLine(file, first);
  if (name.toLowerCase() !== 'dn')
    throw new LdifError(file, first.line, `a record begins with "dn:", not with "${name}:"`);
  const attributes = new Map<string, Buffer[]>();
  for (const line of rest) {
    const parsed = parseLine(file, line);
    if (parsed.name.toLowerCase() === 'changetype') {
      throw new LdifError(file, line.line, 'a change record; content records are needed');
    }
    const values = attributes.get(parsed.name);
    if (values === undefined) attributes.set(parsed.name, [parsed.value]);
    else values.push(parsed.value);
  }
  return { dn: value.toString('utf8'), line: first.line, attributes };
}

function parseLine(file: string, { text, line }: LogicalLine): { readonly name: string; readonly value: Buffer } {
  const colon = text.indexOf(':');
  if (colon <= 0) throw new LdifError(file, line, 'no "attribute: value"');
  const name = text.slice(0, colon);
  const mark = text[colon + 1];
  if (mark === '<') throw new LdifError(file, line, `${name} names a URL; values must be in the file`);
  if (mark !== ':') return { name, value: Buffer.from(text.slice(colon + 1).replace(/^ +/, ''), 'utf8') };
  const encoded = text.slice(colon + 2).trim();
  if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(encoded)) {
    throw new LdifError(file, line, `the value of ${name} is not base64`);
  }
  return { name, value: Buffer.from(encoded, 'base64') };
}
