import { Decimal, Hexadecimal, lexer, Text } from './tokens.ts';

const constants: readonly unknown[] = [Text, Decimal, Hexadecimal];

/** An expression that was read before, with another text in place of each text and number written in it. */
export function concealConstants(text: string, shown: string): string {
  let concealed = '';
  let end = 0;
  for (const { tokenType, startOffset, image } of lexer.tokenize(text).tokens) {
    if (!constants.includes(tokenType)) continue;
    concealed += text.slice(end, startOffset) + shown;
    end = startOffset + image.length;
  }
  return concealed + text.slice(end);
}
