import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of a packet on its way from the server: none is dropped, several are sent, `end` cuts the line. */
export type Fate = readonly Buffer[] | 'end';

export interface RelayOptions {
  /** The server stood in for. */
  readonly to: string;
  /** Ports listened on, and passed on to the same ports. */
  readonly ports: readonly number[];
  /** Sees what the server sends in whole packets: of Kerberos on port 88, of DCE/RPC on others. */
  readonly fate: (packet: Buffer, port: number) => Fate;
  /** Sees what the client sends, in the same way. */
  readonly seen?: ((packet: Buffer, port: number) => void) | undefined;
}

export interface Relay extends AsyncDisposable {
  readonly address: string;
}

/** Sits between a client and a domain controller on a loopback address of its own, and alters what passes. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { address, servers } = await listen(options.ports);
  const sockets = new Set<Socket>();
  for (const server of servers) {
    const { port } = server.address() as AddressInfo;
    server.on('connection', (client) => {
      const upstream = connect(port, options.to);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      packets(client, port, (packet) => {
        options.seen?.(packet, port);
        upstream.write(packet);
      });
      packets(upstream, port, (packet) => {
        const fate = options.fate(packet, port);
        if (fate === 'end') client.end(packet.subarray(0, packet.length >> 1));
        else for (const one of fate) client.write(one);
      });
    });
  }
  return {
    address,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) {
        server.close();
        await once(server, 'close');
      }
    },
  };
}

async function listen(ports: readonly number[]): Promise<{ readonly address: string; readonly servers: Server[] }> {
  for (;;) {
    const [a = 0, b = 0, c = 0] = randomBytes(3);
    const address = `127.${1 + (a % 250)}.${b}.${1 + (c % 250)}`;
    const servers = ports.map((port) => createServer().listen(port, address));
    const all = await Promise.allSettled(servers.map((server) => once(server, 'listening')));
    if (all.every(({ status }) => status === 'fulfilled')) return { address, servers };
    for (const server of servers) server.close();
  }
}

function packets(from: Socket, port: number, take: (packet: Buffer) => void): void {
  let held = Buffer.alloc(0);
  from.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const length = port === 88 ? kerberosLength(held) : rpcLength(held);
      if (length === undefined || held.length < length) return;
      take(Buffer.from(held.subarray(0, length)));
      held = held.subarray(length);
    }
  });
}

function kerberosLength(held: Buffer): number | undefined {
  return held.length < 4 ? undefined : 4 + held.readUInt32BE();
}

function rpcLength(held: Buffer): number | undefined {
  return held.length < 16 ? undefined : held.readUInt16LE(8);
}
