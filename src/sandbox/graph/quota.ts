import type { Clock } from '../clock.ts';
import type { Bucket, Profile } from '../profile.ts';
import { refuse } from './refusals.ts';
import type { GraphRequest } from './request.ts';
import type { Route } from './route.ts';

/** What a request costs. */
export interface Cost {
  readonly units: number;
  readonly writes: number;
  readonly device: boolean;
}

/** Base costs and their adjustments, as the throttling limits of identity and access list them. */
export function costOf(request: GraphRequest, { units = 1, method, path, reads = false }: Route): Cost {
  const { options } = request;
  const isWrite = method !== 'GET' && !reads;
  let sum = units;
  if (options.has('select')) sum -= path.endsWith('/getByIds') ? 3 : 1;
  if (options.has('expand')) sum += 1;
  const top = options.get('top');
  if (top !== undefined && Number(top) < 20) sum -= 1;
  return { units: Math.max(1, sum), writes: isWrite ? 1 : 0, device: path.startsWith('/devices') };
}

class TokenBucket {
  readonly limit: number;
  readonly perMillisecond: number;
  #tokens: number;
  #at: number;

  constructor({ limit, seconds }: Bucket, now: number) {
    this.limit = limit;
    this.perMillisecond = limit / (seconds * 1000);
    this.#tokens = limit;
    this.#at = now;
  }

  refill(now: number): void {
    this.#tokens = Math.min(this.limit, this.#tokens + (now - this.#at) * this.perMillisecond);
    this.#at = now;
  }

  /** Milliseconds until there is enough. */
  lacks(cost: number): number {
    return cost <= this.#tokens ? 0 : (cost - this.#tokens) / this.perMillisecond;
  }

  /** A refused request counts as well: insisting makes it worse, to a degree. */
  take(cost: number): void {
    this.#tokens = Math.max(-this.limit / 10, this.#tokens - cost);
  }

  get used(): number {
    return 1 - this.#tokens / this.limit;
  }
}

export interface QuotaKeeper {
  /** Takes the cost or refuses with 429; gives back the headers that tell how full the buckets are. */
  charge(appId: string, cost: Cost): Readonly<Record<string, string>>;
}

export function quotaKeeper(tenantId: string, clock: Clock, profile: () => Profile, users: () => number): QuotaKeeper {
  let settings = profile().quotas;
  const buckets = new Map<string, TokenBucket>();

  function bucket(name: string, shape: Bucket): TokenBucket {
    const key = `${name} ${shape.limit} ${shape.seconds}`;
    let found = buckets.get(key);
    if (found === undefined) {
      found = new TokenBucket(shape, clock.now());
      buckets.set(key, found);
    }
    found.refill(clock.now());
    return found;
  }

  return {
    charge(appId, cost) {
      const shown = { 'x-ms-resource-unit': String(cost.units) };
      if (profile().quotas !== settings) {
        settings = profile().quotas;
        buckets.clear();
      }
      if (!settings.throttling) return shown;
      const size = users() < 50 ? 'small' : users() <= 500 ? 'medium' : 'large';
      const charges: readonly (readonly [TokenBucket, number, string, string])[] = [
        [
          bucket(`units ${appId}`, settings.units[size]),
          cost.units,
          'Tenant_Application/ReadWrite',
          'ResourceUnitLimitExceeded',
        ],
        ...(cost.writes === 0
          ? []
          : ([
              [
                bucket(`writes ${appId}`, settings.applicationWrites),
                cost.writes,
                'Tenant_Application/Write',
                'WriteLimitExceeded',
              ],
              [bucket('writes', settings.tenantWrites), cost.writes, 'Tenant/Write', 'WriteLimitExceeded'],
            ] as const)),
        ...(cost.writes === 0 || !cost.device
          ? []
          : ([
              [
                bucket(`devices ${appId}`, settings.deviceWrites),
                cost.writes,
                'Tenant_Application/Write',
                'WriteLimitExceeded',
              ],
            ] as const)),
      ];
      const lacking = charges.find(([one, amount]) => one.lacks(amount) > 0);
      for (const [one, amount] of charges) one.take(amount);
      const fullest = Math.max(...charges.map(([one]) => one.used));
      const headers: Record<string, string> = shown;
      if (fullest > 0.8) headers['x-ms-throttle-limit-percentage'] = fullest.toFixed(2);
      if (lacking === undefined) return headers;
      const [one, amount, scope, information] = lacking;
      throw refuse.throttled(Math.max(1, Math.ceil(one.lacks(amount) / 1000)), {
        ...headers,
        'x-ms-throttle-scope': `${scope}/${appId}/${tenantId}`,
        'x-ms-throttle-information': information,
      });
    },
  };
}
