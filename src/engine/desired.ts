import {
  canonicalJson,
  type ErrorReport,
  type ObjectKind,
  parseCanonicalJson,
  sameValue,
  type TenantAttributes,
  type TenantValue,
} from '../model/index.ts';
import type { Mapped } from '../rules/index.ts';
import type { AttributeChange, KindSupport, TargetProfile } from '../target/index.ts';
import { ValueRefusedError } from './object-errors.ts';

/** What should be in the tenant: `create` only counts while the object is being made. */
export interface Desired {
  readonly always: TenantAttributes;
  readonly create: TenantAttributes;
}

/** Keeps of the mapped values what the target can write, in the form the tenant will give it back. */
export function desiredOf(
  profile: TargetProfile,
  kind: ObjectKind,
  mapped: Mapped,
  object: string,
): { readonly desired: Desired; readonly errors: readonly ErrorReport[] } {
  const support = profile.kinds[kind];
  const always: Record<string, TenantValue> = {};
  const create: Record<string, TenantValue> = {};
  const errors: ErrorReport[] = [...mapped.errors];
  if (!support.supported) return { desired: { always, create }, errors };
  for (const [attribute, { value, flow }] of Object.entries(mapped.values)) {
    const known = support.attributes.get(attribute);
    if (known === undefined || known.write === 'never') continue;
    const normalized = profile.normalize(kind, attribute, value);
    if ('problem' in normalized) {
      errors.push(new ValueRefusedError(object, attribute, normalized.problem).report());
      continue;
    }
    if (normalized.value === null && known.required === true) continue;
    if (flow === 'create' || known.write === 'create') create[attribute] = normalized.value;
    else always[attribute] = normalized.value;
  }
  return { desired: { always, create }, errors };
}

export function writeDesired(desired: Desired): string {
  return canonicalJson(desired);
}

/** Reads what `writeDesired` wrote. */
export function readDesired(text: string): Desired {
  return parseCanonicalJson(text) as Desired;
}

/** What a create sends: everything that has a value. */
export function creation({ always, create }: Desired): TenantAttributes {
  return Object.fromEntries(Object.entries({ ...create, ...always }).filter(([, value]) => value !== null));
}

/** Attribute by attribute, what must change for `known` to become `always`. */
export function differences(
  support: KindSupport,
  always: TenantAttributes,
  known: TenantAttributes,
): Readonly<Record<string, AttributeChange>> {
  const changes: Record<string, AttributeChange> = {};
  if (!support.supported) return changes;
  for (const [attribute, after] of Object.entries(always)) {
    const rule = support.attributes.get(attribute);
    if (rule === undefined) continue;
    const before = known[attribute] ?? null;
    if (!same(before, after, rule.caseExact)) changes[attribute] = { before, after };
  }
  return changes;
}

function same(a: TenantValue, b: TenantValue, caseExact: boolean): boolean {
  if (a === b) return true;
  if (!caseExact && typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return sameValue(a, b);
}
