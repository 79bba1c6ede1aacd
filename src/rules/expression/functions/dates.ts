import { formatDate, piecesOf, readDate } from '../date-format.ts';
import {
  type Call,
  type Dialect,
  evaluated,
  type FunctionDefinition,
  nullary,
  special,
  ternary,
  unary,
} from '../definition.ts';
import { type DateForm, Moment } from '../moment.ts';
import { toBigInt } from '../number.ts';
import { any, date, facts, number, text } from '../parameters.ts';
import { dateOf } from '../scope.ts';
import { Mismatch, show, type Value } from '../value.ts';

/** Both dialects have the function, and show its dates in their own form. */
const inBoth = (
  of: (form: DateForm, only: { readonly in: Dialect }) => FunctionDefinition,
): readonly FunctionDefinition[] => (['provisioning', 'connect'] as const).map((form) => of(form, { in: form }));

const shownAs = 'Shown as 7/2/2021 3:33:38 PM (UTC) in the provisioning dialect, as ISO 8601 in Connect’s.';

const second = 10_000_000n;
const lengths: ReadonlyMap<string, bigint> = new Map([
  ['s', second],
  ['n', 60n * second],
  ['h', 3_600n * second],
  ['d', 86_400n * second],
  ['y', 86_400n * second],
  ['w', 7n * 86_400n * second],
  ['ww', 7n * 86_400n * second],
]);
const months: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['q', 3],
  ['yyyy', 12],
]);

const interval = text('interval', {
  check: (value) =>
    typeof value === 'string' && !lengths.has(value) && !months.has(value)
      ? 'is one of yyyy, q, m, y, d, w, ww, h, n, s'
      : undefined,
});

const cDate = inBoth((form, only) =>
  unary(
    {
      ...only,
      name: 'CDate',
      gives: 'date',
      meaning: 'The date a text is, in UTC.',
      choice: `Without a zone it is UTC, without a time midnight. Read are ISO 8601, M/d/yyyy, "2 January 2020", AD’s own 20200102030405.0Z, each with or without time and zone. ${shownAs} NULL and "" give NULL.`,
    },
    date('expression'),
    (moment) => moment?.in(form) ?? null,
  ),
);

const dateFromNum = inBoth((form, only) =>
  unary(
    {
      ...only,
      name: 'DateFromNum',
      gives: 'date',
      meaning: 'The date of a FILETIME: 100 ns since 1601 UTC, as AD keeps pwdLastSet and accountExpires.',
      choice: shownAs,
    },
    number('value'),
    (value) => (value === null ? null : dateOf(Moment.of(toBigInt(value), form))),
  ),
);

const numFromDate = unary(
  {
    name: 'NumFromDate',
    gives: 'number',
    meaning: 'The FILETIME of a date.',
    choice: 'A 64-bit number; NULL gives NULL.',
  },
  date('value'),
  (moment) => moment?.fileTime ?? null,
);

const now = inBoth((form, only) =>
  nullary(
    {
      ...only,
      name: 'Now',
      gives: 'date',
      uses: 'clock',
      meaning: 'The present date and time.',
      choice: `UTC in both dialects; Connect says the server’s local time, which would make the outcome depend on the machine. ${shownAs}`,
    },
    (scope) => dateOf(Moment.ofDate(scope.input.now(), form)),
  ),
);

const dateAdd = inBoth((form, only) =>
  ternary(
    {
      ...only,
      name: 'DateAdd',
      gives: 'date',
      meaning:
        'The date moved by a number of intervals, back where it is negative: yyyy years, q quarters, m months, d, y or w days, ww weeks, h hours, n minutes, s seconds.',
      choice:
        'Months and years keep the day, and take the last of the month where there is no such day. In DateAdd w is a day, as in Visual Basic. All intervals work in both dialects.',
    },
    [interval, number('value'), date('dateTime')],
    (name, value, moment) => {
      if (moment === null || value === null) return null;
      const count = toBigInt(value);
      const step = months.get(name ?? '');
      if (step !== undefined) return dateOf(addMonths(moment, Number(count) * step)).in(form);
      const length = name === 'w' ? lengths.get('d') : lengths.get(name ?? '');
      if (length === undefined) throw unknownInterval(name);
      return dateOf(moment.plus(count * length)).in(form);
    },
  ),
);

function addMonths(moment: Moment, count: number): Moment | undefined {
  const { date } = moment;
  const total = date.getUTCFullYear() * 12 + date.getUTCMonth() + count;
  const [year, month] = [Math.floor(total / 12), ((total % 12) + 12) % 12];
  if (!(year >= 1 && year <= 9999)) return undefined;
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month + 1, 0)).getUTCDate();
  return moment.onDate(year, month, Math.min(date.getUTCDate(), lastDay));
}

