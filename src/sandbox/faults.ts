import type { FaultKind, FaultRule, Profile } from './profile.ts';
import { type Random, seededRandom } from './random.ts';

/** A request as fault rules look at it. */
export interface FaultTarget {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
}

export interface Strike {
  readonly kind: FaultKind;
  readonly when: 'before' | 'after';
  readonly retryAfterSeconds: number | undefined;
}

/** Kinds that are an answer of Graph's own, and so can strike one item of a batch. */
const answered: readonly FaultKind[] = ['throttled', 'unavailable', 'gatewayTimeout', 'internalError'];

export interface Faults {
  /** Strikes what is answered by itself: a request, or an item of a batch. */
  onAnswer(target: FaultTarget): Strike | undefined;
  /** Strikes the connection that a request, or a whole batch with its items, came over. */
  onConnection(targets: readonly FaultTarget[]): Strike | undefined;
}

/** Draws faults from the profile's seed, in the order requests come. */
export function faultSource(profile: () => Profile): Faults {
  let settings = profile().faults;
  let random: Random = seededRandom(settings.seed);
  let struck = settings.rules.map(() => 0);

  function refresh(): void {
    if (profile().faults === settings) return;
    settings = profile().faults;
    random = seededRandom(settings.seed);
    struck = settings.rules.map(() => 0);
  }

  function draw(fits: (rule: FaultRule) => boolean): Strike | undefined {
    refresh();
    for (const [i, rule] of settings.rules.entries()) {
      if (!fits(rule)) continue;
      const times = struck[i] ?? 0;
      if (rule.times !== undefined && times >= rule.times) continue;
      if (rule.rate < 1 && random() >= rule.rate) continue;
      struck[i] = times + 1;
      return { kind: rule.kind, when: rule.when, retryAfterSeconds: rule.retryAfterSeconds };
    }
    return undefined;
  }

  return {
    onAnswer: (target) =>
      settings.rules.length === 0 && profile().faults === settings
        ? undefined
        : draw((rule) => answered.includes(rule.kind) && matches(rule, target)),
    onConnection: (targets) =>
      settings.rules.length === 0 && profile().faults === settings
        ? undefined
        : draw((rule) => !answered.includes(rule.kind) && targets.some((target) => matches(rule, target))),
  };
}

function matches({ methods, path }: FaultRule, { method, target }: FaultTarget): boolean {
  if (methods !== undefined && !methods.some((one) => one.toUpperCase() === method)) return false;
  return path === undefined || decoded(target).includes(path);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
