import { createHash } from 'node:crypto';
import type { Dn, ObjectGuid, Sid } from './ids.ts';

/** One value of an AD attribute: text, or bytes where AD's syntax is binary. */
export type SourceValue = string | Uint8Array;
/** By AD's own spelling of the attribute name; no entry is empty. */
export type SourceAttributes = Readonly<Record<string, readonly SourceValue[]>>;

/** One attribute's value as the tenant takes it. `null` is "no value". */
export type TenantValue = string | number | boolean | Uint8Array | readonly string[] | readonly Uint8Array[] | null;
/**
 * By the sync engine's own target names (`alias`, `surname`, `telephoneNumber`), which each target
 * translates into the names of its API. References are not in here.
 */
export type TenantAttributes = Readonly<Record<string, TenantValue>>;

/** A value that names another object: what AD gave of it. */
export interface Reference {
  readonly dn: Dn;
  readonly guid?: ObjectGuid | undefined;
  readonly sid?: Sid | undefined;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    const sorted: Record<string, Json> = {};
    for (const [key, inner] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      if (inner !== undefined) sorted[key] = toJson(inner);
    }
    return sorted;
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

/** JSON with sorted keys and bytes as `{"$bytes": base64}`: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(toJson(value));
}

/** Reads what `canonicalJson` wrote; the caller parses the shape. */
export function parseCanonicalJson(text: string): unknown {
  // A reviver costs more than the parsing itself, and few values are bytes.
  if (!text.includes('"$bytes"')) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && '$bytes' in value && typeof value.$bytes === 'string') {
      return new Uint8Array(Buffer.from(value.$bytes, 'base64'));
    }
    return value;
  });
}

export function digestOf(canonical: string): Uint8Array {
  return createHash('sha256').update(canonical).digest().subarray(0, 16);
}

export function sameValue(a: TenantValue | undefined, b: TenantValue | undefined): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}
