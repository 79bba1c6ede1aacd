import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { NoEndpointError } from '../errors.ts';
import { ndr, type RpcInterface, rpcInterface } from './bind.ts';
import { RpcConnection } from './connection.ts';

const mapper = rpcInterface('e1af8308-5d1f-11c9-91a4-08002b14a0fa', 3);
const mapperPort = 135;
const mapOperation = 3;
const maxTowers = 4;

/** What the floors of a tower are of (C706 appendix I). */
const floor = { uuid: 0x0d, connectionOriented: 0x0b, tcp: 0x07, ip: 0x09 } as const;

/** Asks the endpoint mapper for the TCP port of an interface (ept_map). No sign-in: the answer is only a place to knock. */
export async function findPort(server: string, wanted: RpcInterface, signal: AbortSignal): Promise<number> {
  using connection = await RpcConnection.open({ server, port: mapperPort, interface: mapper }, undefined, signal);
  return decodeMapReply(await connection.call(mapOperation, encodeMap(wanted), signal), server);
}

export function encodeMap(wanted: RpcInterface): Buffer {
  const tower = towerOf(wanted);
  return new ByteWriter()
    .u32(1)
    .zero(16)
    .u32(2)
    .u32(tower.length)
    .u32(tower.length)
    .bytes(tower)
    .align(4)
    .zero(20)
    .u32(maxTowers)
    .finish();
}

function towerOf(wanted: RpcInterface): Buffer {
  const tower = new ByteWriter().u16(5);
  for (const { uuid, version } of [wanted, ndr]) {
    tower.u16(19).u8(floor.uuid).bytes(uuid).u16(version).u16(2).u16(0);
  }
  tower.u16(1).u8(floor.connectionOriented).u16(2).u16(0);
  tower.u16(1).u8(floor.tcp).u16(2).u16be(mapperPort);
  return tower.u16(1).u8(floor.ip).u16(4).zero(4).finish();
}

export function decodeMapReply(stub: Uint8Array, server: string): number {
  const reader = new ByteReader(stub, server, 'answer of the endpoint mapper');
  reader.skip(20);
  const announced = reader.u32();
  reader.skip(8);
  const count = reader.count(4);
  if (count > maxTowers || announced > maxTowers) reader.fail(`${count} towers`);
  reader.skip(4 * count);
  let port: number | undefined;
  for (let i = 0; i < count; i += 1) {
    reader.skip(4);
    port ??= portOf(new ByteReader(reader.take(reader.u32()), server, 'tower'));
    reader.align(4);
  }
  const status = reader.u32();
  if (port === undefined) {
    throw new NoEndpointError(server, count === 0 ? `error 0x${status.toString(16)}` : 'it is not there over TCP');
  }
  return port;
}

function portOf(tower: ByteReader): number | undefined {
  const floors = tower.u16();
  let port: number | undefined;
  for (let i = 0; i < floors; i += 1) {
    const left = tower.take(tower.u16());
    const right = tower.take(tower.u16());
    if (left[0] === floor.tcp && left.length === 1 && right.length === 2) port = right.readUInt16BE();
  }
  return port === 0 ? undefined : port;
}
