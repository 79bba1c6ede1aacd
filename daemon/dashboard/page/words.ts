/** How things are said on the page. */

const numbers = new Intl.NumberFormat('en');
const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const spans = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const number = (n: number): string => numbers.format(n);

/** `1 user`, `2 users` */
export const counted = (n: number, noun: string): string => `${number(n)} ${noun}${n === 1 ? '' : 's'}`;

export const moment = (iso: string): string => moments.format(new Date(iso));

/** `2 minutes ago`, `in 3 hours` */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  for (const [unit, length] of units)
    if (Math.abs(seconds) >= length) return spans.format(Math.round(seconds / length), unit);
  return spans.format(seconds, 'second');
}

/** At least a millisecond, which is as exact as times are told. */
export const secondsOf = (from: string, to: string): number =>
  Math.max(new Date(to).getTime() - new Date(from).getTime(), 1) / 1000;

/** `0.8 s`, `2 min 5 s` */
export function lasting(from: string, to: string | null): string {
  const seconds = (new Date(to ?? Date.now()).getTime() - new Date(from).getTime()) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `membersAdded` as `members added` */
export const words = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const sentence = (name: string): string => {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** A value of an attribute, as text. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(shown).join('; ');
  return JSON.stringify(value);
}
