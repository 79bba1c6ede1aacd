import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CompiledExpression,
  compileExpression,
  dialects,
  type ExpressionInput,
  ExpressionRefusedError,
  functions,
  holds,
  type Value,
} from './index.ts';

/** Whatever is written and whatever the directory holds: an answer or a clear error, always the same, within the limits. */

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '',
    '512',
    '-2147483646',
    '132772253564048004',
    'True',
    'CN=a,OU=b,DC=c',
    '2020-02-30',
    'SMTP:a@x.test',
    ' a ',
  ),
  fc.uint8Array({ maxLength: 24 }),
);
const value: fc.Arbitrary<Value> = fc.oneof(fc.constant(null), scalar, fc.array(scalar, { maxLength: 5 }));
const attributes = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);

function inputOf(values: Readonly<Record<string, Value>>): ExpressionInput {
  let seed = 7;
  const attribute = (name: string): Value => values[name] ?? null;
  return {
    attribute,
    imported: attribute,
    parameter: (name) => (name === 'P' ? 'DC=contoso,DC=test' : undefined),
    taken: (text) => text.length % 2 === 0,
    now: () => new Date(1_600_000_000_000),
    random: (bound) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % bound;
    },
  };
}

function compiled(text: string, dialect: (typeof dialects)[number]): CompiledExpression | undefined {
  try {
    return compileExpression(text, dialect);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionRefusedError);
    if (error instanceof ExpressionRefusedError) {
      expect(error.message).toMatch(/\d+:\d+: |too large/);
      expect(error.remedy).not.toBe('');
    }
    return undefined;
  }
}

function answers(expression: CompiledExpression, values: Readonly<Record<string, Value>>): void {
  const outcome = expression.evaluate(inputOf(values));
  const again = expression.evaluate(inputOf(values));
  expect(again.kind).toBe(outcome.kind);
  if (outcome.kind === 'error') expect(outcome.error.message).toMatch(/ In .* at \d+:\d+/s);
  if (outcome.kind !== 'value' || again.kind !== 'value') return;
  expect(again.value).toEqual(outcome.value);
  if (Array.isArray(outcome.value)) expect(outcome.value).not.toContain(null);
}

test('any text is an expression or is refused with its place', () => {
  const pieces = fc.constantFrom(
    ...'( ) , " \\ [a] %P% $v & && || = <> - + * 1 &HF -2 x "t" NULL True IgnoreThisFlow \n'.split(' '),
    ...functions.map(({ name }) => `${name}(`),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...dialects), attributes, (written, dialect, values) => {
      const expression = compiled(written, dialect);
      if (expression !== undefined) answers(expression, values);
    }),
    { numRuns: 3000 },
  );
});

/** Calls of any function with arguments of its own count, right and wrong ones. */
const call: fc.Arbitrary<string> = fc.letrec<{ call: string; argument: string }>((tie) => ({
  argument: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(
      '[a]',
      '[b]',
      '[c]',
      'NULL',
      'True',
      '%P%',
      '""',
      '"x"',
      '"d"',
      '"yyyy-MM-dd"',
      '"(?<n>.)"',
      '"a:b"',
      '$v',
    ),
    fc.integer({ min: -3, max: 600 }).map(String),
    tie('call'),
    fc
      .tuple(tie('call'), fc.constantFrom('=', '&', '>', '<>', '&&'), tie('argument'))
      .map((parts) => `(${parts.join(' ')})`),
  ),
  call: fc.constantFrom(...functions).chain(({ name, parameters }) => {
    const most = parameters.at(-1)?.repeated === true ? parameters.length + 2 : parameters.length;
    const least = parameters.filter(({ optional }) => !optional).length;
    return fc
      .array(tie('argument'), { minLength: Math.min(least, most), maxLength: most })
      .map((list) => list.map((one, i) => (parameters[i]?.takes === 'variable' ? '$v' : one)))
      .map((list) => `${name}(${list.join(', ')})`);
  }),
})).call;

test('every function answers, whatever it is given', () => {
  let ran = 0;
  fc.assert(
    fc.property(call, fc.constantFrom(...dialects), attributes, (written, dialect, values) => {
      const expression = compiled(written, dialect);
      if (expression === undefined) return;
      ran += 1;
      answers(expression, values);
    }),
    { numRuns: 8000 },
  );
  expect(ran).toBeGreaterThan(1000);
});

const evaluate = (
  text: string,
  values: Readonly<Record<string, Value>> = {},
  dialect: (typeof dialects)[number] = 'connect',
) => compileExpression(text, dialect).evaluate(inputOf(values));

test('stops what would grow without end', () => {
  const doubled = Array.from({ length: 30 }).reduce<string>((inner) => `With($v, ${inner}, $v & $v)`, '"abcdefgh"');
  const outcome = evaluate(doubled);
  expect(outcome).toMatchObject({ kind: 'error', error: { code: 'CS3014' } });
  expect(evaluate('Replace(Replace([a], "", "x"), "a", [a])', { a: 'a'.repeat(5000) })).toMatchObject({
    kind: 'error',
    error: { code: 'CS3014' },
  });
});

test('stops what would run through too many values', () => {
  const many = Array.from({ length: 2000 }, (_, i) => String(i));
  const nested = 'Count(Select($x, [a], Count(Select($y, [a], $x & $y))))';
  expect(evaluate(nested, { a: many })).toMatchObject({ kind: 'error', error: { code: 'CS3014' } });
});

test('refuses what is too long or nested too deep, before it costs anything', () => {
  expect(() => compileExpression(`"${'x'.repeat(10_000)}"`)).toThrow('10002 characters');
  expect(() => compileExpression(`${'Trim('.repeat(65)}"x"${')'.repeat(65)}`)).toThrow('nested deeper than 64');
  expect(compileExpression(Array.from({ length: 900 }, () => '[a]').join(' & ')).attributes).toEqual(['a']);
});

test('shows what it failed on, and no secrets', () => {
  const outcome = evaluate('BitAnd([a],1) & [userPassword]', { a: 'many', userPassword: 'hunter2' });
  const message = outcome.kind === 'error' ? outcome.error.message : '';
  expect(message).toBe(
    '"many" is not a number. In BitAnd([a],1) & [userPassword] at 1:1, with [a] = "many", [userPassword] = [Redact].',
  );
  const redacted = evaluate('BitAnd(Redact([a]), 1)', { a: 'hunter2x' }, 'provisioning');
  expect(redacted.kind === 'error' ? redacted.error.message : '').not.toContain('[a] = "hunter2x"');
});

test('marks a value that passed through Redact', () => {
  expect(evaluate('Redact([a])', { a: 'x' }, 'provisioning')).toEqual({ kind: 'value', value: 'x', redacted: true });
  expect(evaluate('IIF(True, [a], Redact([b]))', { a: 'x' }, 'provisioning')).toMatchObject({ redacted: false });
});

test('says what an outcome depends on besides the object', () => {
  const uses = (text: string, dialect: (typeof dialects)[number]): readonly string[] => [
    ...compileExpression(text, dialect).uses,
  ];
  expect(uses('Now()', 'provisioning')).toEqual(['clock']);
  expect(uses('Join("-", Guid(), [a])', 'provisioning')).toEqual(['randomness']);
  expect(uses('SelectUniqueValue([a], [b])', 'provisioning')).toEqual(['uniqueness']);
  expect(uses('Left([a], 3)', 'connect')).toEqual([]);
});

test('a filter holds when one of several values does', () => {
  expect(holds([false, true])).toBe(true);
  expect(holds('True')).toBe(true);
  expect(holds(null)).toBe(false);
});
