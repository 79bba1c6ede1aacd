import { BerWriter } from 'ldapts';

/** The server's side of LDAP: requests taken apart, answers put together. Apart from the code under test on purpose. */

export interface ControlSent {
  readonly type: string;
  readonly value: Buffer;
}

export interface SearchRequest {
  readonly base: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: Element;
  /** As asked for, options included. */
  readonly attributes: readonly string[];
}

export type Request = {
  readonly id: number;
  readonly controls: readonly ControlSent[];
} & ({ readonly type: 'bind' | 'unbind' | 'startTls' | 'other' } | ({ readonly type: 'search' } & SearchRequest));

/** One element of BER, its content taken apart when it holds others. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly parts: readonly Element[];
}

/** How long the message at the start of these bytes is; undefined while it is not there whole. */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < 2) return undefined;
  const first = bytes[1] ?? 0;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (bytes.length < 2 + count) return undefined;
  const length = 2 + count + (count === 0 ? first : bytes.readUIntBE(2, count));
  return bytes.length < length ? undefined : length;
}

function elements(bytes: Buffer): readonly Element[] {
  const list: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + count;
    const end = start + (count === 0 ? first : bytes.readUIntBE(at + 2, count));
    const content = bytes.subarray(start, end);
    list.push({ tag, content, parts: (tag & 0x20) === 0 ? [] : elements(content) });
    at = end;
  }
  return list;
}

const scopes = ['base', 'one', 'sub'] as const;

export function readRequest(message: Buffer): Request {
  const [whole] = elements(message);
  const [id, operation, controlList] = whole?.parts ?? [];
  const controls = (controlList?.parts ?? []).map(({ parts }) => ({
    type: parts[0]?.content.toString() ?? '',
    value: parts.findLast(({ tag }) => tag === 0x04)?.content ?? Buffer.alloc(0),
  }));
  const head = { id: id?.content.readIntBE(0, id.content.length) ?? 0, controls };
  switch (operation?.tag) {
    case 0x60:
      return { ...head, type: 'bind' };
    case 0x42:
      return { ...head, type: 'unbind' };
    case 0x77:
      return { ...head, type: 'startTls' };
    case 0x63: {
      const [base, scope, , , , , filter, attributes] = operation.parts;
      return {
        ...head,
        type: 'search',
        base: base?.content.toString() ?? '',
        scope: scopes[scope?.content[0] ?? 0] ?? 'base',
        filter: filter ?? { tag: 0, content: Buffer.alloc(0), parts: [] },
        attributes: (attributes?.parts ?? []).map(({ content }) => content.toString()),
      };
    }
    default:
      return { ...head, type: 'other' };
  }
}

export type Values = readonly (string | Buffer)[];

function message(
  id: number,
  tag: number,
  write: (writer: BerWriter) => void,
  controls: readonly ControlSent[],
): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(tag);
  write(writer);
  writer.endSequence();
  if (controls.length > 0) {
    writer.startSequence(0xa0);
    for (const { type, value } of controls) {
      writer.startSequence();
      writer.writeString(type);
      writer.writeBuffer(value, 0x04);
      writer.endSequence();
    }
    writer.endSequence();
  }
  writer.endSequence();
  return writer.buffer;
}

export function entryMessage(id: number, dn: string, attributes: Iterable<readonly [string, Values]>): Buffer {
  return message(
    id,
    0x64,
    (writer) => {
      writer.writeString(dn);
      writer.startSequence();
      for (const [name, values] of attributes) {
        writer.startSequence();
        writer.writeString(name);
        writer.startSequence(0x31);
        for (const value of values) writer.writeBuffer(Buffer.from(value), 0x04);
        writer.endSequence();
        writer.endSequence();
      }
      writer.endSequence();
    },
    [],
  );
}

export function referenceMessage(id: number, url: string): Buffer {
  return message(id, 0x73, (writer) => writer.writeString(url), []);
}

/** `tag`: 0x61 ends a bind, 0x65 a search, 0x78 an extended request. */
export function resultMessage(
  id: number,
  tag: number,
  code: number,
  text = '',
  controls: readonly ControlSent[] = [],
): Buffer {
  return message(
    id,
    tag,
    (writer) => {
      writer.writeEnumeration(code);
      writer.writeString('');
      writer.writeString(text);
    },
    controls,
  );
}

export const pagedType = '1.2.840.113556.1.4.319';

export function pageCookie(cookie: Buffer): ControlSent {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(0);
  writer.writeBuffer(cookie, 0x04);
  writer.endSequence();
  return { type: pagedType, value: writer.buffer };
}

export function pageAsked(
  controls: readonly ControlSent[],
): { readonly size: number; readonly cookie: string } | undefined {
  const value = controls.find(({ type }) => type === pagedType)?.value;
  const [size, cookie] = value === undefined ? [] : (elements(value)[0]?.parts ?? []);
  if (size === undefined || cookie === undefined) return undefined;
  return { size: size.content.readUIntBE(0, size.content.length), cookie: cookie.content.toString() };
}

export const dirSyncType = '1.2.840.113556.1.4.841';

export function dirSyncCookie(more: boolean, cookie: string): ControlSent {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(more ? 1 : 0);
  writer.writeInt(0);
  writer.writeBuffer(Buffer.from(cookie), 0x04);
  writer.endSequence();
  return { type: dirSyncType, value: writer.buffer };
}

export function dirSyncAsked(controls: readonly ControlSent[]): string | undefined {
  const value = controls.find(({ type }) => type === dirSyncType)?.value;
  return value === undefined ? undefined : elements(value)[0]?.parts[2]?.content.toString();
}
