import { refuse } from '../refusals.ts';

/** A `$filter` as it is written, before anything is known of the properties it names. */
export type Filter =
  | { readonly type: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly type: 'not'; readonly of: Filter }
  | { readonly type: 'compare'; readonly operator: Comparison; readonly path: Path; readonly value: Literal }
  | { readonly type: 'in'; readonly path: Path; readonly values: readonly Literal[] }
  | { readonly type: 'call'; readonly name: TextFunction; readonly path: Path; readonly value: Literal }
  /** Without a body: has any value at all. */
  | { readonly type: 'any'; readonly path: Path; readonly variable: string; readonly body: Filter | undefined }
  | { readonly type: 'all'; readonly path: Path };

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'startswith' | 'endswith' | 'contains';
/** `['onPremisesExtensionAttributes', 'extensionAttribute1']` */
export type Path = readonly string[];
export type Literal =
  | { readonly type: 'text' | 'time' | 'guid'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' };

type Token = Literal | { readonly type: 'word' | 'mark'; readonly value: string } | { readonly type: 'end' };

const shapes: readonly (readonly [RegExp, (text: string) => Token])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)/y, (value) => ({ type: 'time', value })],
  [/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/iy, (value) => ({ type: 'guid', value })],
  [/-?\d+(\.\d+)?/y, (value) => ({ type: 'number', value: Number(value) })],
  [/'(?:[^']|'')*'/y, (value) => ({ type: 'text', value: value.slice(1, -1).replaceAll("''", "'") })],
  [/[A-Za-z_$][\w.]*/y, (value) => ({ type: 'word', value })],
  [/[(),:/]/y, (value) => ({ type: 'mark', value })],
];

function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    let next: Token | undefined;
    for (const [shape, make] of shapes) {
      shape.lastIndex = at;
      const [match] = shape.exec(text) ?? [];
      if (match === undefined) continue;
      next = make(match);
      at += match.length;
      break;
    }
    if (next === undefined) throw refuse.invalidFilter();
    found.push(next);
  }
  return found;
}

const comparisons = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const functions = new Set(['startswith', 'endswith', 'contains']);
/** Deeper than any query a person writes; keeps hostile ones off the stack. */
const deepest = 60;

export function parseFilter(text: string): Filter {
  return new FilterParser(tokens(text)).whole();
}

class FilterParser {
  readonly tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#or();
    if (this.#peek().type !== 'end') throw refuse.invalidFilter();
    return filter;
  }

  #peek(ahead = 0): Token {
    return this.tokens[this.#at + ahead] ?? { type: 'end' };
  }

  #isWord(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.type === 'word' && token.value.toLowerCase() === text;
  }

  #isMark(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token.type === 'mark' && token.value === text;
  }

  #expect(mark: string): void {
    if (!this.#isMark(mark)) throw refuse.invalidFilter();
    this.#at += 1;
  }

  #or(): Filter {
    let left = this.#and();
    while (this.#isWord('or')) {
      this.#at += 1;
      left = { type: 'or', left, right: this.#and() };
    }
    return left;
  }

  #and(): Filter {
    let left = this.#not();
    while (this.#isWord('and')) {
      this.#at += 1;
      left = { type: 'and', left, right: this.#not() };
    }
    return left;
  }

  #not(): Filter {
    this.#depth += 1;
    if (this.#depth > deepest) throw refuse.invalidFilter();
    const filter = this.#inner();
    this.#depth -= 1;
    return filter;
  }

  #inner(): Filter {
    if (this.#isWord('not')) {
      this.#at += 1;
      return { type: 'not', of: this.#not() };
    }
    if (this.#isMark('(')) {
      this.#at += 1;
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    return this.#term();
  }

  #term(): Filter {
    const token = this.#peek();
    if (token.type === 'word' && functions.has(token.value.toLowerCase()) && this.#isMark('(', 1)) return this.#call();
    const path = this.#path();
    if (this.#isMark('(')) return this.#lambda(path);
    const operator = this.#peek();
    if (operator.type !== 'word') throw refuse.invalidFilter();
    this.#at += 1;
    const name = operator.value.toLowerCase();
    if (name === 'in') return { type: 'in', path, values: this.#values() };
    if (!isComparison(name)) throw refuse.invalidFilter();
    return { type: 'compare', operator: name, path, value: this.#literal() };
  }

  #call(): Filter {
    const token = this.#peek();
    const name = token.type === 'word' ? token.value.toLowerCase() : '';
    if (!isTextFunction(name)) throw refuse.invalidFilter();
    this.#at += 1;
    this.#expect('(');
    const path = this.#path();
    this.#expect(',');
    const value = this.#literal();
    this.#expect(')');
    // `startswith(a, 'x') eq true` says the same.
    if (this.#isWord('eq') && this.#peek(1).type === 'word') {
      this.#at += 1;
      const truth = this.#literal();
      const call: Filter = { type: 'call', name, path, value };
      if (truth.type !== 'boolean') throw refuse.invalidFilter();
      return truth.value ? call : { type: 'not', of: call };
    }
    return { type: 'call', name, path, value };
  }

  #lambda(path: Path): Filter {
    const quantifier = path.at(-1)?.toLowerCase();
    const collection = path.slice(0, -1);
    if (collection.length === 0) throw refuse.invalidFilter();
    this.#expect('(');
    if (quantifier === 'any' && this.#isMark(')')) {
      this.#at += 1;
      return { type: 'any', path: collection, variable: '', body: undefined };
    }
    const variable = this.#peek();
    if (variable.type !== 'word') throw refuse.invalidFilter();
    this.#at += 1;
    this.#expect(':');
    const body = this.#or();
    this.#expect(')');
    if (quantifier === 'all') return { type: 'all', path: collection };
    if (quantifier !== 'any') throw refuse.invalidFilter();
    return { type: 'any', path: collection, variable: variable.value, body };
  }

  #path(): Path {
    const path: string[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.type !== 'word') throw refuse.invalidFilter();
      path.push(token.value);
      this.#at += 1;
      if (!this.#isMark('/')) return path;
      this.#at += 1;
    }
  }

  #values(): readonly Literal[] {
    this.#expect('(');
    const values = [this.#literal()];
    while (this.#isMark(',')) {
      this.#at += 1;
      values.push(this.#literal());
    }
    this.#expect(')');
    return values;
  }

  #literal(): Literal {
    const token = this.#peek();
    this.#at += 1;
    switch (token.type) {
      case 'text':
      case 'time':
      case 'guid':
      case 'number':
        return token;
      case 'word':
        if (token.value === 'true' || token.value === 'false')
          return { type: 'boolean', value: token.value === 'true' };
        if (token.value === 'null') return { type: 'null' };
        throw refuse.invalidFilter();
      default:
        throw refuse.invalidFilter();
    }
  }
}

function isComparison(name: string): name is Comparison {
  return comparisons.has(name);
}

function isTextFunction(name: string): name is TextFunction {
  return functions.has(name);
}
