import { type Argument, argumentOf, type FunctionDefinition, special, unary } from '../definition.ts';
import { any, facts, text, whole } from '../parameters.ts';
import { type Evaluate, FlowEnded, perValue, type Scope, settled } from '../scope.ts';
import {
  conditionOf,
  equal,
  holds,
  ignored,
  isList,
  Mismatch,
  type Result,
  type Scalar,
  type Value,
} from '../value.ts';

const absent = (value: Value): boolean => value === null || (isList(value) && value.every((one) => one === null));
const empty = (value: Value): boolean =>
  isList(value) ? value.every((one) => one === null || one === '') : value === null || value === '';

const nothing: Evaluate = () => null;
const evaluateOf = (argument: Argument | undefined): Evaluate => argument?.evaluate ?? nothing;

/** Chooses value by value where the condition came out so, and where a branch is a list, its value of the same place. */
function choose(conditions: readonly (Scalar | null)[], yes: Evaluate, no: Evaluate, scope: Scope): Result {
  const branches = new Map<boolean, Value>();
  const rows = [...conditions.keys()];
  let row = 0;
  return perValue(
    rows.map(() => null),
    scope,
    () => {
      const holdsHere = conditionOf(conditions[row] ?? null);
      let branch = branches.get(holdsHere);
      if (branch === undefined) {
        const result = (holdsHere ? yes : no)(scope);
        if (typeof result === 'symbol') return result;
        branch = result;
        branches.set(holdsHere, branch);
      }
      if (isList(branch) && branch.length !== conditions.length) {
        throw new Mismatch(`a condition on ${conditions.length} values cannot choose from ${branch.length}`);
      }
      const value = isList(branch) ? (branch[row] ?? null) : branch;
      row += 1;
      return value;
    },
  );
}

const iif = special(
  {
    name: 'IIF',
    gives: 'any',
    meaning: 'The second argument if the condition holds, else the third. The one not chosen is not evaluated.',
    choice:
      'A condition on an absent attribute is evaluated as any other, IsPresent, IsNull and IsNullOrEmpty included: the provisioning page calls that unsupported, while Microsoft’s own default mappings rely on it. A condition on several values chooses value by value; what comes out NULL vanishes.',
  },
  [
    facts('condition', 'condition'),
    facts('valueIfTrue', 'any', { passes: true, whole: true, optional: true }),
    facts('valueIfFalse', 'any', { passes: true, whole: true, optional: true }),
  ],
  ({ arguments: [condition, yes, no], at }) => {
    const test = evaluateOf(condition);
    const [then, otherwise] = [evaluateOf(yes), evaluateOf(no)];
    return (scope) => {
      const value = settled(test(scope));
      scope.step();
      if (typeof value === 'boolean') return value ? then(scope) : otherwise(scope);
      scope.at = at;
      if (isList(value)) return choose(value, then, otherwise, scope);
      return conditionOf(value) ? then(scope) : otherwise(scope);
    };
  },
);

const switchByKey = special(
  {
    name: 'Switch',
    in: 'provisioning',
    gives: 'any',
    meaning:
      'The value that follows the first key equal to the source, case and all; the default where none is. The default may be left empty.',
    choice:
      'The key "" fits an empty and an absent source. IsPresent and its like are allowed as source and give True or False: one page forbids what another shows. A source that did not change is read like any other.',
  },
  [
    facts('source', 'any'),
    facts('defaultValue', 'any', { passes: true, whole: true, optional: true }),
    facts('key, value', 'any', { passes: true, whole: true, optional: true, repeated: true }),
  ],
  (call) => {
    const [source, fallback, ...pairs] = call.arguments;
    if (pairs.length % 2 === 1) call.refuse(call.arguments.length - 1, 'Switch has a key without a value');
    const from = evaluateOf(source);
    const otherwise = evaluateOf(fallback);
    const keys = pairs.filter((_, i) => i % 2 === 0);
    const values = pairs.filter((_, i) => i % 2 === 1).map(evaluateOf);
    const one = (value: Scalar | null, scope: Scope): Result => {
      for (const [i, key] of keys.entries()) {
        scope.step();
        const wanted = argumentOf(key, scope) ?? null;
        if (!isList(wanted) && same(value, wanted)) return (values[i] ?? nothing)(scope);
      }
      return otherwise(scope);
    };
    return (scope) => {
      const value = settled(from(scope));
      scope.step();
      scope.at = call.at;
      return isList(value) ? perValue(value, scope, (v) => one(v, scope)) : one(value, scope);
    };
  },
);

/** Keys are texts: True is "True", and case counts. */
function same(a: Scalar | null, b: Scalar | null): boolean {
  if (typeof a === 'boolean' && typeof b === 'string') return (a ? 'True' : 'False') === b;
  return equal(a, b);
}

const switchByCondition = special(
  {
    name: 'Switch',
    in: 'connect',
    gives: 'any',
    meaning: 'The value that follows the first condition that holds; NULL where none does. A default is a last True.',
    choice:
      'Only the chosen value is evaluated, so that Error in another does not fail the object; Visual Basic’s own Switch evaluates all of them.',
  },
  [
    facts('condition', 'condition'),
    facts('value', 'any', { passes: true, whole: true, optional: true }),
    facts('condition, value', 'any', { passes: true, whole: true, optional: true, repeated: true }),
  ],
  (call) => {
    const list = call.arguments;
    if (list.length % 2 === 1) call.refuse(list.length - 1, 'Switch has a condition without a value');
    const pairs = list.flatMap((condition, i) => (i % 2 === 0 ? [{ condition, value: evaluateOf(list[i + 1]) }] : []));
    return (scope) => {
      for (const { condition, value } of pairs) {
        scope.step();
        const holdsHere = argumentOf(condition, scope) ?? null;
        scope.at = call.at;
        if (holds(holdsHere)) return value(scope);
      }
      return null;
    };
  },
);