const dateDiff = ternary(
  {
    name: 'DateDiff',
    in: 'provisioning',
    gives: 'number',
    meaning: 'How many intervals the second date lies behind the first; negative where it lies before.',
    choice:
      'As the documented results show: d, h, n, s and w cut the time elapsed to whole ones; m, q and yyyy count the calendar’s; ww counts the Sundays passed.',
  },
  [interval, date('date1'), date('date2')],
  (name, from, to) => {
    if (from === null || to === null) return null;
    const step = months.get(name ?? '');
    if (step !== undefined) return Math.floor(monthsOf(to) / step) - Math.floor(monthsOf(from) / step);
    if (name === 'ww') return weekOf(to) - weekOf(from);
    const length = lengths.get(name ?? '');
    if (length === undefined) throw unknownInterval(name);
    return Number((to.ticks - from.ticks) / length);
  },
);

const monthsOf = ({ date }: Moment): number => date.getUTCFullYear() * 12 + date.getUTCMonth();
/** Weeks begin on Sunday; the first of 1970 was a Thursday. */
const weekOf = ({ date }: Moment): number => Math.floor((Math.floor(date.getTime() / 86_400_000) + 4) / 7);

function unknownInterval(name: string | null): Mismatch {
  return new Mismatch(`${show(name)} is no interval: yyyy, q, m, y, d, w, ww, h, n and s are`);
}

type Pieces = ReturnType<typeof piecesOf>;

/** The format in one place of a call: taken apart once where it is written there, else for each object. */
function formatAt(call: Call, at: number): (value: Value | undefined) => Pieces {
  const constant = call.arguments[at]?.constant;
  if (constant === undefined) return (value) => piecesOf(format.read(value) ?? '');
  try {
    const pieces = piecesOf(format.read(constant.value) ?? '');
    return () => pieces;
  } catch (error) {
    return error instanceof Mismatch ? call.refuse(at, error.message) : call.refuse(at, 'not a date format');
  }
}

const format = text('format');

const formatDateTime = special(
  {
    name: 'FormatDateTime',
    in: 'provisioning',
    gives: 'text',
    meaning:
      'A date of one form in another, both in .NET’s format strings: FormatDateTime([x], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd").',
    choice:
      'Taken with four arguments, with three (without the styles, as the Cloud Sync page prints it) and with two (a date, and the form to show it in). The styles are not looked at: blanks around are always allowed. A zone in the text is converted to UTC. NULL and "" give NULL.',
  },
  [
    facts('source', 'any'),
    facts('dateTimeStyles', 'text', { optional: true }),
    facts('inputFormat', 'text', { optional: true }),
    facts('outputFormat', 'text', { optional: true }),
  ],
  (call) => {
    const count = call.arguments.length;
    if (count < 2 || call.arguments[count - 1] === undefined)
      call.refuse(0, 'FormatDateTime lacks the form to show the date in');
    const output = formatAt(call, count - 1);
    if (count > 2 && call.arguments[count - 2] === undefined)
      call.refuse(0, 'FormatDateTime lacks the form the date has');
    const input = count > 2 ? formatAt(call, count - 2) : undefined;
    return evaluated(call, [true, true, true, true], (values) => {
      const source = values[0] ?? null;
      if (source === null || source === '') return null;
      const moment =
        input === undefined || source instanceof Moment
          ? date('source').read(source)
          : readDate(text('source').read(source) ?? '', input(values[count - 2]));
      if (moment === undefined)
        throw new Mismatch(`${show(source)} is not a date of the form ${show(values[count - 2] ?? null)}`);
      return moment === null ? null : formatDate(moment, output(values[count - 1]));
    });
  },
);

const formatOfDate = special(
  {
    name: 'FormatDateTime',
    in: 'connect',
    gives: 'text',
    meaning: 'A date in a form of .NET’s format strings: FormatDateTime(CDate("12/25/2007"), "yyyy-MM-dd").',
    choice: 'In UTC. NULL gives NULL.',
  },
  [facts('value', 'date'), facts('format', 'text')],
  (call) => {
    const output = formatAt(call, 1);
    return evaluated(call, [true, true], ([source, form]) => {
      const moment = date('value').read(source);
      return moment === null ? null : formatDate(moment, output(form));
    });
  },
);

const isDate = unary(
  { name: 'IsDate', in: 'connect', gives: 'boolean', meaning: 'True where CDate can read the value as a date.' },
  any('value'),
  (value) => value instanceof Moment || (typeof value === 'string' && Moment.parse(value) !== undefined),
);

export const dateFunctions: readonly FunctionDefinition[] = [
  ...cDate,
  ...dateFromNum,
  numFromDate,
  ...now,
  ...dateAdd,
  dateDiff,
  formatDateTime,
  formatOfDate,
  isDate,
];
