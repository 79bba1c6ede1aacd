import {
  type Dn,
  type ObjectGuid,
  objectGuidFromBytes,
  objectGuidToBytes,
  type Sid,
  sidFromBytes,
} from '../../model/index.ts';
import type { NdrReader, NdrWriter } from './ndr.ts';

/** A name as replication writes it: GUID, SID and DN, each of which may be absent ([MS-DRSR] 5.50). */
export interface DsName {
  readonly guid: ObjectGuid;
  readonly sid: Sid | undefined;
  readonly dn: Dn;
}

const fixedLength = 56;
const sidLength = 28;
/** A DN of AD has at most 2,048 characters of RDN each; this is far above what a name is. */
const maxNameLength = 0x10000;

export function writeDsName(writer: NdrWriter, name: { readonly guid: ObjectGuid } | { readonly dn: Dn }): void {
  const dn = 'dn' in name ? name.dn : '';
  writer
    .align(4)
    .u32(dn.length + 1)
    .u32(fixedLength + 2 * (dn.length + 1))
    .u32(0)
    .bytes('guid' in name ? objectGuidToBytes(name.guid) : new Uint8Array(16))
    .zero(sidLength)
    .u32(dn.length)
    .bytes(Buffer.from(`${dn}\0`, 'utf16le'));
}

export function readDsName(reader: NdrReader): DsName {
  reader.align(4);
  const max = reader.count(2);
  if (max > maxNameLength) reader.fail(`a name of ${max} characters`);
  reader.skip(4);
  const usedOfSid = reader.u32();
  const guid = objectGuidFromBytes(reader.take(16)) ?? reader.fail('a name without GUID');
  const sid = reader.take(sidLength);
  if (usedOfSid > sidLength) reader.fail(`a SID of ${usedOfSid} bytes`);
  const length = reader.u32();
  const name = reader.take(2 * max);
  if (length >= max && max > 0) reader.fail(`a name of ${length} characters in room for ${max}`);
  return {
    guid,
    sid: usedOfSid === 0 ? undefined : sidFromBytes(sid.subarray(0, usedOfSid)),
    dn: name.toString('utf16le', 0, 2 * length) as Dn,
  };
}
