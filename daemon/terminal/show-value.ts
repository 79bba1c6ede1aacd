const longest = 60;

/** A value in a line of text. */
export function showValue(value: unknown): string {
  const text =
    value === null || value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
