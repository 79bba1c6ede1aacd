import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { documentedCases } from './documented-cases.ts';
import { dialects, functions, runCase } from './index.ts';
import { connectCases, type OwnCase, provisioningCases } from './own-cases.ts';

const surroundings = { now: () => new Date(), random: (bound: number) => randomInt(bound) };

function check(dialect: string, { expression, with: inputs = {}, gives, fails, ignored }: OwnCase): void {
  const {
    id: _,
    code: __,
    ...answer
  } = { code: undefined, ...runCase({ id: 'own', dialect, expression, inputs }, surroundings) };
  if (fails !== undefined) expect(answer).toEqual({ error: expect.stringContaining(fails) });
  else if (ignored === true) expect(answer).toEqual({ ignored });
  else expect(answer).toEqual({ result: gives });
}

describe('provisioning', () => {
  test.for(provisioningCases)('$expression with $with', (example) => check('provisioning', example));
});

describe('connect', () => {
  test.for(connectCases)('$expression with $with', (example) => check('connect', example));
});

test('every function of both dialects has an example', () => {
  const examples = {
    provisioning: [...provisioningCases, ...documentedCases.filter(({ dialect }) => dialect !== 'connect')],
    connect: [...connectCases, ...documentedCases.filter(({ dialect }) => dialect === 'connect')],
  };
  const called = (expressions: readonly { readonly expression: string }[]): ReadonlySet<string> =>
    new Set(
      expressions.flatMap(({ expression }) =>
        [...expression.matchAll(/(\w+)\(/g)].map(([, name = '']) => name.toLowerCase()),
      ),
    );
  const inBoth = called([...examples.provisioning, ...examples.connect]);
  for (const { name, dialects: of } of functions) {
    const [only, other] = of;
    const wanted = only !== undefined && other === undefined ? called(examples[only]) : inBoth;
    expect(wanted, name).toContain(name.toLowerCase());
  }
  expect(dialects).toEqual(['provisioning', 'connect']);
});
