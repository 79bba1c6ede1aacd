import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DashboardLinks } from './links.ts';
import { Sessions } from './sessions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const now = (): Date => new Date();
const minute = 60_000;
const ada = { role: 'operator', actor: 'ada' } as const;

test('a session is found by both its halves, and tells whom it speaks for', () => {
  const sessions = new Sessions(now);
  const { opened } = sessions.open(ada);
  const other = sessions.open({ role: 'reader', actor: 'grace' }).opened;
  expect(sessions.find(opened)).toMatchObject(ada);
  expect(sessions.find(other)).toMatchObject({ role: 'reader', actor: 'grace' });
  for (const proof of [
    { ...opened, key: other.key },
    { ...opened, cookie: other.cookie },
    { ...opened, key: '' },
    { ...opened, cookie: '' },
    { cookie: opened.key, key: opened.cookie },
  ]) {
    expect(sessions.find(proof)).toBeUndefined();
  }
});

test('a session lasts as long as it is used, and half an hour more', () => {
  const sessions = new Sessions(now);
  const { opened } = sessions.open(ada);
  for (let i = 0; i < 5; i += 1) {
    vi.advanceTimersByTime(29 * minute);
    expect(sessions.find(opened)).toBeDefined();
  }
  const { ended } = sessions.find(opened) ?? {};
  vi.advanceTimersByTime(29 * minute);
  expect(ended?.aborted).toBe(false);
  vi.advanceTimersByTime(minute);
  expect(ended?.aborted).toBe(true);
  expect(sessions.find(opened)).toBeUndefined();
});

test('a session ends after twelve hours, however much it is used', () => {
  const sessions = new Sessions(now);
  const { opened } = sessions.open(ada);
  const { ended } = sessions.find(opened) ?? {};
  for (let i = 0; i < 12 * 4 - 1; i += 1) {
    vi.advanceTimersByTime(15 * minute);
    expect(sessions.find(opened)).toBeDefined();
  }
  vi.advanceTimersByTime(15 * minute);
  expect(sessions.find(opened)).toBeUndefined();
  expect(ended?.aborted).toBe(true);
});

test('guessing at the key of a session does not keep it alive', () => {
  const sessions = new Sessions(now);
  const { opened } = sessions.open(ada);
  vi.advanceTimersByTime(20 * minute);
  expect(sessions.find({ ...opened, key: 'x' })).toBeUndefined();
  vi.advanceTimersByTime(10 * minute);
  expect(sessions.find(opened)).toBeUndefined();
});

test('of too many sessions the oldest ends', () => {
  const sessions = new Sessions(now);
  const all = Array.from({ length: 33 }, () => sessions.open(ada).opened);
  expect(all.map((proof) => sessions.find(proof) !== undefined)).toEqual([false, ...Array(32).fill(true)]);
});

test('a link opens for a minute, once; used again, what it opened ends', () => {
  const links = new DashboardLinks(now);
  const end = vi.fn();
  const open = (holder: unknown) => ({ opened: holder, end });
  const { code, expiresAt } = links.make(ada);
  expect(expiresAt.getTime() - now().getTime()).toBe(minute);
  expect(links.use('other', open)).toBeUndefined();
  expect(links.use(code, open)).toEqual(ada);
  expect(end).not.toHaveBeenCalled();
  expect(links.use(code, open)).toBeUndefined();
  expect(end).toHaveBeenCalledOnce();
  const late = links.make(ada);
  vi.advanceTimersByTime(minute);
  expect(links.use(late.code, open)).toBeUndefined();
  expect(end).toHaveBeenCalledOnce();
});

test('of too many links the oldest is void', () => {
  const links = new DashboardLinks(now);
  const [first, second] = Array.from({ length: 33 }, () => links.make(ada));
  const open = () => ({ opened: true, end() {} });
  expect(links.use(first?.code ?? '', open)).toBeUndefined();
  expect(links.use(second?.code ?? '', open)).toBe(true);
});
