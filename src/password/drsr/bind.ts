import { type ObjectGuid, objectGuidToBytes } from '../../model/index.ts';
import { NdrReader, NdrWriter } from './ndr.ts';

/**
 * What this client can do ([MS-DRSR] 5.39): base, linked values, strong encryption of secrets, requests V6 and V8,
 * application partitions, replies V6. Compression is never offered.
 */
const capabilities = 0x1 | 0x400 | 0x8000 | 0x400000 | 0x800000 | 0x1000000 | 0x4000000;
const extensionsLength = 52;
/** By which clients that are no domain controllers introduce themselves. */
export const client = 'e24d201a-4fd6-11d1-a3da-0000f875ae0d' as ObjectGuid;
const handleLength = 20;

export interface DrsBindReply {
  readonly handle: Buffer;
  readonly epoch: number;
}

export function encodeDrsBind(epoch: number): Buffer {
  return new NdrWriter()
    .pointer()
    .bytes(objectGuidToBytes(client))
    .pointer()
    .u32(extensionsLength)
    .u32(extensionsLength)
    .u32(capabilities)
    .zero(16)
    .u32(0)
    .u32(epoch)
    .u32(0)
    .zero(16)
    .u32(0x7f)
    .finish();
}

/** The status, the stub's last word, is looked at before. */
export function decodeDrsBindReply(stub: Uint8Array, server: string): DrsBindReply {
  const reader = new NdrReader(stub, server, 'reply to DRSBind');
  let epoch = 0;
  if (reader.pointer()) {
    reader.skip(4);
    const extensions = new NdrReader(reader.take(reader.u32()), server, 'extensions of DRSBind');
    // A server of Windows 2000 sends flags, site and process id alone.
    if (extensions.remaining >= 28) {
      extensions.skip(24);
      epoch = extensions.u32();
    }
    reader.align(4);
  }
  return { handle: Buffer.from(reader.take(handleLength)), epoch };
}
