import { refuse } from '../refusals.ts';

/** Query options by lower-case name without the dollar sign, decoded. */
export type QueryOptions = ReadonlyMap<string, string>;

const known = new Set([
  'select',
  'filter',
  'top',
  'count',
  'search',
  'orderby',
  'expand',
  'skip',
  'format',
  'skiptoken',
  'deltatoken',
]);

/** Names may be encoded, in any case, and come without their dollar sign, as clients of several makes send them. */
export function parseOptions(query: string): QueryOptions {
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const bare = name.replace(/^\$/, '').toLowerCase();
    if (!known.has(bare)) {
      if (name.startsWith('$')) throw refuse.unknownOption(name);
      continue;
    }
    if (options.has(bare)) throw refuse.optionTwice(name);
    options.set(bare, value);
  }
  return options;
}

export function flag(options: QueryOptions, name: string): boolean {
  const value = options.get(name)?.toLowerCase();
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw refuse.optionValue(name, value);
}

export const pageSize = { usual: 100, most: 999 } as const;

/** `$top`: how many to a page. */
export function topOf(options: QueryOptions, limits: { usual: number; most: number } = pageSize): number {
  const value = options.get('top');
  if (value === undefined) return limits.usual;
  if (!/^\d+$/.test(value)) throw refuse.optionValue('top', value);
  const top = Number(value);
  if (top < 1 || top > limits.most) {
    throw refuse.pageSize(value, limits.most);
  }
  return top;
}

/** Comma-separated names of `$select`. */
export function selectOf(options: QueryOptions): readonly string[] | undefined {
  const names = options
    .get('select')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names === undefined || names.length === 0 || names.includes('*') ? undefined : [...new Set(names)];
}
