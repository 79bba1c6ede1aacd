import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDoubles } from '../../test/directory/connect.ts';
import { attack, openBattlefield } from '../../test/directory/hostile.ts';
import { type DoubleEntry, guidBytes, startDouble } from '../../test/directory/index.ts';
import { request } from '../../test/samba/connect.ts';
import { Mirror } from '../../test/samba/mirror.ts';
import { escapeDnValue } from '../model/index.ts';

/** A server that sends anything at all: one clear error with its name, or a read that is what it says. */

test('whatever a server does to its messages ends in a clear error or a read that is complete', async () => {
  await using field = await openBattlefield();
  const outcomes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(attack, async (one) => {
      const outcome = await field.survive(one);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: 800 },
  );
  // The attacks reach every stage: connections lost, answers late, answers unreadable, and harmless changes.
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['complete', 'CS2006', 'CS2007', 'CS2014']));
}, 300_000);

const base = 'DC=double,DC=test';
const value = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.stringMatching(/^[ #"+,;<=>\\\0\n\r]{1,10}$/),
);
const spelling = (name: string) => fc.constantFrom(name, name.toLowerCase(), name.toUpperCase());

test('names with every escape and attributes in any case are read as they are', async () => {
  const people = fc.uniqueArray(value, { minLength: 1, maxLength: 8, selector: (name) => name.toLowerCase() });
  const names = fc.record({
    cn: spelling('cn'),
    displayName: spelling('displayName'),
    objectClass: spelling('objectClass'),
  });
  await fc.assert(
    fc.asyncProperty(people, names, async (values, named) => {
      const entries: readonly DoubleEntry[] = values.map((name, i) => ({
        dn: `CN=${escapeDnValue(name)},${base}`,
        attributes: {
          [named.objectClass]: ['top', 'USER'],
          objectGUID: [guidBytes(1 + i)],
          [named.cn]: [name],
          [named.displayName]: [name],
        },
      }));
      await using double = await startDouble({ entries });
      await using source = openDoubles([double]);
      const mirror = new Mirror();
      await mirror.take(source.full(request({ pageSize: 3 })));
      const users = [...mirror.objects.values()].filter(({ kind }) => kind === 'user');
      expect(users.map(({ dn }) => dn).sort()).toEqual(entries.map(({ dn }) => dn).sort());
      expect(users.map(({ attributes }) => attributes['displayName'])).toEqual(values.map((name) => [name]));
    }),
    { numRuns: 100 },
  );
}, 120_000);

test('values of a megabyte are read, and make the pages smaller', async () => {
  const photo = Buffer.alloc(2 ** 20, 0xd8);
  const entries: readonly DoubleEntry[] = Array.from({ length: 60 }, (_, i) => ({
    dn: `CN=u${i},${base}`,
    attributes: { objectClass: ['user'], objectGUID: [guidBytes(1 + i)], thumbnailPhoto: [photo] },
  }));
  await using double = await startDouble({ entries });
  await using source = openDoubles([double], { readTimeout: 20_000 });
  let bytes = 0;
  for await (const event of source.full(request({ pageSize: 30 }))) {
    if (event.type !== 'page') continue;
    for (const change of event.changes)
      if (change.type === 'object') bytes += change.attributes['thumbnailPhoto']?.[0]?.length ?? 0;
  }
  expect(bytes).toBe(60 * 2 ** 20);
});
