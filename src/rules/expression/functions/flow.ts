import { argumentOf, type Call, type FunctionDefinition, special } from '../definition.ts';
import { facts, list, text } from '../parameters.ts';

/** Thrown when every candidate of SelectUniqueValue is taken; becomes a `NoUniqueValueError` at the edge. */
export class Exhausted extends Error {
  readonly candidates: readonly string[];

  constructor(candidates: readonly string[]) {
    super('every candidate is taken');
    this.candidates = candidates;
  }
}

const selectUniqueValue = special(
  {
    name: 'SelectUniqueValue',
    in: 'provisioning',
    gives: 'text',
    uses: 'uniqueness',
    meaning:
      'The first candidate that is not in use in the target yet. Only as the whole of an expression, and when the object is created.',
    choice:
      'A candidate that is NULL or empty is passed over. With all candidates taken the object is held, and the reason names them.',
  },
  [facts('rule', 'text'), facts('rule', 'text'), facts('rule', 'text', { optional: true, repeated: true })],
  (call) => {
    if (!call.last) call.refuse(0, 'SelectUniqueValue must be the whole expression');
    return (scope) => {
      const candidates: string[] = [];
      for (const rule of call.arguments) {
        const candidate = text('rule').read(argumentOf(rule, scope));
        scope.step();
        if (candidate === null || candidate === '') continue;
        if (!scope.input.taken(candidate)) return candidate;
        candidates.push(candidate);
      }
      throw new Exhausted(candidates);
    };
  },
);

function attributeNamed(call: Call, name: string): string {
  const constant = call.arguments[0]?.constant?.value;
  return call.attribute(
    typeof constant === 'string' ? constant : call.refuse(0, `${name} names an attribute between quotes`),
  );
}

const importedValue = special(
  {
    name: 'ImportedValue',
    in: 'connect',
    gives: 'any',
    meaning: 'The attribute’s value as the last import confirmed it, its name between quotes.',
    choice: 'The state holds imported values alone, so it is the attribute itself.',
  },
  [facts('attribute', 'text')],
  (call) => {
    const spelled = attributeNamed(call, 'ImportedValue');
    return (scope) => scope.input.imported(spelled);
  },
);

const valueCount = special(
  {
    name: 'ValueCount',
    in: 'connect',
    gives: 'number',
    meaning: 'The number of values of an attribute, its name between quotes.',
    choice: 'Not documented; Connect’s default rules use it so.',
  },
  [facts('attribute', 'text')],
  (call) => {
    const spelled = attributeNamed(call, 'ValueCount');
    return (scope) => list('attribute').read(scope.input.attribute(spelled)).length;
  },
);

export const flowFunctions: readonly FunctionDefinition[] = [selectUniqueValue, importedValue, valueCount];
