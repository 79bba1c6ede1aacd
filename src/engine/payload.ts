import { canonicalJson, parseCanonicalJson, type TenantAttributes } from '../model/index.ts';
import type { AttributeChange } from '../target/index.ts';

/** What an operation carries in the journal, by its type; other ends are identities, since a tenant id may not exist yet. */
export interface Payload {
  readonly attributes?: TenantAttributes;
  readonly changes?: Readonly<Record<string, AttributeChange>>;
  readonly whole?: TenantAttributes;
  readonly attribute?: string;
  readonly members?: readonly number[];
  /** What a single-valued reference names now. */
  readonly replaces?: readonly number[];
}

export function writePayload(payload: Payload): string {
  return canonicalJson(payload);
}

/** Reads what `writePayload` wrote. */
export function readPayload(text: string): Payload {
  return parseCanonicalJson(text) as Payload;
}
