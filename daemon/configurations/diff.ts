/** One difference between two configurations: where, and what stood there before and after. */
export interface Difference {
  /** `forests[contoso].scope.organizationalUnits` */
  readonly path: string;
  /** Absent where there was nothing. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Compares two documents key by key. Items of a list that have a name are told apart by it, others by their value. */
export function diffDocuments(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      diffDocuments(own(before, key), own(after, key), path === '' ? key : `${path}.${key}`),
    );
  }
  if (isNamedList(before) && isNamedList(after)) return diffNamed(before, after, path);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

function diffNamed(before: readonly Named[], after: readonly Named[], path: string): readonly Difference[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const named = (list: readonly Named[], name: string): unknown => list.find((item) => item.name === name);
  const inBoth = (list: readonly Named[]): string[] =>
    list
      .map(({ name }) => name)
      .filter((name) => named(before, name) !== undefined && named(after, name) !== undefined);
  const order = { path: `${path} (order)`, before: inBoth(before), after: inBoth(after) };
  return [
    ...names.flatMap((name) => diffDocuments(named(before, name), named(after, name), `${path}[${name}]`)),
    ...(order.before.join('\n') === order.after.join('\n') ? [] : [order]),
  ];
}

interface Named {
  readonly name: string;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** A list whose items each have a name of their own. */
function isNamedList(value: unknown): value is readonly Named[] {
  if (!Array.isArray(value)) return false;
  const names = value.map((item: unknown) =>
    isRecord(item) && typeof item['name'] === 'string' ? item['name'] : undefined,
  );
  return !names.includes(undefined) && new Set(names).size === names.length;
}
