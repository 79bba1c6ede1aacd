import { NdrReader, NdrWriter } from './ndr.ts';

/** A domain controller as its domain lists it. */
export interface ListedController {
  readonly dnsHostName: string;
  /** Of its settings object, the name by which replication partners know each other. */
  readonly dsaGuid: string;
}

const strings = 7;
const dnsHostName = 1;

export function encodeDomainControllerInfo(handle: Uint8Array, domain: string): Buffer {
  return new NdrWriter()
    .bytes(handle)
    .u32(1)
    .u32(1)
    .pointer()
    .u32(2)
    .u32(domain.length + 1)
    .u32(0)
    .u32(domain.length + 1)
    .bytes(Buffer.from(`${domain}\0`, 'utf16le'))
    .align(4)
    .finish();
}

/** The status, the stub's last word, is looked at before. */
export function decodeDomainControllerInfo(stub: Uint8Array, server: string): readonly ListedController[] {
  const reader = new NdrReader(stub, server, 'reply to DRSDomainControllerInfo');
  reader.expect(reader.u32(), 2, 'the version');
  reader.expect(reader.u32(), 2, 'the union');
  reader.skip(4);
  if (!reader.pointer()) return [];
  const items = Array.from({ length: reader.count(104) }, () => {
    const present = Array.from({ length: strings }, () => reader.pointer());
    // Three flags, and the GUIDs of site, computer and server.
    reader.skip(12 + 48);
    return { present, dsaGuid: reader.guid() };
  });
  return items.map(({ present, dsaGuid }) => {
    const texts = present.map((there) => (there ? reader.wideString() : ''));
    return { dnsHostName: texts[dnsHostName] ?? '', dsaGuid };
  });
}
