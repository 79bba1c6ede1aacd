import { BerWriter, Control, PagedResultsControl } from 'ldapts';
import { BerReader, tags } from './wire/ber.ts';
import type { ResponseControl } from './wire/messages.ts';

/** A control that is only its name. */
class NamedControl extends Control {
  constructor(type: string) {
    super(type, { critical: true });
  }
}

/** A control with a value that is made beforehand. */
class ValueControl extends Control {
  readonly #value: Buffer;

  constructor(type: string, critical: boolean, value: Buffer) {
    super(type, { critical });
    this.#value = value;
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(this.#value, tags.octetString);
  }
}

/**
 * LDAP_SERVER_EXTENDED_DN_OID with readable GUIDs and SIDs, SEQUENCE { INTEGER 1 }: references that survive renames.
 * Not critical: a reference that comes without its GUID is still found by its DN.
 */
export const extendedDn = (): Control =>
  new ValueControl('1.2.840.113556.1.4.529', false, Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01]));
/** Tombstones and recycled objects are shown. */
export const showDeleted = (): Control => new NamedControl('1.2.840.113556.1.4.417');
/** No continuation references to other naming contexts: any that come mean that something is missing. */
export const domainScope = (): Control => new NamedControl('1.2.840.113556.1.4.1339');

export function paged(size: number, cookie: Buffer): Control {
  return new PagedResultsControl({ critical: true, value: { size, cookie } });
}

/** The cookie of the next page, empty after the last; undefined where the server says nothing of pages. */
export function nextPage(controls: readonly ResponseControl[]): Buffer | undefined {
  const value = controls.find(({ type }) => type === PagedResultsControl.type)?.value;
  if (value === undefined) return undefined;
  const reader = new BerReader(value);
  const end = reader.open(tags.sequence, value.length);
  reader.integer(end);
  return reader.octets(end);
}

const dirSyncType = '1.2.840.113556.1.4.841';
const maxBytes = 10 * 2 ** 20;

/** Flags of LDAP_SERVER_DIRSYNC_OID ([MS-ADTS] 3.1.1.3.4.1.3). */
export const dirSyncFlags = {
  /** Only what the account may see, which needs no right to replicate. */
  objectSecurity: 0x0000_0001,
  /** Values of linked attributes one by one. An INTEGER has a sign: bit 31 makes it negative. */
  incrementalValues: 0x8000_0000 | 0,
} as const;

export function dirSync(flags: number, cookie: Buffer): Control {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(flags);
  writer.writeInt(maxBytes);
  if (cookie.length === 0) writer.writeString('');
  else writer.writeBuffer(cookie, tags.octetString);
  writer.endSequence();
  return new ValueControl(dirSyncType, true, writer.buffer);
}

export interface DirSyncAnswer {
  readonly more: boolean;
  readonly cookie: Buffer;
}

export function dirSyncAnswer(controls: readonly ResponseControl[]): DirSyncAnswer | undefined {
  const value = controls.find(({ type }) => type === dirSyncType)?.value;
  if (value === undefined) return undefined;
  const reader = new BerReader(value);
  const end = reader.open(tags.sequence, value.length);
  const more = reader.integer(end) !== 0;
  reader.integer(end);
  return { more, cookie: reader.octets(end) };
}
