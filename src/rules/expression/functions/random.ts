import { binary, evaluated, type FunctionDefinition, nullary, special } from '../definition.ts';
import { integer, toBigInt } from '../number.ts';
import { facts, number, text } from '../parameters.ts';
import type { Scope } from '../scope.ts';
import { Mismatch } from '../value.ts';

const guid = nullary(
  {
    name: 'Guid',
    gives: 'text',
    uses: 'randomness',
    meaning: 'A new random GUID, lower case with hyphens.',
    choice: 'Of version 4 (RFC 9562).',
  },
  (scope) => {
    const bytes = Uint8Array.from({ length: 16 }, () => scope.input.random(256));
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return Buffer.from(bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
);

const randomNumber = (name: string, choice?: string): FunctionDefinition =>
  binary(
    {
      name,
      in: 'connect',
      gives: 'number',
      uses: 'randomness',
      meaning: 'A random whole number of an interval, its ends included.',
      choice,
    },
    number('start'),
    number('end'),
    (start, end, scope) => {
      if (start === null || end === null) return null;
      const [from, to] = [toBigInt(start), toBigInt(end)];
      const width = to - from + 1n;
      if (width < 1n) throw new Mismatch('the interval ends before it begins');
      if (width > 2n ** 47n) throw new Mismatch('the interval is too wide');
      return integer(from + BigInt(scope.input.random(Number(width))));
    },
  );

const longest = 256;
const classes = {
  digits: '0123456789',
  /** Those of Windows' password complexity policy. */
  special: '~!@#$%^&*_-+=`|\\(){}[]:;"\'<>,.?/',
  capitals: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  lower: 'abcdefghijklmnopqrstuvwxyz',
} as const;

function randomText(length: number, minima: readonly number[], avoided: ReadonlySet<string>, scope: Scope): string {
  const sets = Object.values(classes).map((set) => [...set].filter((char) => !avoided.has(char)));
  const least = minima.reduce((sum, n) => sum + n, 0);
  if (!Number.isInteger(length) || length < 1 || length > longest) {
    throw new Mismatch(`RandomString makes 1 to ${longest} characters, and ${length} are asked for`);
  }
  if (least > length) throw new Mismatch(`the least numbers add up to ${least}, and the length is ${length}`);
  const wanted = minima.some((n) => n > 0) ? sets.filter((_, i) => (minima[i] ?? 0) > 0) : sets;
  const pick = (from: readonly string[]): string => {
    const char = from.length === 0 ? undefined : from[scope.input.random(from.length)];
    if (char === undefined) throw new Mismatch('no character is left to choose from');
    return char;
  };
  const chars = minima.flatMap((n, i) => Array.from({ length: n }, () => pick(sets[i] ?? [])));
  const rest = wanted.flat();
  while (chars.length < length) chars.push(pick(rest));
  // Fisher and Yates: every order is equally likely.
  for (let i = chars.length - 1; i > 0; i -= 1) {
    const j = scope.input.random(i + 1);
    [chars[i], chars[j]] = [chars[j] ?? '', chars[i] ?? ''];
  }
  return chars.join('');
}

const randomString = special(
  {
    name: 'RandomString',
    in: 'provisioning',
    gives: 'text',
    uses: 'randomness',
    meaning:
      'A random text of up to 256 characters, with at least so many digits, special characters, capitals and lower-case letters, and none of the characters to avoid.',
    choice:
      'What the least numbers leave open is filled from the kinds asked for, so that a kind of which none is asked for does not appear; where none is asked for at all, from all.',
  },
  [
    facts('length', 'number'),
    facts('minimumNumbers', 'number'),
    facts('minimumSpecialCharacters', 'number'),
    facts('minimumCapital', 'number'),
    facts('minimumLowercase', 'number'),
    facts('charactersToAvoid', 'text', { optional: true }),
  ],
  (call) =>
    evaluated(call, [], ([length, numbers, specials, capitals, lower, avoid], scope) => {
      const count = (value: typeof length): number => Math.max(0, Math.trunc(Number(number('count').read(value) ?? 0)));
      return randomText(
        count(length),
        [numbers, specials, capitals, lower].map(count),
        new Set(text('charactersToAvoid').read(avoid) ?? ''),
        scope,
      );
    }),
);

export const randomFunctions: readonly FunctionDefinition[] = [
  guid,
  randomNumber('RandomNum'),
  randomNumber('Random', 'The name RandomNum has in its own example.'),
  randomString,
];
