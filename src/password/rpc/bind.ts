import { objectGuidToBytes, parseObjectGuid } from '../../model/index.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { RpcRefusedError } from '../errors.ts';
import { headerLength, maxFragment, type Pdu } from './pdu.ts';

/** An interface, or a transfer syntax: its UUID in wire order and its version. */
export interface RpcInterface {
  readonly uuid: Uint8Array;
  readonly version: number;
}

export function rpcInterface(uuid: string, version: number): RpcInterface {
  const guid = parseObjectGuid(uuid);
  if (guid === undefined) throw new TypeError(`${uuid} is no UUID`);
  return { uuid: objectGuidToBytes(guid), version };
}

/** The one representation of arguments spoken here, NDR 2.0. */
export const ndr = rpcInterface('8a885d04-1ceb-11c9-9fe8-08002b104860', 2);

const rejections: Readonly<Record<number, string>> = {
  1: 'the interface is not known here',
  2: 'the encoding of arguments is not known here',
  3: 'it has too many connections',
};

/** Body of a bind or an alter_context: one presentation context, number 0. */
export function bindBody({ uuid, version }: RpcInterface): Buffer {
  return new ByteWriter()
    .u16(maxFragment)
    .u16(maxFragment)
    .u32(0)
    .u8(1)
    .zero(3)
    .u16(0)
    .u8(1)
    .zero(1)
    .bytes(uuid)
    .u32(version)
    .bytes(ndr.uuid)
    .u32(ndr.version)
    .finish();
}

/** Checks that the context was accepted; gives the longest fragment the server takes. */
export function checkBindReply({ bytes, bodyEnd }: Pdu, server: string): number {
  const reader = new ByteReader(bytes.subarray(0, bodyEnd), server, 'reply to a bind');
  reader.skip(headerLength);
  reader.skip(2);
  const maxReceived = reader.u16();
  reader.skip(4);
  reader.skip(reader.u16());
  reader.align(4);
  reader.expect(reader.u8(), 1, 'the number of contexts');
  reader.skip(3);
  const result = reader.u16();
  const reason = reader.u16();
  if (result !== 0) throw new RpcRefusedError(server, 'the bind', reason, rejections[reason]);
  reader.skip(16 + 4);
  // Every implementation must take fragments of this length ([MS-RPCE] 2.2.2.5 and C706 12.6.3.1).
  if (maxReceived < 1432) reader.fail(`fragments of at most ${maxReceived} bytes`);
  return maxReceived;
}
