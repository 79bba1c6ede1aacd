/**
 * Turns a .NET regular expression into RE2's form. What RE2 cannot match in linear time (look-around, back-references,
 * atomic and conditional groups) is a `PatternProblem`. Known differences, as docs/expressions.md says: \b and a negated
 * class within brackets know ASCII letters only, and $ and \Z match at the very end, not before a last line break.
 */

/** Why a pattern cannot be used. */
export class PatternProblem extends Error {}

export interface TranslatedPattern {
  readonly pattern: string;
  /** The capturing groups in the order of RE2's numbers, from 1; `undefined` where one has no name. */
  readonly groups: readonly (string | undefined)[];
}

const outside: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '[\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}]',
  W: '[^\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}]',
  s: '[\\t\\n\\v\\f\\r\\x{85}\\p{Z}]',
  S: '[^\\t\\n\\v\\f\\r\\x{85}\\p{Z}]',
};
const inside: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}',
  W: '\\W',
  s: '\\t\\n\\v\\f\\r\\x{85}\\p{Z}',
  S: '\\S',
};
const same = new Set(['b', 'B', 'A', 'z', 'a', 'f', 'n', 'r', 't', 'v']);

export function translatePattern(source: string): TranslatedPattern {
  return new Translation(source).run();
}

class Translation {
  readonly #source: string;
  readonly #groups: (string | undefined)[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  run(): TranslatedPattern {
    let pattern = '';
    while (this.#at < this.#source.length) pattern += this.#next();
    return { pattern, groups: this.#groups };
  }

  #next(): string {
    const char = this.#source.charAt(this.#at);
    if (char === '\\') return this.#escape(false);
    if (char === '[') return this.#brackets();
    if (char === '(') return this.#group();
    this.#at += 1;
    return char;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#source);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #group(): string {
    if (this.#take(/\(\?#[^)]*\)/) !== undefined) return '';
    const named = this.#take(/\(\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/);
    if (named !== undefined) {
      const name = named[1] ?? named[2] ?? '';
      this.#groups.push(name);
      return `(?P<${name}>`;
    }
    const options = this.#take(/\(\?([imnsx]*)(?:-([imnsx]*))?([:)])/);
    if (options !== undefined) {
      const [, on = '', off = '', end] = options;
      if (/[nx]/.test(on)) throw new PatternProblem('the options n and x are not known');
      const kept = off.replace(/[nx]/g, '');
      return `(?${on}${kept === '' ? '' : `-${kept}`}${end}`.replace('(?)', '');
    }
    if (this.#take(/\(\?(?:<?[=!])/) !== undefined)
      throw new PatternProblem('look-around cannot be matched in linear time');
    if (this.#take(/\(\?>/) !== undefined) throw new PatternProblem('atomic groups are not known');
    if (this.#take(/\(\?\(/) !== undefined) throw new PatternProblem('conditions are not known');
    if (this.#take(/\(\?/) !== undefined) throw new PatternProblem('a group begins in a way that is not known');
    this.#at += 1;
    this.#groups.push(undefined);
    return '(';
  }

  #escape(bracketed: boolean): string {
    if (this.#take(/\\u([0-9A-Fa-f]{4})/) !== undefined) return `\\x{${this.#source.slice(this.#at - 4, this.#at)}}`;
    if (this.#take(/\\x([0-9A-Fa-f]{2})/) !== undefined) return `\\x{${this.#source.slice(this.#at - 2, this.#at)}}`;
    const category = this.#take(/\\[pP](?:\{[A-Za-z0-9-]+\}|[A-Z])/);
    if (category !== undefined) return category[0];
    const control = this.#take(/\\c([A-Za-z])/);
    if (control !== undefined)
      return `\\x{${(control[1] ?? '').toUpperCase().charCodeAt(0) - 64}}`.replace(
        /\{(\d+)\}/,
        (_, n) => `{${Number(n).toString(16)}}`,
      );
    const octal = this.#take(/\\(0[0-7]{0,2})/);
    if (octal !== undefined) return `\\x{${Number.parseInt(octal[1] ?? '0', 8).toString(16)}}`;
    if (this.#take(/\\(?:\d|k[<'{])/) !== undefined)
      throw new PatternProblem('back-references cannot be matched in linear time');
    const char = this.#source.charAt(this.#at + 1);
    if (char === '') throw new PatternProblem('it ends in a backslash');
    this.#at += 2;
    const shorthand = (bracketed ? inside : outside)[char];
    if (shorthand !== undefined) return shorthand;
    if (char === 'b' && bracketed) return '\\x{8}';
    if (char === 'e') return '\\x{1b}';
    if (char === 'Z') return '\\z';
    if (same.has(char)) return `\\${char}`;
    if (/[A-Za-z0-9_]/.test(char)) throw new PatternProblem(`\\${char} is not known`);
    return /[\s\S]/.test(char) && /[!-/:-@[-`{-~]/.test(char) ? `\\${char}` : char;
  }

  #brackets(): string {
    const start = this.#at;
    const [open = '['] = this.#take(/\[\^?/) ?? [];
    let set = open;
    for (let first = true; ; first = false) {
      const char = this.#source.charAt(this.#at);
      if (char === '') throw new PatternProblem('a bracket is not closed');
      if (char === ']' && !first) break;
      if (char === '\\') set += this.#escape(true);
      else if (char === '[' || char === ']') {
        if (char === '[' && this.#source.charAt(this.#at - 1) === '-' && this.#at - start > open.length + 1) {
          throw new PatternProblem('subtraction within brackets is not known');
        }
        set += `\\${char}`;
        this.#at += 1;
      } else {
        set += char;
        this.#at += 1;
      }
    }
    this.#at += 1;
    return `${set}]`;
  }
}
