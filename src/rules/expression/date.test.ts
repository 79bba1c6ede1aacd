import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDate, piecesOf, readDate } from './date-format.ts';
import { Moment } from './moment.ts';

const date = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});

const momentOf = (from: Date): Moment => {
  const moment = Moment.ofDate(from, 'connect');
  if (moment === undefined) throw new Error('no moment');
  return moment;
};

test('reads ISO 8601 as JavaScript does, and shows what it read', () => {
  fc.assert(
    fc.property(date, (from) => {
      const text = from.toISOString();
      expect(Moment.parse(text)?.date).toEqual(from);
      expect(Moment.parse(momentOf(from).toString())?.ticks).toBe(momentOf(from).ticks);
      expect(Moment.parse(momentOf(from).in('provisioning').toString())?.date).toEqual(
        new Date(Math.floor(from.getTime() / 1000) * 1000),
      );
    }),
  );
});

test('reads what it printed, in any format that holds everything', () => {
  const formats = [
    'yyyy-MM-dd HH:mm:ss.fffffff',
    'M/d/yyyy h:mm:ss.fffffff tt',
    "dddd, dd MMMM yyyy 'at' HH:mm:ss.fffffffK",
    'yyyyMMddHHmmss.fffffffZ',
    'o',
  ];
  fc.assert(
    fc.property(date, fc.nat(9_999), fc.constantFrom(...formats), (from, ticks, format) => {
      const moment = momentOf(from).plus(BigInt(ticks));
      if (moment === undefined) return;
      const pieces = piecesOf(format);
      expect(readDate(formatDate(moment, pieces), pieces)?.ticks).toBe(moment.ticks);
    }),
  );
});

test('any text is a date or is none; any format is one or is refused', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0123456789-/:. TZ+APMJanyMdHhmsftKz\'"\\%'), maxLength: 30 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      Moment.parse(a);
      let pieces: ReturnType<typeof piecesOf>;
      try {
        pieces = piecesOf(b);
      } catch (error) {
        expect(error).toHaveProperty('message', expect.stringMatching(/format|second|quote|missing/));
        return;
      }
      readDate(a, pieces);
      formatDate(momentOf(new Date(0)), pieces);
    }),
    { numRuns: 2000 },
  );
});

test('prints as .NET does', () => {
  const moment = momentOf(new Date('2009-06-05T13:04:05.678Z'));
  const shown = (format: string): string => formatDate(moment, piecesOf(format));
  expect(shown('d ddd dddd M MMM MMMM y yyyyy')).toBe('5 Fri Friday 6 Jun June 9 02009');
  expect(shown('h H hh HH m s t tt')).toBe('1 13 01 13 4 5 P PM');
  expect(shown('ss.FFFFF ss.fff zzz z K')).toBe('05.678 05.678 +00:00 +0 Z');
  expect(shown('d')).toBe('06/05/2009');
  expect(shown('%d')).toBe('5');
  expect(shown('r')).toBe('Fri, 05 Jun 2009 13:04:05 GMT');
});

test('keeps the 100 ns of a FILETIME', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2_650_467_743_999_999_999n }), (ticks) => {
      const moment = Moment.of(ticks, 'connect');
      expect(Moment.parse(moment?.toString() ?? '')?.ticks).toBe(ticks);
    }),
  );
});
