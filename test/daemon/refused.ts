import { expect } from 'vitest';
import type { Answer } from './http.ts';

/** Refused with a problem document that tells nothing of the inside. */
export function expectRefused(answer: Answer, code: string, httpStatus: number): void {
  expect({ status: answer.status, ...(JSON.parse(answer.text) as object) }).toMatchObject({ status: httpStatus, code });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.text).not.toMatch(/\bat .*:\d+|node_modules|\/work|stack/);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
}
