import { binary, type FunctionDefinition, unary } from '../definition.ts';
import { integer, parseNumber, toBigInt } from '../number.ts';
import { any, number } from '../parameters.ts';
import { textOf } from '../value.ts';

type Bits = (a: bigint, b: bigint) => bigint;

const bits = (name: string, meaning: string, apply: Bits, only?: 'connect'): FunctionDefinition =>
  binary(
    {
      name,
      ...(only === undefined ? {} : { in: only }),
      gives: 'number',
      meaning,
      choice: 'AD’s flags are signed and may be written so, or unsigned as &H80000000. NULL gives NULL.',
    },
    number('value1'),
    number('value2'),
    (a, b) => (a === null || b === null ? null : integer(apply(toBigInt(a), toBigInt(b)))),
  );

const bitAnd = bits('BitAnd', 'The bits set in both numbers.', (a, b) => a & b);
const bitOr = bits('BitOr', 'The bits set in either number.', (a, b) => a | b, 'connect');

const isBitSet = binary(
  {
    name: 'IsBitSet',
    in: 'connect',
    gives: 'boolean',
    meaning: 'True where all bits of the flag are set in the value. The flag is a mask (4), not the place of a bit.',
    choice: 'NULL has no bit set.',
  },
  number('value'),
  number('flag'),
  (value, flag) => value !== null && flag !== null && (toBigInt(value) & toBigInt(flag)) === toBigInt(flag),
);

const cNum = unary(
  { name: 'CNum', in: 'connect', gives: 'number', meaning: 'The number a text is.', choice: 'NULL and "" give NULL.' },
  number('value'),
  (value) => value,
);

const cStr = unary(
  {
    name: 'CStr',
    gives: 'text',
    meaning: 'The text form of a number, reference, date, True or False.',
    choice: 'NULL stays NULL.',
  },
  any('value'),
  (value) => (value === null ? null : textOf(value)),
);

const isNumeric = unary(
  { name: 'IsNumeric', in: 'connect', gives: 'boolean', meaning: 'True where the value can be a number.' },
  any('value'),
  (value) =>
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    (typeof value === 'string' && parseNumber(value) !== undefined),
);

export const numberFunctions: readonly FunctionDefinition[] = [bitAnd, bitOr, isBitSet, cNum, cStr, isNumeric];
