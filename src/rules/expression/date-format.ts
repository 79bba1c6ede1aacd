import { Moment } from './moment.ts';
import { hourOf, offsetOf, ticksOf, yearOf } from './parse-date.ts';
import { Mismatch } from './value.ts';

/** .NET's date format strings, invariant culture, UTC: printing and exact reading. */

const monthNames = 'January February March April May June July August September October November December'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const epoch = 116_444_736_000_000_000n;

/** .NET's one-letter formats, written out. */
const standard: Readonly<Record<string, string>> = {
  d: 'MM/dd/yyyy',
  D: 'dddd, dd MMMM yyyy',
  f: 'dddd, dd MMMM yyyy HH:mm',
  F: 'dddd, dd MMMM yyyy HH:mm:ss',
  g: 'MM/dd/yyyy HH:mm',
  G: 'MM/dd/yyyy HH:mm:ss',
  m: 'MMMM dd',
  M: 'MMMM dd',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'HH:mm',
  T: 'HH:mm:ss',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: 'dddd, dd MMMM yyyy HH:mm:ss',
  y: 'yyyy MMMM',
  Y: 'yyyy MMMM',
};

type Piece = { readonly letter: string; readonly count: number } | { readonly literal: string };

const letters = 'dfFghHKmMstyz';

/** Takes a format apart; throws `Mismatch` where it is none. */
export function piecesOf(format: string): readonly Piece[] {
  if (format === '') throw new Mismatch('a date format is missing');
  if (format.length > 100) throw new Mismatch('a date format has at most 100 characters');
  const whole = format.length === 1 ? standard[format] : format;
  if (whole === undefined) throw new Mismatch(`"${format}" is no date format`);
  const pieces: Piece[] = [];
  for (let at = 0; at < whole.length; ) {
    const char = whole.charAt(at);
    if (letters.includes(char)) {
      let count = 1;
      while (whole[at + count] === char) count += 1;
      if ((char === 'f' || char === 'F') && count > 7)
        throw new Mismatch(`"${format}" names more than 7 digits of a second`);
      pieces.push({ letter: char, count });
      at += count;
    } else if (char === "'" || char === '"') {
      const end = whole.indexOf(char, at + 1);
      if (end < 0) throw new Mismatch(`"${format}" has a quote that is not closed`);
      pieces.push({ literal: whole.slice(at + 1, end) });
      at = end + 1;
    } else if (char === '\\') {
      pieces.push({ literal: whole.charAt(at + 1) });
      at += 2;
    } else {
      // A percent sign makes one letter a format of its own.
      if (char !== '%') pieces.push({ literal: char });
      at += 1;
    }
  }
  return pieces;
}

export function formatDate(moment: Moment, pieces: readonly Piece[]): string {
  const { date, fraction } = moment;
  return pieces
    .map((piece) => ('literal' in piece ? piece.literal : shown(date, fraction, piece.letter, piece.count)))
    .join('');
}

function shown(date: Date, fraction: number, letter: string, count: number): string {
  const padded = (value: number, width = Math.min(count, 2)): string => String(value).padStart(width, '0');
  const hours = date.getUTCHours();
  switch (letter) {
    case 'd': {
      const name = dayNames[date.getUTCDay()] ?? '';
      return count > 3 ? name : count === 3 ? name.slice(0, 3) : padded(date.getUTCDate());
    }
    case 'M': {
      const name = monthNames[date.getUTCMonth()] ?? '';
      return count > 3 ? name : count === 3 ? name.slice(0, 3) : padded(date.getUTCMonth() + 1);
    }
    case 'y':
      return count <= 2 ? padded(date.getUTCFullYear() % 100) : padded(date.getUTCFullYear(), count);
    case 'h':
      return padded(hours % 12 === 0 ? 12 : hours % 12);
    case 'H':
      return padded(hours);
    case 'm':
      return padded(date.getUTCMinutes());
    case 's':
      return padded(date.getUTCSeconds());
    case 'f':
      return padded(fraction, 7).slice(0, count);
    case 'F':
      return padded(fraction, 7).slice(0, count).replace(/0+$/, '');
    case 't':
      return (hours < 12 ? 'AM' : 'PM').slice(0, count);
    case 'K':
      return 'Z';
    case 'z':
      return count === 1 ? '+0' : count === 2 ? '+00' : '+00:00';
    default:
      return 'A.D.';
  }
}

/** Reads a text that has exactly this form; a zone in it is converted to UTC. Nothing where it has another. */
export function readDate(source: string, pieces: readonly Piece[]): Moment | undefined {
  const text = source.trim();
  const found: Record<string, string> = {};
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) at += match.length;
    return match;
  };
  for (const piece of pieces) {
    if ('literal' in piece) {
      if (!text.startsWith(piece.literal, at)) return undefined;
      at += piece.literal.length;
      continue;
    }
    const read = take(patternOf(piece.letter, piece.count));
    if (read === undefined) return undefined;
    const key = piece.letter === 'd' && piece.count > 2 ? 'weekday' : piece.letter === 'F' ? 'f' : piece.letter;
    if (key in found && found[key] !== read && key !== 'weekday') return undefined;
    found[key] = read;
  }
  return at === text.length ? fromParts(found) : undefined;
}

function patternOf(letter: string, count: number): RegExp {
  switch (letter) {
    case 'd':
      return count > 2 ? /[a-z]{3,9}/iy : count === 2 ? /\d{2}/y : /\d{1,2}/y;
    case 'M':
      return count > 2 ? /[a-z]{3,9}/iy : count === 2 ? /\d{2}/y : /\d{1,2}/y;
    case 'y':
      return count <= 2 ? /\d{2}/y : count === 3 ? /\d{3,4}/y : new RegExp(`\\d{${Math.min(count, 9)}}`, 'y');
    case 'f':
      return new RegExp(`\\d{${count}}`, 'y');
    case 'F':
      return new RegExp(`\\d{0,${count}}`, 'y');
    case 't':
      return count === 1 ? /[AP]/iy : /[AP]M/iy;
    case 'K':
      return /(?:Z|[+-]\d{1,2}(?::?\d{2})?)?/iy;
    case 'z':
      return count > 2 ? /[+-]\d{1,2}(?::?\d{2})?/y : /[+-]\d{1,2}/y;
    case 'g':
      return /A\.?D\.?/iy;
    default:
      return count === 2 ? /\d{2}/y : /\d{1,2}/y;
  }
}

function fromParts(found: Readonly<Record<string, string>>): Moment | undefined {
  const number = (key: string, otherwise: number): number =>
    found[key] === undefined ? otherwise : Number(found[key]);
  const { M: month = '1', t: half } = found;
  const named = /^\d/.test(month)
    ? Number(month)
    : monthNames.findIndex((name) => name.slice(0, 3).toLowerCase() === month.slice(0, 3).toLowerCase()) + 1;
  const clock = found['H'] === undefined ? 'h' : 'H';
  const designator = half === undefined || half.length === 2 ? half : `${half}M`;
  const hour = clock === 'H' || designator === undefined ? number(clock, 0) : hourOf(number('h', 12), designator);
  if (hour === undefined) return undefined;
  const ticks = ticksOf({
    year: found['y'] === undefined ? 1 : yearOf(found['y']),
    month: named,
    day: number('d', 1),
    hour,
    minute: number('m', 0),
    second: number('s', 0),
    fraction: Number((found['f'] ?? '').padEnd(7, '0')),
    offset: offsetOf(found['z'] ?? found['K'] ?? ''),
  });
  return ticks === undefined ? undefined : Moment.of(ticks + epoch, 'connect');
}
