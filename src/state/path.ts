import { type Dn, dnKey } from '../model/index.ts';

const separator = '\u0001';

/** The DN's key, root first: everything below a container lies in one range of the index. */
export function pathOf(dn: Dn | string): string {
  const key = dnKey(dn);
  if (!key.includes('\\')) return key.split(',').reverse().join(separator);
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < key.length; at += 1) {
    if (key[at] === '\\') at += 1;
    else if (key[at] === ',') {
      parts.push(key.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(key.slice(start));
  return parts.reverse().join(separator);
}

/** Bounds of the range of everything below `path`, itself left out. */
export function below(path: string): { readonly from: string; readonly to: string } {
  return { from: path + separator, to: `${path}\u0002` };
}
