import { type BerReader, tags } from './ber.ts';

/** The operations a server answers with (RFC 4511, 4.2-4.12). */
export const operations = {
  bindResponse: 0x61,
  searchEntry: 0x64,
  searchDone: 0x65,
  searchReference: 0x73,
  extendedResponse: 0x78,
  intermediateResponse: 0x79,
} as const;

const controlsTag = 0xa0;
const referralTag = 0xa3;

export interface ResponseControl {
  readonly type: string;
  readonly value: Buffer | undefined;
}

/** How an operation ended. */
export interface LdapResult {
  readonly code: number;
  readonly message: string;
  readonly referrals: readonly string[];
  readonly controls: readonly ResponseControl[];
}

/** Reads an LDAPResult and the controls behind it; `end` is the operation's, `messageEnd` the message's. */
export function readResult(reader: BerReader, end: number, messageEnd: number): LdapResult {
  const code = reader.integer(end, tags.enumerated);
  reader.skip(end);
  const message = reader.text(end);
  const referrals = reader.peek(end) === referralTag ? readTexts(reader, reader.open(referralTag, end)) : [];
  // What an extended or bind response holds beyond the result is of no use here.
  reader.at = end;
  return { code, message, referrals, controls: readControls(reader, messageEnd) };
}

/** The addresses of a SearchResultReference. */
export function readTexts(reader: BerReader, end: number): readonly string[] {
  const texts: string[] = [];
  while (reader.at < end) texts.push(reader.text(end));
  return texts;
}

function readControls(reader: BerReader, end: number): readonly ResponseControl[] {
  if (reader.peek(end) !== controlsTag) return [];
  const stop = reader.open(controlsTag, end);
  const controls: ResponseControl[] = [];
  while (reader.at < stop) {
    const controlEnd = reader.open(tags.sequence, stop);
    const type = reader.text(controlEnd);
    if (reader.peek(controlEnd) === tags.boolean) reader.skip(controlEnd);
    const value = reader.peek(controlEnd) === tags.octetString ? reader.octets(controlEnd) : undefined;
    controls.push({ type, value });
    reader.at = controlEnd;
  }
  return controls;
}
