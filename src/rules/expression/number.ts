/** A whole number: a `number` while that is exact, as AD's 64-bit integers are not. */
export function integer(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

const decimal = /^\s*[+-]?\d{1,40}(?:\.\d{1,40})?\s*$/;
const plain = /^-?\d{1,15}$/;
const hexadecimal = /^\s*&[Hh][0-9A-Fa-f]{1,32}\s*$/;

/** The number a text is; nothing where it is none. */
export function parseNumber(text: string): number | bigint | undefined {
  if (plain.test(text)) return Number(text);
  if (decimal.test(text)) return text.includes('.') ? Number(text) : integer(BigInt(text));
  return hexadecimal.test(text) ? integer(BigInt(`0x${text.trim().slice(2)}`)) : undefined;
}

export function compareNumbers(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Cut to a whole number, as bit operations and positions take it. */
export function toBigInt(value: number | bigint): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
}
