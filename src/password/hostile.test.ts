import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attack, hostile, readBy } from '../../test/password/attack.ts';
import { CloudSyncError } from '../model/index.ts';
import { drsuapi } from './drsr/interface.ts';
import { messages, readers } from './hostile.ts';
import { RpcConnection } from './rpc/connection.ts';
import vectors from './vectors/replication.json' with { type: 'json' };

test.each(Object.entries(readers))(
  'the reader of a %s takes the known one, so that altering it goes deep',
  (_, reader) => {
    expect(messages.some((bytes) => readBy(reader, bytes) === 'value')).toBe(true);
  },
);

test('10,000 hostile messages are read or refused by their cause, whatever reads them', () => {
  const { values, refused } = attack(Object.values(readers), messages, 10_000);
  expect(values + refused).toBeGreaterThanOrEqual(10_000);
  expect(values).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(1000);
});

test('a server that answers so over the wire ends the connection by an error of a known cause', async () => {
  let answers: readonly Buffer[] = [];
  const accept = Buffer.from(vectors.drsBind.packets[1] ?? '', 'hex');
  const server = createServer((socket) => {
    let next = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      const answer = answers[next];
      next += 1;
      if (answer === undefined) socket.destroy();
      else if (next === answers.length) socket.end(answer);
      else socket.write(answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = { server: '127.0.0.1', port, interface: drsuapi };
  const signal = new AbortController().signal;
  const talk = async (): Promise<void> => {
    using connection = await RpcConnection.open(endpoint, undefined, signal);
    await connection.call(3, Buffer.alloc(24), signal);
  };
  await fc.assert(
    fc.asyncProperty(fc.boolean(), hostile(messages), async (afterBind, bytes) => {
      answers = afterBind ? [accept, bytes] : [bytes];
      await talk().catch((error: unknown) => {
        if (!(error instanceof CloudSyncError)) throw error;
      });
    }),
    { numRuns: 300 },
  );
  server.close();
  await once(server, 'close');
});
