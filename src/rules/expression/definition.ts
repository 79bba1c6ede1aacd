import type { Node } from './ast.ts';
import type { Evaluate, Scope } from './scope.ts';
import { add, perValue, settled } from './scope.ts';
import { isList, Mismatch, type Result, type Scalar, type Value } from './value.ts';

/** The languages of attribute mappings: the provisioning service's with Cloud Sync's additions, and that of Connect's sync rules. */
export const dialects = ['provisioning', 'connect'] as const;
export type Dialect = (typeof dialects)[number];

/** What is known of a value before anything runs. */
export type Kind = 'text' | 'number' | 'boolean' | 'date' | 'bytes' | 'list' | 'null' | 'any';

/** What a function takes in one place. */
export interface ParameterFacts {
  readonly name: string;
  readonly takes: Exclude<Kind, 'null'> | 'condition' | 'variable' | 'word';
  readonly optional: boolean;
  /** The last one may come any number of times. */
  readonly repeated: boolean;
  /** Takes several values together; else the function runs once for each. */
  readonly whole: boolean;
  /** What comes out is this argument, untouched: flow signals pass through it. */
  readonly passes: boolean;
  /** Bare words it knows. */
  readonly words: readonly string[];
  /** Checks a constant before anything runs; says what is wrong with it. */
  readonly check: ((value: Value) => string | undefined) | undefined;
}

/** A parameter and how its value is read; `read` throws `Mismatch`. An argument left out is `undefined`. */
export interface Parameter<T> extends ParameterFacts {
  read(value: Value | undefined): T;
}

/** An argument, compiled. `constant` is there when it is the same for every object. */
export interface Argument {
  readonly evaluate: Evaluate;
  readonly kind: Kind;
  readonly constant: { readonly value: Value } | undefined;
  readonly node: Node;
}

/** One call to be bound. */
export interface Call {
  readonly arguments: readonly (Argument | undefined)[];
  /** The offset of the call in the text. */
  readonly at: number;
  readonly dialect: Dialect;
  /** The slot of the variable the call names, if it names one. */
  readonly slot: number;
  /** Is the call's result the flow's? Only there may it end the flow by a signal. */
  readonly last: boolean;
  /** Notes an attribute the call looks at by a name in its text; gives the directory's spelling. */
  attribute(name: string): string;
  /** Refuses the call, at one of its arguments. */
  refuse(argument: number, reason: string): never;
  refusePattern(argument: number, pattern: string, reason: string): never;
}

export interface FunctionDefinition {
  readonly name: string;
  readonly dialects: readonly Dialect[];
  readonly parameters: readonly ParameterFacts[];
  readonly gives: Kind;
  /** What it does, as documented. */
  readonly meaning: string;
  /** What was decided where the documentation is silent or contradicts itself. */
  readonly choice?: string | undefined;
  /** Depends on more than the object. */
  readonly uses?: 'clock' | 'randomness' | 'uniqueness';
  readonly bind: (call: Call) => Evaluate;
}

type Facts = Omit<FunctionDefinition, 'parameters' | 'bind' | 'dialects'> & { readonly in?: Dialect };

const define = (
  { in: only, ...facts }: Facts,
  parameters: readonly ParameterFacts[],
  bind: FunctionDefinition['bind'],
): FunctionDefinition => ({ ...facts, dialects: only === undefined ? dialects : [only], parameters, bind });

/** A function that evaluates its arguments itself. */
export function special(
  facts: Facts,
  parameters: readonly ParameterFacts[],
  bind: FunctionDefinition['bind'],
): FunctionDefinition {
  return define(facts, parameters, bind);
}

export function nullary(facts: Facts, apply: (scope: Scope) => Value): FunctionDefinition {
  return define(facts, [], () => (scope) => {
    scope.step();
    return apply(scope);
  });
}

export function unary<A>(facts: Facts, a: Parameter<A>, apply: (a: A, scope: Scope) => Value): FunctionDefinition {
  return define(facts, [a], ({ arguments: [first], at }) => {
    const one = (value: Value | undefined, scope: Scope): Value => grown(scope, apply(a.read(value), scope));
    return (scope) => {
      const value = argumentOf(first, scope);
      scope.step();
      scope.at = at;
      return !a.whole && isList(value) ? perValue(value, scope, (v) => one(v, scope)) : one(value, scope);
    };
  });
}

