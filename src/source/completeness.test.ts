import { expect, test } from 'vitest';
import { openDoubles } from '../../test/directory/connect.ts';
import { type DoubleEntry, type DoubleOptions, guidBytes, startDouble } from '../../test/directory/index.ts';
import { entryMessage, pageAsked, pageCookie, referenceMessage, resultMessage } from '../../test/directory/messages.ts';
import { request } from '../../test/samba/connect.ts';
import { Mirror, type Reading } from '../../test/samba/mirror.ts';
import type { SourceChange } from './index.ts';

/** A read that is not provably complete never says that it is: absence would be taken for deletion. */

const users = (count: number, base = 'DC=double,DC=test'): readonly DoubleEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    dn: `CN=u${i},${base}`,
    attributes: {
      objectClass: ['top', 'person', 'user'],
      objectGUID: [guidBytes(1 + i)],
      cn: [`u${i}`],
      uSNChanged: ['5'],
    },
  }));

async function read(options: DoubleOptions, more: { readonly pageSize?: number; readonly expected?: number } = {}) {
  await using double = await startDouble(options);
  await using source = openDoubles([double]);
  return await new Mirror().take(source.full(request(more)));
}

async function reasonOf(reading: Promise<Reading>): Promise<string> {
  return await reading.then(
    ({ objects }) => `complete with ${objects} objects`,
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** What the double does in place of a page of the read itself. */
function onPages(
  answer: (
    page: { id: number; size: number; cookie: string },
    send: (bytes: Buffer) => void,
    end: () => void,
  ) => boolean,
): NonNullable<DoubleOptions['answer']> {
  return (asked, connection) => {
    const page = asked.type === 'search' ? pageAsked(asked.controls) : undefined;
    if (page === undefined) return false;
    return answer({ id: asked.id, ...page }, connection.send, connection.end);
  };
}

const done = (id: number, cookie: string, code = 0): Buffer =>
  resultMessage(id, 0x65, code, '', [pageCookie(Buffer.from(cookie))]);
const rootEntry = (id: number): Buffer =>
  entryMessage(id, 'DC=double,DC=test', [
    ['objectClass', ['domainDNS']],
    ['objectGUID', [guidBytes(0)]],
  ]);
const userEntry = (id: number, n: number, base?: string): Buffer => {
  const [entry] = users(1, base);
  return entryMessage(id, entry?.dn.replace('u0', `u${n}`) ?? '', [
    ['objectClass', ['user']],
    ['objectGUID', [guidBytes(n)]],
  ]);
};

test('all pages, the domain itself among them, are complete', async () => {
  expect((await read({ entries: users(25) }, { pageSize: 10 })).objects).toBe(26);
});

test('a page without entries is not the last one', async () => {
  const answer = onPages(({ id, cookie }, send) => {
    if (cookie === '') send(done(id, 'a'));
    else if (cookie === 'a') {
      send(rootEntry(id));
      send(done(id, 'b'));
    } else if (cookie === 'b') send(done(id, 'c'));
    else {
      send(userEntry(id, 7));
      send(done(id, ''));
    }
    return true;
  });
  expect(await reasonOf(read({ answer }))).toBe('complete with 2 objects');
});

test.each([
  [3, 'a limit of the server'],
  [4, 'a limit of the server'],
  [11, 'a limit of the server'],
  [10, 'it refers to'],
  [1, 'refused a read'],
  [50, 'refused a read'],
  [51, 'it is busy'],
])('a result of %i in the middle ends the read', async (code, reason) => {
  const answer = onPages(({ id, cookie }, send) => {
    if (cookie === '') return false;
    send(userEntry(id, 7));
    send(done(id, '', code));
    return true;
  });
  expect(await reasonOf(read({ entries: users(25), answer }, { pageSize: 10 }))).toContain(reason);
});

test('a reference to another server ends the read', async () => {
  const answer = onPages(({ id }, send) => {
    send(rootEntry(id));
    send(referenceMessage(id, 'ldap://child.double.test/DC=child,DC=double,DC=test'));
    send(done(id, ''));
    return true;
  });
  expect(await reasonOf(read({ answer }))).toContain('ldap://child.double.test');
});

test('a page that does not say whether it is the last ends the read', async () => {
  const answer = onPages(({ id }, send) => {
    send(rootEntry(id));
    send(resultMessage(id, 0x65, 0));
    return true;
  });
  expect(await reasonOf(read({ answer }))).toContain('whether there are more pages');
});

test('a read without the domain itself is not complete', async () => {
  const answer = onPages(({ id }, send) => {
    send(userEntry(id, 7));
    send(done(id, ''));
    return true;
  });
  expect(await reasonOf(read({ answer }))).toContain('DC=double,DC=test itself was not among the objects');
});

test('a server that repeats a page without end is stopped', async () => {
  let pages = 0;
  const answer = onPages(({ id }, send) => {
    pages += 1;
    send(rootEntry(id));
    send(userEntry(id, 7));
    send(done(id, 'again'));
    return true;
  });
  expect(await reasonOf(read({ answer }))).toContain('again');
  expect(pages).toBeLessThan(5);
});

test('a server that sends empty pages without end is stopped', async () => {
  let pages = 0;
  const answer = onPages(({ id }, send) => {
    pages += 1;
    send(done(id, 'more'));
    return true;
  });
  expect(await reasonOf(read({ answer }))).toContain('empty pages without end');
  expect(pages).toBeLessThan(1100);
});

test('more entries on a page than asked for, or of another domain, are not believed', async () => {
  const many = onPages(({ id, size }, send) => {
    for (let n = 0; n <= size; n += 1) send(userEntry(id, n));
    return true;
  });
  expect(await reasonOf(read({ answer: many }, { pageSize: 10 }))).toContain('more entries than the 10 asked for');
  const elsewhere = onPages(({ id }, send) => {
    send(rootEntry(id));
    send(userEntry(id, 7, 'DC=other,DC=test'));
    send(done(id, ''));
    return true;
  });
  expect(await reasonOf(read({ answer: elsewhere }))).toContain('lies outside');
});

test('a full read that is sent a deleted object deletes nothing', async () => {
  const answer = onPages(({ id }, send) => {
    send(rootEntry(id));
    send(
      entryMessage(id, 'CN=u7,DC=double,DC=test', [
        ['objectClass', ['user']],
        ['objectGUID', [guidBytes(7)]],
        ['isDeleted', ['TRUE']],
      ]),
    );
    send(done(id, ''));
    return true;
  });
  expect(await reasonOf(read({ answer }))).toContain('deleted objects that nobody asked for');
});

test.each(['without an end', 'without a step'])(
  'changes promised %s end the read',
  async (how) => {
    let asked = 0;
    await using double = await startDouble({
      dirSync: () => {
        asked += 1;
        return { entries: [], cookie: how === 'without an end' ? `page ${asked}` : 'page', more: true };
      },
    });
    await using source = openDoubles([double]);
    expect(await reasonOf(new Mirror().take(source.full(request())))).toContain('promises more changes and gives none');
    expect(asked).toBeLessThan(21_000);
  },
  60_000,
);

test('far fewer objects than the last time are not believed, a few fewer are', async () => {
  const few = read({ entries: users(40) }, { expected: 100 });
  expect(await reasonOf(few)).toContain('40 objects where 100 were known');
  // Whoever believes it has every deletion held.
  await expect(few).rejects.toMatchObject({ remedy: expect.stringContaining('{ count: 1, percent: 100 }') });
  expect(await reasonOf(read({ entries: users(60) }, { expected: 100 }))).toBe('complete with 61 objects');
  expect(await reasonOf(read({ entries: users(5) }, { expected: 90 }))).toBe('complete with 6 objects');
});

test('containers alone are not believed to be all that is left', async () => {
  const units: readonly DoubleEntry[] = Array.from({ length: 200 }, (_, i) => ({
    dn: `OU=o${i},DC=double,DC=test`,
    attributes: { objectClass: ['top', 'organizationalUnit'], objectGUID: [guidBytes(1000 + i)] },
  }));
  const entries = [...units, ...users(10)];
  expect(await reasonOf(read({ entries }, { expected: 100 }))).toContain('10 objects where 100 were known');
});

test('a controller lost in the middle of a read is followed by the next one, from the start', async () => {
  const entries = users(30);
  await using first = await startDouble({
    entries,
    answer: onPages(({ cookie }, _, end) => {
      if (cookie === '20') end();
      return cookie === '20';
    }),
  });
  await using second = await startDouble({ entries });
  await using source = openDoubles([first, second], { retryDelays: [1] });
  const reading = await new Mirror().take(source.full(request({ pageSize: 10 })));
  expect([reading.server, reading.objects, reading.watermark]).toMatchObject([second.url, 31, { server: second.url }]);
  expect(first.connections).toBe(1);
});

test('a connection that ends in the middle of a page ends the read', async () => {
  const seen: SourceChange[] = [];
  await using double = await startDouble({
    entries: users(30),
    answer: onPages(({ id, cookie }, send, end) => {
      if (cookie !== '20') return false;
      send(userEntry(id, 7));
      end();
      return true;
    }),
  });
  await using source = openDoubles([double], { retryDelays: [] });
  const reading = (async () => {
    for await (const event of source.full(request({ pageSize: 10 }))) {
      if (event.type === 'page') seen.push(...event.changes);
      if (event.type === 'complete') throw new Error('the read says it is complete');
    }
  })();
  await expect(reading).rejects.toThrow(`The connection to ${double.url} was lost`);
  expect(seen.length).toBeGreaterThan(0);
});
