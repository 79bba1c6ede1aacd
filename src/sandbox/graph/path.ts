import { refuse } from './refusals.ts';

/** A key by an alternate name: `uniqueName='x'`. */
export interface AlternateKey {
  readonly name: string;
  readonly value: string;
}

/** A step of a path: a name, the key of an object, or a cast such as `microsoft.graph.user`. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'cast'; readonly text: string }
  | { readonly kind: 'alternate'; readonly key: AlternateKey };

/** What may be called by its qualified name as well: `microsoft.graph.delta`. */
const operations = new Set(
  [
    'delta',
    'getByIds',
    'restore',
    'checkMemberGroups',
    'checkMemberObjects',
    'getMemberGroups',
    'getMemberObjects',
    'validateProperties',
    'getAvailableExtensionProperties',
    'verify',
    'promote',
    'addKey',
    'addPassword',
    'removePassword',
    'revokeSignInSessions',
  ].map((name) => name.toLowerCase()),
);

/**
 * Reads a path below the version in any of the ways clients spell one: `users/{id}`, `users('id')`,
 * `groups(uniqueName='a/b')`, `users/delta()`, `users/microsoft.graph.delta()`.
 */
export function parsePath(encoded: string): readonly Segment[] {
  return pieces(encoded).flatMap(parsePiece);
}

/** Splits at slashes outside of quotes in parentheses: an alternate key may hold one. */
function pieces(encoded: string): readonly string[] {
  const path = encoded.replaceAll(/%27/g, "'").replaceAll(/%28/g, '(').replaceAll(/%29/g, ')');
  const result: string[] = [];
  let piece = '';
  let depth = 0;
  let quoted = false;
  for (const char of path) {
    if (char === "'" && depth > 0) quoted = !quoted;
    else if (!quoted && char === '(') depth += 1;
    else if (!quoted && char === ')') depth = Math.max(0, depth - 1);
    if (char === '/' && !quoted) {
      if (piece !== '') result.push(piece);
      piece = '';
    } else {
      piece += char;
    }
  }
  if (piece !== '') result.push(piece);
  return result;
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    throw refuse.noSegment(piece);
  }
}

function parsePiece(piece: string): readonly Segment[] {
  const [, name = '', inner] = /^([^(]+)\((.*)\)$/s.exec(piece) ?? [];
  if (inner === undefined) return [named(decoded(piece))];
  if (inner.trim() === '') return [named(decoded(name))];
  return [named(decoded(name)), keyOf(decoded(inner.trim()))];
}

function named(text: string): Segment {
  const bare = text.replace(/^(microsoft\.)?graph\./i, '');
  if (bare === text || operations.has(bare.toLowerCase())) return { kind: 'text', text: bare };
  return { kind: 'cast', text: bare };
}

function keyOf(text: string): Segment {
  const [, name, quoted] = /^([A-Za-z]+)\s*=\s*'(.*)'$/s.exec(text) ?? [];
  if (name !== undefined && quoted !== undefined) {
    return { kind: 'alternate', key: { name, value: quoted.replaceAll("''", "'") } };
  }
  const [, plain] = /^'(.*)'$/s.exec(text) ?? [];
  return { kind: 'text', text: plain === undefined ? text : plain.replaceAll("''", "'") };
}
