/** The tenant's time: the world's, moved. Windows, quotas and token lives are reckoned by it, so tests can pass them at once. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** `2026-01-31T10:00:00Z`, as the directory shows times. */
  iso(): string;
  /** Forward only: time never runs back under a token that was issued. */
  advance(milliseconds: number): void;
}

export function movableClock(world: () => Date): Clock {
  let moved = 0;
  let latest = 0;
  const now = (): number => {
    latest = Math.max(latest, world().getTime() + moved);
    return latest;
  };
  return {
    now,
    iso: () => isoTime(now()),
    advance(milliseconds) {
      moved += Math.max(0, milliseconds);
    },
  };
}

export function isoTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
