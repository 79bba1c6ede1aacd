const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What a duration looks like in the configuration and the API: `500ms`, `2m`, `7d`; none is no time to wait. */
export const durationPattern = /^(?=\d*[1-9])(?=\d{1,9}(?:ms|s)$|\d{1,7}m$|\d{1,6}h$|\d{1,4}d$)(\d+)(ms|s|m|h|d)$/;

/** Milliseconds of a duration as written; the configuration has been checked before. */
export function parseDuration(text: string): number {
  const [, number, unit] = text.match(durationPattern) ?? [];
  const factor = units[unit ?? ''];
  if (number === undefined || factor === undefined) throw new Error(`"${text}" is not a duration`);
  return Number(number) * factor;
}
