import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { documentedCases } from './documented-cases.ts';
import { runCase } from './index.ts';

const surroundings = { now: () => new Date(), random: (bound: number) => randomInt(bound) };

test.for(documentedCases)('$id: $expression', ({ expected, ...example }) => {
  const { id: _, code: __, ...answer } = { code: undefined, ...runCase(example, surroundings) };
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
    expect(answer).toEqual({ result: expected });
  } else if ('$regex' in expected) {
    expect(answer).toEqual({ result: expect.anything() });
    expect(String('result' in answer ? answer.result : '')).toMatch(new RegExp(String(expected.$regex)));
  } else if ('$ignored' in expected) {
    expect(answer).toEqual({ ignored: true });
  } else {
    expect(answer).toEqual({ error: '$error' in expected ? expected.$error : undefined });
  }
});
