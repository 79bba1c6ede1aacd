import { type Dn, type ObjectGuid, objectGuidToBytes } from '../../model/index.ts';
import { writeDsName } from './dsname.ts';
import { NdrWriter } from './ndr.ts';

/** How far a copy of a naming context has come, in the source's own numbers. */
export interface UsnVector {
  readonly objectUpdate: bigint;
  readonly reserved: bigint;
  readonly propertyUpdate: bigint;
}

export const fromTheStart: UsnVector = { objectUpdate: 0n, reserved: 0n, propertyUpdate: 0n };

/** Up to which USN everything that originated on one domain controller has been seen. */
export interface UpToDateCursor {
  readonly invocationId: ObjectGuid;
  readonly usn: bigint;
}

export interface NcChangesRequest {
  readonly handle: Uint8Array;
  /** The domain controller's own settings object: Windows wants one that exists. */
  readonly destination: ObjectGuid;
  readonly invocationId: ObjectGuid | undefined;
  /** The whole naming context by its DN, or one object by its GUID. */
  readonly what: { readonly dn: Dn } | { readonly guid: ObjectGuid };
  readonly from: UsnVector;
  readonly upToDate: readonly UpToDateCursor[] | undefined;
  /** ATTIDs by the standard prefix table. */
  readonly attributes: readonly number[];
  readonly maxObjects: number;
  readonly maxBytes: number;
}

/** INIT_SYNC and WRIT_REP: a writable copy. */
const flags = 0x30;
const singleObject = 6;

/** IDL_DRSGetNCChanges, request version 8 ([MS-DRSR] 4.1.10.2.4). No prefix table: the ids of the base schema are fixed. */
export function encodeNcChanges(request: NcChangesRequest): Buffer {
  const { what, from, upToDate, attributes } = request;
  const writer = new NdrWriter().bytes(request.handle).u32(8).u32(8).align(8);
  writer.bytes(objectGuidToBytes(request.destination));
  writer.bytes(request.invocationId === undefined ? new Uint8Array(16) : objectGuidToBytes(request.invocationId));
  writer.pointer().align(8).u64(from.objectUpdate).u64(from.reserved).u64(from.propertyUpdate);
  if (upToDate === undefined) writer.null();
  else writer.pointer();
  writer.u32(flags).u32(request.maxObjects).u32(request.maxBytes);
  writer
    .u32('guid' in what ? singleObject : 0)
    .align(8)
    .u64(0n);
  writer.pointer().null().u32(0).null();
  writeDsName(writer, what);
  if (upToDate !== undefined) writeCursors(writer, upToDate);
  writer.align(4).u32(attributes.length).u32(1).u32(0).u32(attributes.length);
  for (const id of attributes) writer.u32(id);
  return writer.finish();
}

function writeCursors(writer: NdrWriter, cursors: readonly UpToDateCursor[]): void {
  // The count stands before the structure, which holds 8-byte numbers and is aligned to them.
  writer.align(4).u32(cursors.length).align(8).u32(1).u32(0).u32(cursors.length).u32(0);
  for (const { invocationId, usn } of cursors) writer.bytes(objectGuidToBytes(invocationId)).u64(usn);
}
