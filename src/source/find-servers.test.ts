import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrder } from './find-servers.ts';
import { DomainControllerUnreachableError, findServers } from './index.ts';

interface Srv {
  readonly priority: number;
  readonly weight: number;
  readonly name: string;
}

/** A DNS server that knows the records of one name. */
async function startDns(name: string, records: readonly Srv[]) {
  const socket = createSocket('udp4');
  const labels = (text: string): Buffer =>
    Buffer.concat([
      ...text.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
      Buffer.of(0),
    ]);
  socket.on('message', (query, { address, port }) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const known = question.subarray(0, -4).toString('latin1').toLowerCase() === labels(name).toString('latin1');
    const answers = (known ? records : []).map(({ priority, weight, name: target }) => {
      const data = Buffer.concat([Buffer.alloc(6), labels(target)]);
      data.writeUInt16BE(priority, 0);
      data.writeUInt16BE(weight, 2);
      data.writeUInt16BE(389, 4);
      const head = Buffer.from([0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, data.length]);
      return Buffer.concat([head, data]);
    });
    const header = Buffer.from([
      ...query.subarray(0, 2),
      0x81,
      known ? 0x80 : 0x83,
      0,
      1,
      0,
      answers.length,
      0,
      0,
      0,
      0,
    ]);
    socket.send(Buffer.concat([header, question, ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    dns: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

test('controllers come from DNS, by priority', async () => {
  await using server = await startDns('_ldap._tcp.dc._msdcs.corp.contoso.test', [
    { priority: 10, weight: 100, name: 'dc3.corp.contoso.test' },
    { priority: 0, weight: 100, name: 'dc1.corp.contoso.test' },
    { priority: 5, weight: 0, name: 'dc2.corp.contoso.test' },
  ]);
  expect(await findServers({ domain: 'corp.contoso.test', dns: server.dns })).toEqual([
    'ldaps://dc1.corp.contoso.test',
    'ldaps://dc2.corp.contoso.test',
    'ldaps://dc3.corp.contoso.test',
  ]);
});

test('a domain DNS does not know is named with the record looked for', async () => {
  await using server = await startDns('_ldap._tcp.dc._msdcs.corp.contoso.test', []);
  const search = findServers({ domain: 'other.test', dns: server.dns });
  await expect(search).rejects.toBeInstanceOf(DomainControllerUnreachableError);
  await expect(search).rejects.toThrow('_ldap._tcp.dc._msdcs.other.test');
});

const record = fc.record({ priority: fc.nat(3), weight: fc.nat(100), name: fc.stringMatching(/^dc[0-9]{1,3}$/) });

test('every controller is there once, and none before one of a lower priority', () => {
  fc.assert(
    fc.property(
      fc.array(record),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true })),
      (records, draws) => {
        const ordered = inOrder(records, () => draws.next().value ?? 0);
        expect(ordered.toSorted(byAll)).toEqual(records.toSorted(byAll));
        for (const [i, one] of ordered.entries()) {
          const next = ordered[i + 1];
          if (next !== undefined) expect(one.priority).toBeLessThanOrEqual(next.priority);
        }
      },
    ),
  );
});

test('of two with one priority the heavier comes first as often as it is heavier', () => {
  const records = [
    { priority: 0, weight: 75, name: 'heavy' },
    { priority: 0, weight: 25, name: 'light' },
  ];
  const draws = Array.from({ length: 1000 }, (_, i) => i / 1000);
  const heavy = draws.filter((draw) => inOrder(records, () => draw)[0]?.name === 'heavy').length;
  expect(heavy).toBeGreaterThan(700);
  expect(heavy).toBeLessThan(800);
});

function byAll(a: Srv, b: Srv): number {
  return a.priority - b.priority || a.weight - b.weight || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
