import { expect, test } from 'vitest';
import type { Contacts } from '../src/engine/index.ts';
import { LastContacts } from './last-contacts.ts';

const contacts = (used: number): Contacts => ({
  connectors: [],
  quota: { limit: 3000, used, window: 150_000, pause: 0 },
});

test('tells what was known last while the engine is at work, and asks it once', async () => {
  let asked = 0;
  let answer = Promise.resolve(contacts(1));
  const last = new LastContacts({
    contacts: () => {
      asked += 1;
      return answer;
    },
  });
  expect(await last.get()).toEqual(contacts(1));
  const busy = Promise.withResolvers<Contacts>();
  answer = busy.promise;
  expect(await Promise.all([last.get(), last.get()])).toEqual([contacts(1), contacts(1)]);
  expect(asked).toBe(2);
  busy.resolve(contacts(2));
  answer = Promise.resolve(contacts(3));
  expect(await last.get()).toEqual(contacts(2));
  expect(await last.get()).toEqual(contacts(3));
});

test('goes by what it knows when the engine goes away', async () => {
  const last = new LastContacts({ contacts: () => Promise.reject(new Error('closed')) });
  expect(await last.get()).toEqual({ connectors: [], quota: null });
});
