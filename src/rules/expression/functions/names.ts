import { binary, type FunctionDefinition, unary } from '../definition.ts';
import { optional, text } from '../parameters.ts';

/** Letters that are more than a letter and its marks. */
const letters: ReadonlyMap<string, string> = new Map([
  ['æ', 'ae'],
  ['Æ', 'AE'],
  ['ø', 'oe'],
  ['Ø', 'OE'],
  ['ß', 'ss'],
  ['ł', 'l'],
  ['Ł', 'L'],
  ['ı', 'i'],
]);

const normalizeDiacritics = unary(
  {
    name: 'NormalizeDiacritics',
    in: 'provisioning',
    gives: 'text',
    meaning: 'Latin letters without their marks: ä to a, ß to ss, æ to ae, ø to oe, ł to l.',
    choice:
      'As in the documented table, umlauts become one letter, and œ only loses a macron by becoming oe; plain œ, đ, þ and ð stay. Latin letters the table lacks lose their marks too; other scripts keep theirs.',
  },
  text('source'),
  (source) => {
    if (source === null) return null;
    return source
      .normalize('NFD')
      .replace(/œ\u0304/g, 'oe')
      .replace(/Œ\u0304/g, 'OE')
      .replace(/([A-Za-zæÆøØłŁı])\p{M}+/gu, '$1')
      .replace(/[æÆøØßłŁı]/g, (letter) => letters.get(letter) ?? letter)
      .normalize('NFC');
  },
);

const wordBreak = /[\p{Z}\p{C}\p{P}\p{S}]/u;

/** Capitalises the first letter of each word; an apostrophe stays within its word, as in .NET’s ToTitleCase. */
function titleCase(source: string): string {
  let inWord = false;
  let result = '';
  for (const char of source.toLowerCase()) {
    if (inWord) {
      result += char;
      inWord = char === "'" || !wordBreak.test(char);
    } else {
      const letter = /\p{L}/u.test(char);
      result += letter ? char.toUpperCase() : char;
      inWord = letter;
    }
  }
  return result;
}

function capitalised(source: string, separators: ReadonlySet<string>): string {
  let atStart = true;
  let result = '';
  for (const char of source.toLowerCase()) {
    result += atStart ? char.toUpperCase() : char;
    atStart = separators.has(char);
  }
  return result;
}

const pCase = binary(
  {
    name: 'PCase',
    in: 'provisioning',
    gives: 'text',
    meaning:
      'The text with each word’s first letter in upper case and all others in lower case. Words end at the separators given, or else at any blank, punctuation or symbol.',
    choice: 'Without separators an apostrophe does not end a word, as in .NET: O’Neil needs it named.',
  },
  text('source'),
  optional(text('wordSeparators')),
  (source, separators) => {
    if (source === null) return null;
    return separators === null || separators === ''
      ? titleCase(source)
      : capitalised(source, new Set(separators.toLowerCase()));
  },
);

const pCaseBySpace = unary(
  {
    name: 'PCase',
    in: 'connect',
    gives: 'text',
    meaning:
      'The text with the first letter of each space-separated word in upper case and all others in lower case; a word wholly in capitals stays as it is.',
  },
  text('string'),
  (source) => {
    if (source === null) return null;
    const proper = (word: string): string => (word === word.toUpperCase() ? word : capitalised(word, new Set()));
    return source.split(' ').map(proper).join(' ');
  },
);

export const nameFunctions: readonly FunctionDefinition[] = [normalizeDiacritics, pCase, pCaseBySpace];