export function binary<A, B>(
  facts: Facts,
  a: Parameter<A>,
  b: Parameter<B>,
  apply: (a: A, b: B, scope: Scope) => Value,
): FunctionDefinition {
  return define(facts, [a, b], ({ arguments: [first, second], at }) => {
    const lifted = [a, b].map(isLifted);
    return (scope) => {
      const x = argumentOf(first, scope);
      const y = argumentOf(second, scope);
      scope.step();
      scope.at = at;
      if (!isList(x) && !isList(y)) return grown(scope, apply(a.read(x), b.read(y), scope));
      return together([x, y], lifted, scope, ([v, w]) => grown(scope, apply(a.read(v), b.read(w), scope)));
    };
  });
}

/** Three or four parameters, the later ones usually optional. */
export function ternary<A, B, C>(
  facts: Facts,
  [a, b, c]: readonly [Parameter<A>, Parameter<B>, Parameter<C>],
  apply: (a: A, b: B, c: C, scope: Scope) => Value,
): FunctionDefinition {
  return define(facts, [a, b, c], (call) =>
    evaluated(call, [a, b, c].map(isLifted), ([x, y, z], scope) => apply(a.read(x), b.read(y), c.read(z), scope)),
  );
}

export function quaternary<A, B, C, D>(
  facts: Facts,
  [a, b, c, d]: readonly [Parameter<A>, Parameter<B>, Parameter<C>, Parameter<D>],
  apply: (a: A, b: B, c: C, d: D, scope: Scope) => Value,
): FunctionDefinition {
  return define(facts, [a, b, c, d], (call) =>
    evaluated(call, [a, b, c, d].map(isLifted), ([w, x, y, z], scope) =>
      apply(a.read(w), b.read(x), c.read(y), d.read(z), scope),
    ),
  );
}

/** A first parameter and any number of a second. */
export function variadic<A, B>(
  facts: Facts,
  a: Parameter<A>,
  rest: Parameter<B>,
  apply: (a: A, rest: readonly B[], scope: Scope) => Value,
): FunctionDefinition {
  return define(facts, [a, rest], (call) =>
    evaluated(
      call,
      call.arguments.map((_, i) => isLifted(i === 0 ? a : rest)),
      ([first, ...others], scope) =>
        apply(
          a.read(first),
          others.map((value) => rest.read(value)),
          scope,
        ),
    ),
  );
}

/** Evaluates all arguments in order and applies, value by value where a list stands in a place for one. */
export function evaluated(
  { arguments: list, at }: Call,
  lifted: readonly boolean[],
  apply: (values: readonly (Value | undefined)[], scope: Scope) => Value,
): Evaluate {
  return (scope) => {
    const values = list.map((argument) => argumentOf(argument, scope));
    scope.step();
    scope.at = at;
    return together(values, lifted, scope, (each) => grown(scope, apply(each, scope)));
  };
}

export function argumentOf(argument: Argument | undefined, scope: Scope): Value | undefined {
  return argument === undefined ? undefined : settled(argument.evaluate(scope));
}

function isLifted({ whole }: ParameterFacts): boolean {
  return !whole;
}

/** Lists that meet in one call run side by side: value by value, so they must be equally long. */
export function together(
  values: readonly (Value | undefined)[],
  lifted: readonly boolean[],
  scope: Scope,
  one: (values: readonly (Value | undefined)[]) => Result,
): Result {
  let length = -1;
  for (const [i, value] of values.entries()) {
    if (lifted[i] !== true || !isList(value)) continue;
    if (length >= 0 && length !== value.length) {
      throw new Mismatch(`lists of ${length} and of ${value.length} values cannot be taken value by value`);
    }
    length = value.length;
  }
  if (length < 0) return one(values);
  const results: (Scalar | null)[] = [];
  scope.step(length);
  for (let row = 0; row < length; row += 1) {
    const result = one(values.map((value, i) => (lifted[i] === true && isList(value) ? (value[row] ?? null) : value)));
    if (typeof result === 'symbol') return result;
    add(results, result);
  }
  return results;
}

/** Results count towards the size an evaluation may reach. */
export function grown(scope: Scope, value: Value): Value {
  if (typeof value === 'string') scope.grow(value.length);
  else if (isList(value)) scope.step(value.length);
  return value;
}
