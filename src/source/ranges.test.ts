import { expect, test } from 'vitest';
import { openDoubles } from '../../test/directory/connect.ts';
import { type DoubleEntry, guidBytes, startDouble } from '../../test/directory/index.ts';
import { entryMessage, resultMessage } from '../../test/directory/messages.ts';
import { request } from '../../test/samba/connect.ts';
import { Mirror } from '../../test/samba/mirror.ts';

const base = 'DC=double,DC=test';

function group(members: readonly string[], more: Readonly<Record<string, readonly string[]>> = {}): DoubleEntry {
  return {
    dn: `CN=everyone,${base}`,
    attributes: {
      objectClass: ['top', 'group'],
      objectGUID: [guidBytes(1)],
      cn: ['everyone'],
      member: members,
      ...more,
    },
  };
}

const dns = (count: number): string[] => Array.from({ length: count }, (_, i) => `CN=u${i},OU=People,${base}`);

async function readGroup(entries: readonly DoubleEntry[], answer?: Parameters<typeof startDouble>[0]) {
  await using double = await startDouble({ entries, ...answer });
  await using source = openDoubles([double]);
  const mirror = new Mirror();
  const reading = await mirror.take(source.full(request()));
  const held = mirror.links.get(mirror.find('CN=everyone')?.guid ?? ('' as never))?.get('member');
  return { double, mirror, reading, members: [...(held?.values() ?? [])].map(({ dn }) => dn) };
}

test.each([0, 1, 1499, 1500, 1501, 3000, 3001, 4500])(
  'a group of %i members comes with each of them once',
  async (count) => {
    const { members, double } = await readGroup([group(dns(count))]);
    expect(members).toEqual(dns(count));
    expect(double.valuesSent).toBeLessThan(count + 50);
  },
);

test('a group of 250,000 members comes in ranges, each value once on the wire and never more than a range at once', async () => {
  const { members, double, reading } = await readGroup([group(dns(250_000))]);
  expect(members).toHaveLength(250_000);
  expect(double.valuesSent).toBeLessThan(250_050);
  const largest = Math.max(
    ...reading.changes.map((change) =>
      change.type === 'links' && change.part.kind !== 'changed' ? change.part.values.length : 0,
    ),
  );
  expect(largest).toBe(1500);
});

test('other attributes with many values come whole', async () => {
  const telephones = Array.from({ length: 3200 }, (_, i) => `+41 ${i}`);
  const { mirror } = await readGroup([group(dns(2), { otherTelephone: telephones })]);
  expect(mirror.find('CN=everyone')?.attributes['otherTelephone']).toEqual(telephones);
});

test('a list that shrinks while it is read ends where it ends', async () => {
  const entry = group(dns(4000));
  const shrunk = { ...entry, attributes: { ...entry.attributes } };
  const entries = [shrunk];
  const { members } = await readGroup(entries, {
    answer: (asked) => {
      if (asked.type === 'search' && asked.attributes.some((name) => name.includes('range=1500')))
        Object.assign(shrunk.attributes, { member: dns(1200) });
      return false;
    },
  });
  expect(members).toEqual(dns(1500));
});

test('a server that begins the list again is not believed', async () => {
  const reading = readGroup([group(dns(4000))], {
    answer: (asked, connection) => {
      if (asked.type !== 'search' || !asked.attributes.some((name) => name.includes('range=1500'))) return false;
      connection.send(entryMessage(asked.id, `CN=everyone,${base}`, [['member;range=0-1499', dns(1500)]]));
      connection.send(resultMessage(asked.id, 0x65, 0));
      return true;
    },
  });
  await expect(reading).rejects.toThrow('asked for member of');
});
