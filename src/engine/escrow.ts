const hour = 3_600_000;

/** Hours to wait after the first, second and every later failure of one object, as documented for Cloud Sync. */
const waits = [6, 12, 24] as const;

/** When an object the tenant refused is tried again, unless something about it changes first. */
export function retryAt(failures: number, now: Date): string {
  const wait = waits[Math.min(failures, waits.length) - 1] ?? waits[0];
  return new Date(now.getTime() + wait * hour).toISOString();
}
