import { type Configuration, parseDuration } from '../config/index.ts';

/** After every moment that can be written as ISO 8601 with a four-digit year. */
const never = '9999-12-31T23:59:59.999Z';

/**
 * When an object the tenant refused is tried again, unless something about it changes first: by the configured waits
 * since this failure, and not at all once it has failed for longer than the configured time.
 */
export function retryAt(
  { failures, firstAt }: { readonly failures: number; readonly firstAt: string },
  now: Date,
  { waits, giveUpAfter }: Configuration['retry'],
): string {
  if (now.getTime() - Date.parse(firstAt) > parseDuration(giveUpAfter)) return never;
  const wait = waits[Math.min(failures, waits.length) - 1] ?? '1d';
  return new Date(now.getTime() + parseDuration(wait)).toISOString();
}
