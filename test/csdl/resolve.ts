import { facts, type OperationFacts } from './facts.ts';
import { fits, navigationType, parseType } from './schema.ts';

/** What a path leads to. */
export type Shape =
  | { readonly kind: 'collection' | 'entity'; readonly type: string; readonly ofLink?: string }
  | { readonly kind: 'references' | 'count'; readonly type: string }
  | { readonly kind: 'operation'; readonly operation: OperationFacts; readonly name: string; readonly type: string };

/** Pieces of a path, split outside of quotes and decoded. */
function pieces(path: string): readonly string[] {
  const found: string[] = [];
  let piece = '';
  let inside = 0;
  let quoted = false;
  for (const char of decodeURI(path).replaceAll('%27', "'")) {
    if (inside > 0 && char === "'") quoted = !quoted;
    if (!quoted && char === '(') inside += 1;
    if (!quoted && char === ')') inside -= 1;
    if (char === '/' && !quoted) {
      found.push(piece);
      piece = '';
    } else piece += char;
  }
  found.push(piece);
  return found.filter((one) => one !== '').flatMap(split);
}

/** `groups(uniqueName='x')` is a set and a key, `delta()` a call. */
function split(piece: string): readonly string[] {
  const [, name = '', inner] = /^([^(]+)\((.*)\)$/s.exec(piece) ?? [];
  if (inner === undefined) return [piece];
  return inner === '' ? [name] : [name, `(${inner})`];
}

/** Follows a path through the schema; a text says where it leads nowhere. */
export function resolvePath(path: string): Shape | string {
  const [first, ...rest] = pieces(path);
  if (first === undefined) return 'the path is empty';
  const set = facts.sets[first];
  const single = facts.singletons[first];
  let shape: Shape;
  if (set !== undefined) shape = { kind: 'collection', type: set };
  else if (single !== undefined) shape = { kind: 'entity', type: single };
  else return `${first} is no entity set`;
  for (const piece of rest) {
    const next = step(shape, piece);
    if (typeof next === 'string') return next;
    shape = next;
  }
  return shape;
}

function step(shape: Shape, piece: string): Shape | string {
  if (shape.kind === 'operation' || shape.kind === 'count') return `nothing follows ${shape.kind}: ${piece}`;
  if (shape.kind === 'references') return `nothing follows $ref: ${piece}`;
  if (piece === '$count' && shape.kind === 'collection') return { kind: 'count', type: shape.type };
  if (piece === '$ref') return { kind: 'references', type: shape.type };
  const bare = piece.replace(/^(microsoft\.)?graph\./, '');
  if (bare !== piece && facts.entities[bare] !== undefined) {
    return fits(bare, shape.type) ? { ...shape, type: bare } : `${bare} is no ${shape.type}`;
  }
  const operation = operationOf(bare, shape);
  if (operation !== undefined) return { kind: 'operation', operation, name: bare, type: shape.type };
  if (shape.kind === 'collection') return { kind: 'entity', type: shape.type };
  const link = navigationType(shape.type, piece);
  if (link === undefined) return `${piece} is no navigation property of ${shape.type}`;
  const { name, collection } = parseType(link);
  return { kind: collection ? 'collection' : 'entity', type: name, ofLink: piece };
}

function operationOf(name: string, shape: Shape & { type: string }): OperationFacts | undefined {
  return facts.operations[name]?.find(({ on }) => {
    const bound = parseType(on);
    return bound.collection === (shape.kind === 'collection') && fits(shape.type, bound.name);
  });
}
