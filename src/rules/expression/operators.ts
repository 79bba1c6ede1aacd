import type { Operator } from './ast.ts';
import { together } from './definition.ts';
import { integer, toBigInt } from './number.ts';
import { type Evaluate, type Scope, settled } from './scope.ts';
import {
  equal,
  holds,
  isList,
  Mismatch,
  numberOf,
  order,
  type Result,
  type Scalar,
  textOf,
  type Value,
} from './value.ts';

/** Larger numbers than directories hold; what multiplies beyond them is stopped. */
const largest = 2n ** 127n;

export interface CompiledStep {
  readonly operator: Operator;
  readonly operand: Evaluate;
  readonly at: number;
}

/** Left to right; `&&` and `||` stop as soon as the outcome is clear. */
export function chain(first: Evaluate, steps: readonly CompiledStep[]): Evaluate {
  return (scope) => {
    let left = settled(first(scope));
    for (const { operator, operand, at } of steps) {
      scope.step();
      if (operator === '&&') left = holds(left) && holds(settled(operand(scope)));
      else if (operator === '||') left = holds(left) || holds(settled(operand(scope)));
      else {
        const right = settled(operand(scope));
        scope.at = at;
        left = settled(
          together([left, right], [true, true], scope, ([a, b]) => apply(operator, single(a), single(b), scope)),
        );
      }
    }
    return left;
  };
}

function single(value: Value | undefined): Scalar | null {
  if (isList(value)) throw new Mismatch('several values stand where one is needed');
  return value ?? null;
}

function apply(operator: Exclude<Operator, '&&' | '||'>, a: Scalar | null, b: Scalar | null, scope: Scope): Result {
  switch (operator) {
    case '=':
      return equal(a, b);
    case '<>':
      return !equal(a, b);
    case '>':
      return (order(a, b) ?? 0) > 0;
    case '<':
      return (order(a, b) ?? 0) < 0;
    case '>=':
      return (order(a, b) ?? -1) >= 0;
    case '<=':
      return (order(a, b) ?? 1) <= 0;
    case '&': {
      const joined = (a === null ? '' : textOf(a)) + (b === null ? '' : textOf(b));
      scope.grow(joined.length);
      return joined;
    }
    case '+':
    case '-':
    case '*':
      return a === null || b === null ? null : calculate(operator, numberOf(a), numberOf(b));
    default:
      return operator satisfies never;
  }
}

function calculate(operator: '+' | '-' | '*', a: number | bigint, b: number | bigint): number | bigint {
  if (isWhole(a) && isWhole(b)) {
    const [x, y] = [toBigInt(a), toBigInt(b)];
    const result = operator === '+' ? x + y : operator === '-' ? x - y : x * y;
    if (result > largest || result < -largest) throw new Mismatch('the number gets too large');
    return integer(result);
  }
  const [x, y] = [Number(a), Number(b)];
  const result = operator === '+' ? x + y : operator === '-' ? x - y : x * y;
  if (!Number.isFinite(result)) throw new Mismatch('the number gets too large');
  return result;
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}
