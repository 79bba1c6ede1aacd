import { type Call, evaluated, type FunctionDefinition, special, ternary } from '../definition.ts';
import { facts, text } from '../parameters.ts';
import { compilePattern, expand, type Match, type Pattern, PatternProblem } from '../pattern.ts';
import type { Scope } from '../scope.ts';
import { Mismatch, type Value } from '../value.ts';

const read = (value: Value | undefined): string => text('value').read(value) ?? '';

/** Replaces every occurrence; charged before it is made, since it can multiply. */
function replaceAll(source: string, old: string, by: string, scope: Scope): string {
  if (old === '' || source === '') return source;
  const parts = source.split(old);
  scope.grow(source.length + parts.length * by.length);
  return parts.join(by);
}

function replaceMatches(source: string, matches: readonly Match[], by: (match: Match) => string, scope: Scope): string {
  let result = '';
  let at = 0;
  for (const match of matches) {
    const piece = by(match);
    scope.grow(piece.length);
    result += source.slice(at, match.start) + piece;
    at = match.end;
  }
  return result + source.slice(at);
}

/** Compiled once where the pattern is written in the expression, else for each object. */
function patternAt(call: Call, at: number): (value: Value | undefined) => Pattern {
  const constant = call.arguments[at]?.constant;
  if (constant === undefined) {
    return (value) => {
      try {
        return compilePattern(read(value));
      } catch (error) {
        throw error instanceof PatternProblem
          ? new Mismatch(`${read(value)} cannot be used as a pattern: ${error.message}`)
          : error;
      }
    };
  }
  const source = read(constant.value);
  try {
    const pattern = compilePattern(source);
    return () => pattern;
  } catch (error) {
    if (error instanceof PatternProblem) return call.refusePattern(at, source, error.message);
    throw error;
  }
}

function groupIn(pattern: Pattern, group: string): string {
  if (!pattern.has(group)) throw new Mismatch(`the pattern ${pattern.source} has no group "${group}"`);
  return group;
}

type Apply = (values: readonly (Value | undefined)[], scope: Scope) => Value;

/** Chooses among the documented modes by which arguments are written. */
function mode(call: Call): Apply {
  const [, old, pattern, group, replacement, attribute, template] = call.arguments;
  const regex = pattern === undefined ? undefined : patternAt(call, 2);
  const name = group?.constant === undefined ? undefined : read(group.constant.value);
  if (name !== undefined && pattern?.constant !== undefined && regex?.(pattern.constant.value).has(name) === false) {
    call.refuse(3, `the pattern of Replace has no group "${name}"`);
  }
  if (regex === undefined) {
    if (old !== undefined && replacement !== undefined && template === undefined) {
      return ([source, o, , , r], scope) => replaceAll(read(source), read(o), read(r), scope);
    }
    if (old !== undefined && template !== undefined && replacement === undefined) {
      return ([source, o, , , , , t], scope) => replaceAll(read(t), read(o), read(source), scope);
    }
    return call.refuse(0, 'Replace with oldValue needs either replacementValue or template');
  }
  if (old !== undefined) return call.refuse(1, 'Replace takes either oldValue or regexPattern');
  if (group !== undefined && attribute !== undefined && replacement === undefined) {
    return ([source, , p, g, , other], scope) => {
      if (read(source) !== '') return read(source);
      const [compiled, from] = [regex(p), read(other)];
      const wanted = groupIn(compiled, read(g));
      const span = compiled.matches(from, scope)[0]?.group(wanted);
      return span === undefined ? null : from.slice(span.start, span.end);
    };
  }
  if (replacement === undefined)
    return call.refuse(
      0,
      'Replace with regexPattern needs replacementValue, or regexGroupName and replacementAttributeName',
    );
  if (group === undefined) {
    return ([source, , p, , r], scope) => {
      const [from, compiled, by] = [read(source), regex(p), read(r)];
      return replaceMatches(from, compiled.matches(from, scope), (match) => expand(by, from, match, compiled), scope);
    };
  }
  return ([source, , p, g, r], scope) => {
    const [from, compiled, by] = [read(source), regex(p), read(r)];
    const wanted = groupIn(compiled, read(g));
    return replaceMatches(
      from,
      compiled.matches(from, scope),
      (match) => {
        const span = match.group(wanted);
        if (span === undefined) return from.slice(match.start, match.end);
        return from.slice(match.start, span.start) + by + from.slice(span.end, match.end);
      },
      scope,
    );
  };
}

