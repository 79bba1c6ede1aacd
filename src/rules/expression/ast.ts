/** Where in an expression, line and column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export const operators = ['=', '<>', '>', '>=', '<', '<=', '&&', '||', '&', '+', '-', '*'] as const;
export type Operator = (typeof operators)[number];

/** One step of a chain of operators of one priority, which run left to right. */
export interface Step {
  readonly operator: Operator;
  readonly operand: Node;
  readonly at: number;
}

/** An expression as written. `at` is the offset its first character has in the text. */
export type Node = { readonly at: number } & (
  | { readonly type: 'constant'; readonly value: string | number | bigint }
  | { readonly type: 'attribute'; readonly name: string }
  | { readonly type: 'parameter'; readonly name: string }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'word'; readonly name: string }
  /** An argument left empty between commas is `undefined`. */
  | { readonly type: 'call'; readonly name: string; readonly arguments: readonly (Node | undefined)[] }
  | { readonly type: 'chain'; readonly first: Node; readonly steps: readonly [Step, ...Step[]] }
  | { readonly type: 'group'; readonly inner: Node }
);

export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
