import { integer } from './number.ts';
import { parseDate } from './parse-date.ts';

/** 100 ns from 1601-01-01, where FILETIME begins, to 1970-01-01. */
const unixEpoch = 116_444_736_000_000_000n;
const perMillisecond = 10_000n;
/** 0001-01-01 and the end of 9999, as .NET's dates go. */
const first = -504_911_232_000_000_000n;
const last = 2_650_467_744_000_000_000n;

/** How a date is shown: `7/2/2021 3:33:38 PM` in the provisioning dialect, ISO 8601 in Connect's. */
export type DateForm = 'provisioning' | 'connect';

/** A point in time, UTC, to 100 ns as FILETIME has it. */
export class Moment {
  /** 100 ns since 1601. */
  readonly ticks: bigint;
  readonly form: DateForm;

  private constructor(ticks: bigint, form: DateForm) {
    this.ticks = ticks;
    this.form = form;
  }

  /** Nothing outside the years 1 to 9999. */
  static of(ticks: bigint, form: DateForm): Moment | undefined {
    return ticks >= first && ticks < last ? new Moment(ticks, form) : undefined;
  }

  static ofDate(date: Date, form: DateForm): Moment | undefined {
    const time = date.getTime();
    return Number.isNaN(time) ? undefined : Moment.of(BigInt(time) * perMillisecond + unixEpoch, form);
  }

  /** Reads a date in any of the forms CDate takes. */
  static parse(text: string, form: DateForm = 'connect'): Moment | undefined {
    const read = parseDate(text);
    return read === undefined ? undefined : Moment.of(read + unixEpoch, form);
  }

  /** The calendar's view, UTC, to the millisecond. */
  get date(): Date {
    return new Date(Number((this.ticks - unixEpoch) / perMillisecond - (this.subMillisecond < 0n ? 1n : 0n)));
  }

  private get subMillisecond(): bigint {
    return (this.ticks - unixEpoch) % perMillisecond;
  }

  /** 100 ns within the second, 0 to 9,999,999. */
  get fraction(): number {
    const rest = this.ticks % 10_000_000n;
    return Number(rest < 0n ? rest + 10_000_000n : rest);
  }

  get fileTime(): number | bigint {
    return integer(this.ticks);
  }

  plus(ticks: bigint): Moment | undefined {
    return Moment.of(this.ticks + ticks, this.form);
  }

  /** The same time of day on another date. */
  onDate(year: number, month: number, day: number): Moment | undefined {
    const { date } = this;
    const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
    const moved = new Date(0);
    moved.setUTCFullYear(year, month, day);
    return Moment.of(this.ticks + BigInt(moved.getTime() - midnightOf(date, midnight)) * perMillisecond, this.form);
  }

  in(form: DateForm): Moment {
    return form === this.form ? this : new Moment(this.ticks, form);
  }

  toString(): string {
    const { date } = this;
    const two = (n: number): string => String(n).padStart(2, '0');
    const [hours, minutes, seconds] = [date.getUTCHours(), two(date.getUTCMinutes()), two(date.getUTCSeconds())];
    const year = String(date.getUTCFullYear()).padStart(4, '0');
    const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
    if (this.form === 'provisioning') {
      return `${month}/${day}/${year} ${hours % 12 === 0 ? 12 : hours % 12}:${minutes}:${seconds} ${hours < 12 ? 'AM' : 'PM'}`;
    }
    const fraction = String(this.fraction).padStart(7, '0').replace(/0+$/, '');
    return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minutes}:${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
  }
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
function midnightOf(date: Date, byUtc: number): number {
  if (date.getUTCFullYear() > 99) return byUtc;
  const midnight = new Date(0);
  midnight.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return midnight.getTime();
}