const replace = special(
  {
    name: 'Replace',
    in: 'provisioning',
    gives: 'text',
    meaning:
      'Replaces within a text, by the arguments given. oldValue and replacementValue: the one by the other. oldValue and template: oldValue in the template by the source. regexPattern and replacementValue: each match, where $ with a group’s name in braces stands for what that group took. regexPattern, regexGroupName and replacementValue: in each match only what the group took. regexPattern, regexGroupName and replacementAttributeName: the source if it has a value, else what the group takes in the other attribute.',
    choice:
      'The last mode is described in opposite ways; the provisioning page’s is taken, as its worked example fits. Case counts. Patterns are .NET’s, matched in linear time: look-around and back-references are refused. NULL gives NULL, but in the last mode.',
  },
  [
    facts('source', 'text'),
    facts('oldValue', 'text', { optional: true }),
    facts('regexPattern', 'text', { optional: true }),
    facts('regexGroupName', 'text', { optional: true }),
    facts('replacementValue', 'text', { optional: true }),
    facts('replacementAttributeName', 'text', { optional: true }),
    facts('template', 'text', { optional: true }),
  ],
  (call) => {
    const apply = mode(call);
    const fromOther = call.arguments[5] !== undefined;
    return evaluated(
      call,
      Array.from({ length: 7 }, () => true),
      (values, scope) => ((values[0] ?? null) === null && !fromOther ? null : apply(values, scope)),
    );
  },
);

const monikers = (value: string | null): string =>
  (value ?? '').replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t');

const replaceText = ternary(
  {
    name: 'Replace',
    in: 'connect',
    gives: 'text',
    meaning:
      'All occurrences of a text by another; \\n, \\r and \\t stand for line feed, carriage return and tabulator.',
    choice: 'Case counts. NULL gives NULL.',
  },
  [text('string'), text('oldValue'), text('newValue')],
  (source, old, by, scope) => (source === null ? null : replaceAll(source, monikers(old), monikers(by), scope)),
);

/** `s:t,s:t` taken apart; a text says what is wrong with it. */
function replacementsOf(pattern: string): ReadonlyMap<string, string> | string {
  const table = new Map<string, string>();
  for (const pair of pattern.replace(/\s+/g, '').split(',')) {
    const [from = '', to, ...more] = pair.split(':');
    if (to === undefined || more.length > 0 || [...from].length !== 1) {
      return `the pair "${pair}" is not one character, a colon and what replaces it`;
    }
    if (!table.has(from)) table.set(from, to);
  }
  return table;
}

const replaceChars = special(
  {
    name: 'ReplaceChars',
    in: 'connect',
    gives: 'text',
    meaning:
      'Replaces characters one by one after a table s:t,s:t. A source is exactly one character, case counts, and may be neither comma nor colon; what replaces it may be empty or longer. White space in the table does not count.',
    choice:
      'Of two pairs for one character the first counts. A wrong pair fails; the page’s own sample ends in one ("ö,o").',
  },
  [
    facts('string', 'text'),
    facts('replacePattern', 'text', {
      check: (value) => {
        const table = typeof value === 'string' ? replacementsOf(value) : '';
        return typeof table === 'string' && table !== '' ? `is wrong: ${table}` : undefined;
      },
    }),
  ],
  (call) => {
    const constant = call.arguments[1]?.constant;
    const fixed = constant === undefined ? undefined : replacementsOf(read(constant.value));
    return evaluated(call, [true, true], ([source, pattern], scope) => {
      if ((source ?? null) === null) return null;
      const table = fixed ?? replacementsOf(read(pattern));
      if (typeof table === 'string') throw new Mismatch(table);
      const parts = [...read(source)].map((char) => table.get(char) ?? char);
      scope.grow(parts.reduce((sum, part) => sum + part.length, 0));
      return parts.join('');
    });
  },
);

export const replaceFunctions: readonly FunctionDefinition[] = [replace, replaceText, replaceChars];
