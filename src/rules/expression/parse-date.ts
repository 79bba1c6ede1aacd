/** Reading dates as people and directories write them; without a zone, a date is UTC. */

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const time = String.raw`(?:[T\s]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,7})\d{0,3})?)?\s*(?<half>[AP]M)?)?`;
const zone = String.raw`\s*(?<zone>Z|GMT|UTC|[+-]\d{1,2}(?::?\d{2})?)?`;
const dated = (date: string): RegExp => new RegExp(`^\\s*${date}${time}${zone}\\s*$`, 'i');

const forms: readonly RegExp[] = [
  dated(String.raw`(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})`),
  dated(String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4}|\d{2})`),
  dated(String.raw`(?:[a-z]{3,9},?\s+)?(?<day>\d{1,2})[\s-](?<name>[a-z]{3,9})[\s-](?<year>\d{4})`),
  dated(String.raw`(?:[a-z]{3,9},\s+)?(?<name>[a-z]{3,9})\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})`),
  // GeneralizedTime, as AD writes whenCreated.
  /^\s*(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})(?:[.,](?<fraction>\d{1,7}))?(?<zone>Z|[+-]\d{4})\s*$/i,
];

export interface DateParts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 100 ns within the second. */
  readonly fraction: number;
  /** Minutes ahead of UTC. */
  readonly offset: number;
}

/** 100 ns since 1970 UTC; nothing for a date there is not (February 30th, 25 o'clock). */
export function ticksOf({ year, month, day, hour, minute, second, fraction, offset }: DateParts): bigint | undefined {
  if (year < 1 || month < 1 || month > 12 || day < 1) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || Math.abs(offset) > 14 * 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return BigInt(date.getTime() - offset * 60_000) * 10_000n + BigInt(fraction);
}

/** Minutes ahead of UTC of `Z`, `-8`, `+0530`, `+05:30`. */
export function offsetOf(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -total : total;
}

export function parseDate(text: string): bigint | undefined {
  if (text.length > 64) return undefined;
  for (const form of forms) {
    const found = form.exec(text)?.groups;
    if (found === undefined) continue;
    const month = found['name'] === undefined ? Number(found['month']) : monthOf(found['name']);
    const hour = hourOf(Number(found['hour'] ?? 0), found['half']);
    if (month === undefined || hour === undefined) continue;
    return ticksOf({
      year: yearOf(found['year'] ?? ''),
      month,
      day: Number(found['day']),
      hour,
      minute: Number(found['minute'] ?? 0),
      second: Number(found['second'] ?? 0),
      fraction: Number((found['fraction'] ?? '').padEnd(7, '0')),
      offset: offsetOf(found['zone'] ?? ''),
    });
  }
  return undefined;
}

/** Two digits as .NET reads them: 00 to 49 are 2000 to 2049. */
export function yearOf(digits: string): number {
  const year = Number(digits);
  return digits.length > 2 ? year : year < 50 ? 2000 + year : 1900 + year;
}

/** 12 AM is midnight, 12 PM noon. */
export function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
}

function monthOf(name: string): number | undefined {
  const found = months.indexOf(name.slice(0, 3).toLowerCase());
  return found < 0 ? undefined : found + 1;
}
