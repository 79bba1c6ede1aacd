import { createToken, Lexer } from 'chevrotain';

/**
 * The words of the language. The order decides where two fit: `&HFF` is a number before `&` is an operator, `<>` comes
 * before `<`. A backslash in a text takes the next character with it, so that `"\""` is one text.
 */
export const Blank = createToken({ name: 'Blank', pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
export const Hexadecimal = createToken({ name: 'Hexadecimal', pattern: /&[Hh][0-9A-Fa-f]+/, label: 'number' });
export const Decimal = createToken({ name: 'Decimal', pattern: /\d+(?:\.\d+)?/, label: 'number' });
export const Text = createToken({
  name: 'Text',
  pattern: /"(?:[^"\\]|\\[\s\S])*"/,
  label: 'text',
  line_breaks: true,
  start_chars_hint: ['"'],
});
export const Attribute = createToken({ name: 'Attribute', pattern: /\[[^[\]\r\n]+\]/, label: '[attribute]' });
export const Parameter = createToken({ name: 'Parameter', pattern: /%[A-Za-z][\w.]*%/, label: '%parameter%' });
export const Variable = createToken({ name: 'Variable', pattern: /\$[A-Za-z_]\w*/, label: '$variable' });
export const Logical = createToken({ name: 'Logical', pattern: /&&|\|\|/, label: 'operator' });
export const Comparison = createToken({ name: 'Comparison', pattern: /<>|>=|<=|[=><]/, label: 'operator' });
export const Calculation = createToken({ name: 'Calculation', pattern: /[&+*]/, label: 'operator' });
/** Apart from the other operators: before a number it is a sign. */
export const Minus = createToken({ name: 'Minus', pattern: /-/, label: '-' });
export const Comma = createToken({ name: 'Comma', pattern: /,/, label: ',' });
export const Open = createToken({ name: 'Open', pattern: /\(/, label: '(' });
export const Close = createToken({ name: 'Close', pattern: /\)/, label: ')' });
export const Identifier = createToken({ name: 'Identifier', pattern: /[A-Za-z_]\w*/, label: 'name' });

export const tokens = [
  Blank,
  Hexadecimal,
  Decimal,
  Text,
  Attribute,
  Parameter,
  Variable,
  Logical,
  Comparison,
  Calculation,
  Minus,
  Comma,
  Open,
  Close,
  Identifier,
];

export const lexer = new Lexer(tokens, { positionTracking: 'onlyOffset', ensureOptimizations: false });
