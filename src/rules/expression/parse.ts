import { EmbeddedActionsParser, EOF, type IToken, tokenMatcher } from 'chevrotain';
import { type Node, type Operator, operators, placeAt, type Step } from './ast.ts';
import { ExpressionSyntaxError, ExpressionTooLargeError } from './errors.ts';
import { integer } from './number.ts';
import {
  Attribute,
  Calculation,
  Close,
  Comma,
  Comparison,
  Decimal,
  Hexadecimal,
  Identifier,
  Logical,
  lexer,
  Minus,
  Open,
  Parameter,
  Text,
  tokens,
  Variable,
} from './tokens.ts';

/** As documented for the provisioning service. */
const longest = 10_000;
/** Calls and parentheses within one another; deeper is no one's work, and costs the stack. */
const deepest = 64;

class ExpressionParser extends EmbeddedActionsParser {
  constructor() {
    super(tokens, { recoveryEnabled: false, maxLookahead: 2 });
    this.performSelfAnalysis();
  }

  readonly whole = this.RULE('whole', (): Node => {
    const node = this.SUBRULE(this.expression);
    this.CONSUME(EOF);
    return node;
  });

  /** `&&` and `||` join comparisons, a comparison is of calculations, and these run from left to right. */
  readonly expression = this.RULE('expression', (): Node => {
    const first = this.SUBRULE(this.comparison);
    const steps: Step[] = [];
    this.MANY(() => {
      const sign = this.CONSUME(Logical);
      const operand = this.SUBRULE2(this.comparison);
      this.ACTION(() => steps.push(stepOf(sign, operand)));
    });
    return this.ACTION(() => chained(first, steps));
  });

  readonly comparison = this.RULE('comparison', (): Node => {
    const first = this.SUBRULE(this.calculation);
    const steps: Step[] = [];
    this.OPTION(() => {
      const sign = this.CONSUME(Comparison);
      const operand = this.SUBRULE2(this.calculation);
      this.ACTION(() => steps.push(stepOf(sign, operand)));
    });
    return this.ACTION(() => chained(first, steps));
  });

  readonly calculation = this.RULE('calculation', (): Node => {
    const first = this.SUBRULE(this.operand);
    const steps: Step[] = [];
    this.MANY(() => {
      const sign = this.OR([{ ALT: () => this.CONSUME(Calculation) }, { ALT: () => this.CONSUME(Minus) }]);
      const operand = this.SUBRULE2(this.operand);
      this.ACTION(() => steps.push(stepOf(sign, operand)));
    });
    return this.ACTION(() => chained(first, steps));
  });

  readonly operand = this.RULE(
    'operand',
    (): Node =>
      this.OR([
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => named('constant', this.CONSUME(Text)) },
        { ALT: () => named('attribute', this.CONSUME(Attribute)) },
        { ALT: () => named('parameter', this.CONSUME(Parameter)) },
        { ALT: () => named('variable', this.CONSUME(Variable)) },
        { ALT: () => this.SUBRULE(this.callOrWord) },
        { ALT: () => this.SUBRULE(this.group) },
      ]),
  );

  readonly number = this.RULE('number', (): Node => {
    const minus = this.OPTION(() => this.CONSUME(Minus));
    const digits = this.OR([{ ALT: () => this.CONSUME(Decimal) }, { ALT: () => this.CONSUME(Hexadecimal) }]);
    return this.ACTION(() => {
      const value = numberOf(digits.image);
      return {
        type: 'constant',
        value: minus === undefined ? value : typeof value === 'bigint' ? integer(-value) : -value,
        at: (minus ?? digits).startOffset,
      };
    });
  });

  readonly callOrWord = this.RULE('callOrWord', (): Node => {
    const name = this.CONSUME(Identifier);
    const list = this.OPTION(() => this.SUBRULE(this.argumentList));
    return this.ACTION(() =>
      list === undefined
        ? { type: 'word', name: name.image, at: name.startOffset }
        : { type: 'call', name: name.image, arguments: list, at: name.startOffset },
    );
  });

  readonly argumentList = this.RULE('argumentList', (): readonly (Node | undefined)[] => {
    const list: (Node | undefined)[] = [];
    this.CONSUME(Open);
    const first = this.OPTION(() => this.SUBRULE(this.expression));
    this.ACTION(() => list.push(first));
    this.MANY(() => {
      this.CONSUME(Comma);
      const next = this.OPTION2(() => this.SUBRULE2(this.expression));
      this.ACTION(() => list.push(next));
    });
    this.CONSUME(Close);
    return list.length === 1 && first === undefined ? [] : list;
  });

  readonly group = this.RULE('group', (): Node => {
    const open = this.CONSUME(Open);
    const inner = this.SUBRULE(this.expression);
    this.CONSUME(Close);
    return { type: 'group', inner, at: open.startOffset };
  });
}