const coalesce = special(
  {
    name: 'Coalesce',
    in: 'provisioning',
    gives: 'any',
    meaning: 'The first source that is not NULL; an empty text counts as a value. NULL where none is left.',
  },
  [
    facts('source', 'any', { passes: true, whole: true, optional: true }),
    facts('source', 'any', { passes: true, whole: true, optional: true, repeated: true }),
  ],
  ({ arguments: list }) => {
    const sources = list.map(evaluateOf);
    return (scope) => {
      for (const source of sources) {
        scope.step();
        const result = source(scope);
        if (typeof result === 'symbol' || !absent(result)) return result;
      }
      return null;
    };
  },
);

const ignoreFlow = special(
  {
    name: 'IgnoreFlowIfNullOrEmpty',
    in: 'provisioning',
    gives: 'any',
    meaning:
      'The value; where it is NULL or empty the attribute is dropped from this flow, and the target keeps its own.',
    choice: 'Inside other functions it drops the whole flow as well.',
  },
  [facts('expression', 'any', { passes: true, whole: true })],
  ({ arguments: [expression], last }) => {
    const inner = evaluateOf(expression);
    return (scope) => {
      const result = inner(scope);
      scope.step();
      if (typeof result === 'symbol' || !empty(result)) return result;
      if (last) return ignored;
      throw new FlowEnded(ignored);
    };
  },
);

const cBool = unary(
  { name: 'CBool', gives: 'boolean', meaning: 'True where the value is not zero or the comparison holds, else False.' },
  any('expression'),
  (value) => {
    if (typeof value !== 'string') return conditionOf(value);
    try {
      return conditionOf(value);
    } catch (error) {
      if (error instanceof Mismatch) return false;
      throw error;
    }
  },
);

const not = unary(
  {
    name: 'Not',
    in: 'provisioning',
    gives: 'text',
    meaning: '"True" gives "False", anything else gives "True".',
    choice:
      'Of several values it is "False" as soon as one is True, so that Not([objectClass] = "computer") says what it reads.',
  },
  whole('source'),
  (value) => {
    const isTrue = (one: Scalar | null): boolean =>
      one === true || (typeof one === 'string' && one.toLowerCase() === 'true');
    return (isList(value) ? value.some(isTrue) : isTrue(value)) ? 'False' : 'True';
  },
);

const isNull = unary(
  { name: 'IsNull', gives: 'boolean', meaning: 'True where the value is absent; an empty text is a value.' },
  whole('expression'),
  absent,
);

const isNothing = unary(
  {
    name: 'IsNothing',
    in: 'provisioning',
    gives: 'boolean',
    meaning: 'True where the value is absent.',
    choice: 'Known from the service’s parser alone; as IsNull.',
  },
  whole('source'),
  absent,
);

const isNullOrEmpty = unary(
  { name: 'IsNullOrEmpty', gives: 'boolean', meaning: 'True where the value is absent or an empty text.' },
  whole('expression'),
  empty,
);

const isPresent = unary(
  { name: 'IsPresent', gives: 'boolean', meaning: 'True where there is a value that is not an empty text.' },
  whole('expression'),
  (value) => !empty(value),
);

const isEmpty = unary(
  { name: 'IsEmpty', in: 'connect', gives: 'boolean', meaning: 'True where the value is there, but an empty text.' },
  whole('expression'),
  (value) => (isList(value) ? value.length > 0 && value.every((one) => one === '') : value === ''),
);

const isString = unary(
  {
    name: 'IsString',
    gives: 'boolean',
    meaning: 'True where the value can be a text.',
    choice: 'Everything can but NULL, bytes and several values.',
  },
  whole('expression'),
  (value) => value !== null && !isList(value) && !(value instanceof Uint8Array),
);

/** Thrown by Error; becomes a `RaisedError` at the edge. */
export class Raised extends Error {}

const error = special(
  {
    name: 'Error',
    gives: 'any',
    meaning: 'Fails the object with this message; the other objects go on.',
  },
  [text('message')],
  ({ arguments: [message], at }) =>
    (scope) => {
      const value = argumentOf(message, scope) ?? null;
      scope.at = at;
      throw new Raised(text('message').read(value) ?? '');
    },
);

const redact = special(
  {
    name: 'Redact',
    in: 'provisioning',
    gives: 'any',
    meaning: 'The value, unchanged; plans, logs and the API show [Redact] in its place.',
  },
  [facts('value', 'any', { passes: true, whole: true })],
  ({ arguments: [value] }) => {
    const inner = evaluateOf(value);
    return (scope) => {
      scope.redacted = true;
      return inner(scope);
    };
  },
);

export const logic: readonly FunctionDefinition[] = [
  iif,
  switchByKey,
  switchByCondition,
  coalesce,
  ignoreFlow,
  cBool,
  not,
  isNull,
  isNothing,
  isNullOrEmpty,
  isPresent,
  isEmpty,
  isString,
  error,
  redact,
];
