/** A value inside an OData string literal stays one value: odata`name eq ${value}` quotes and doubles. */
export function odata(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return strings.reduce((text, piece, i) => `${text}'${(values[i - 1] ?? '').replaceAll("'", "''")}'${piece}`);
}

/** A path whose inserted values stay single segments or keys: path`/users/${id}`. */
export function path(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return strings.reduce((text, piece, i) => text + encodeURIComponent(values[i - 1] ?? '') + piece);
}

/** `?$select=a,b&$filter=…`, percent-encoded. */
export function query(options: Readonly<Record<string, string>>): string {
  const parts = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