const parser = new ExpressionParser();

/** Reads an expression; throws with line and column where it is not one. */
export function parse(text: string): Node {
  if (text.length > longest) {
    throw new ExpressionTooLargeError(`it has ${text.length} characters, and ${longest} are allowed`);
  }
  const { tokens: read, errors } = lexer.tokenize(text);
  const [bad] = errors;
  if (bad !== undefined) throw new ExpressionSyntaxError(placeAt(text, bad.offset), strangeCharacter(text, bad.offset));
  checkNesting(read, text);
  parser.input = read;
  const node = parser.whole();
  const [error] = parser.errors;
  if (error !== undefined) {
    const { token, previousToken } = { previousToken: undefined, ...error };
    const offset = tokenMatcher(token, EOF) ? text.length : token.startOffset;
    throw new ExpressionSyntaxError(placeAt(text, offset), unexpected(token, previousToken, read));
  }
  return node;
}

function checkNesting(read: readonly IToken[], text: string): void {
  let depth = 0;
  for (const token of read) {
    if (tokenMatcher(token, Open)) depth += 1;
    if (tokenMatcher(token, Close)) depth -= 1;
    if (depth > deepest) {
      const { line, column } = placeAt(text, token.startOffset);
      throw new ExpressionTooLargeError(`at ${line}:${column} it is nested deeper than ${deepest} parentheses`);
    }
  }
}

function unexpected(token: IToken, previous: IToken | undefined, read: readonly IToken[]): string {
  const balance = read.reduce((sum, t) => sum + (tokenMatcher(t, Open) ? 1 : tokenMatcher(t, Close) ? -1 : 0), 0);
  if (tokenMatcher(token, EOF)) {
    if (read.length === 0) return 'an expression is missing';
    return balance > 0 ? 'a closing parenthesis is missing' : 'it ends where something must follow';
  }
  const after = previous === undefined || previous.image === undefined ? '' : ` after ${previous.image}`;
  if (tokenMatcher(token, Close) && balance < 0) return 'there is a closing parenthesis too many';
  return `${token.image} cannot stand here${after}`;
}

function strangeCharacter(text: string, offset: number): string {
  const char = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  switch (char) {
    case '"':
      return 'the text that begins here is not closed; a quote inside a text is written \\", a backslash at its end \\\\';
    case '[':
      return 'the attribute that begins here is not closed by ]';
    case '%':
      return 'a parameter is written between percent signs, as in %Domain.FQDN%';
    case '$':
      return 'a variable is written as in $item';
    case '“':
    case '”':
    case '„':
      return `${char} is a typographic quote; texts stand between straight ones (")`;
    default:
      return `${char} means nothing here`;
  }
}

function stepOf(sign: IToken, operand: Node): Step {
  return { operator: operatorOf(sign), operand, at: sign.startOffset };
}

function chained(first: Node, steps: readonly Step[]): Node {
  const [step, ...rest] = steps;
  return step === undefined ? first : { type: 'chain', first, steps: [step, ...rest], at: first.at };
}

function operatorOf({ image }: IToken): Operator {
  const found = operators.find((operator) => operator === image);
  if (found === undefined) throw new Error(`the grammar has no operator ${image}`);
  return found;
}

function named(type: 'constant' | 'attribute' | 'parameter' | 'variable', token: IToken): Node {
  const { image, startOffset: at } = token;
  // Chevrotain runs the rules once on made-up tokens to learn the grammar.
  if (image === undefined) return { type: 'word', name: '', at: 0 };
  switch (type) {
    case 'constant':
      return { type, value: image.slice(1, -1).replace(/\\(["\\])/g, '$1'), at };
    case 'variable':
      return { type, name: image.slice(1), at };
    default:
      return { type, name: image.slice(1, -1).trim(), at };
  }
}

function numberOf(image: string): number | bigint {
  if (image.startsWith('&')) return integer(BigInt(`0x${image.slice(2)}`));
  return image.includes('.') ? Number(image) : integer(BigInt(image));
}
