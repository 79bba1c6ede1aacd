import { RE2JS } from 're2js';
import type { Scope } from './scope.ts';
import { PatternProblem, translatePattern } from './translate-pattern.ts';

/** Longer patterns, and ones that unfold to more, are no one's work. */
const longest = 1000;
const largest = 10_000;

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Match extends Span {
  /** By name, or by .NET's number (unnamed groups first); nothing where the group took no part. */
  group(name: string): Span | undefined;
}

/** A .NET regular expression, matched in linear time. Case counts. */
export interface Pattern {
  readonly source: string;
  has(group: string): boolean;
  /** Does it match anywhere? Charged to an evaluation, if one is under way. */
  test(text: string, scope?: Scope): boolean;
  /** All matches from left to right, none overlapping. */
  matches(text: string, scope: Scope): readonly Match[];
}

/** Throws `PatternProblem` with the reason where a pattern cannot be used. */
export function compilePattern(source: string): Pattern {
  if (source.length > longest) throw new PatternProblem(`it has more than ${longest} characters`);
  const { pattern, groups } = translatePattern(source);
  const compiled = compileRe2(pattern);
  const size = compiled.matcher('').programSize();
  if (size > largest) throw new PatternProblem('its repetitions unfold to too much');
  const numbers = numberGroups(groups);
  // What one look at a text costs, in steps of the evaluator's.
  const cost = (length: number): number => 1 + Math.ceil(((length + 1) * Math.ceil(size / 50)) / 64);
  return {
    source,
    has: (group) => numbers.has(group),
    test(text, scope) {
      scope?.step(cost(text.length));
      return compiled.test(text);
    },
    matches(text, scope) {
      const matcher = compiled.matcher(text);
      const found: Match[] = [];
      for (let at = 0; at <= text.length; ) {
        scope.step(cost(text.length - at));
        if (!matcher.find(at)) break;
        const spans = [...numbers].flatMap(([name, i]): [string, Span][] => {
          const start = matcher.start(i);
          return start < 0 ? [] : [[name, { start, end: matcher.end(i) }]];
        });
        const all = new Map(spans);
        const [start, end] = [matcher.start(), matcher.end()];
        found.push({ start, end, group: (name) => all.get(name) });
        at = end > start ? end : end + 1;
      }
      return found;
    },
  };
}

function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new PatternProblem(error.message.replace(/^error parsing regexp: /, ''));
  }
}

/** .NET counts the unnamed groups first, then the named ones; 0 is the whole match. */
function numberGroups(groups: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>([['0', 0]]);
  const order = [...groups.entries()];
  const ranked = [...order.filter(([, name]) => name === undefined), ...order.filter(([, name]) => name !== undefined)];
  for (const [rank, [i, name]] of ranked.entries()) {
    numbers.set(String(rank + 1), i + 1);
    if (name !== undefined) numbers.set(name, i + 1);
  }
  return numbers;
}

/** .NET's replacement texts: `${name}`, `$1`, `$&`, `$$`; what names no group stays as it is. */
export function expand(replacement: string, text: string, match: Match, pattern: Pattern): string {
  return replacement.replace(/\$(?:\$|&|\{(\w+)\}|(\d{1,3}))/g, (whole, braced?: string, digits?: string) => {
    if (whole === '$$') return '$';
    if (whole === '$&') return text.slice(match.start, match.end);
    const name = braced ?? digits ?? '';
    if (!pattern.has(name)) return whole;
    const span = match.group(name);
    return span === undefined ? '' : text.slice(span.start, span.end);
  });
}

export { PatternProblem };
