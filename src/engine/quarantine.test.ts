import { expect, test } from 'vitest';
import { WrongPasswordError } from '../source/index.ts';
import { SecretRefusedError, TenantUnreachableError } from '../target/index.ts';
import { afterFailure } from './quarantine.ts';

const settings = {
  failures: 3,
  waits: ['10m', '30m'],
  evaluateFrom: 5000,
  percent: 40,
  objects: 40_000,
  all: 60_000,
};
const now = new Date('2026-01-01T00:00:00.000Z');

test('what is unreachable is tried again at once until it has failed often enough', () => {
  const error = new TenantUnreachableError('contoso.test', 'refused', undefined).report();
  const first = afterFailure(undefined, error, now, settings);
  const second = afterFailure(first, error, now, settings);
  const third = afterFailure(second, error, now, settings);
  expect([first, second, third].map(({ retryAt }) => retryAt)).toEqual([null, null, '2026-01-01T00:10:00.000Z']);
  expect(afterFailure(third, error, now, settings).retryAt).toBe('2026-01-01T00:30:00.000Z');
});

test('a credential that was refused is left alone from the first time on: trying again locks the account', () => {
  for (const error of [
    new WrongPasswordError('dc1', 'svc', 'data 52e', undefined),
    new SecretRefusedError('app', 'AADSTS7000215'),
  ]) {
    expect(afterFailure(undefined, error.report(), now, settings).retryAt).toBe('2026-01-01T00:10:00.000Z');
  }
});
