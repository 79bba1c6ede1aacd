/** Reads what JSON from outside holds, by shape. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function records(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

declare global {
  interface JSON {
    /** Not in the compiler's library yet. */
    rawJSON(text: string): unknown;
  }
}

/** A whole number as JSON, beyond what a number holds as well. */
export function rawNumber(text: string): unknown {
  return Number.isSafeInteger(Number(text)) ? Number(text) : JSON.rawJSON(text);
}

const unsafe = /[:[,]\s*-?\d{16,}/;

/** JSON whose whole numbers beyond what a number holds come as text. */
export function parseJsonExactly(text: string): unknown {
  if (!unsafe.test(text)) return JSON.parse(text);
  const revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown = (
    _key,
    value,
    { source },
  ) =>
    typeof value === 'number' && source !== undefined && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? source
      : value;
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
}
