import type { GraphAnswer } from './answer.ts';
import type { GraphContext } from './context.ts';
import type { AlternateKey, Segment } from './path.ts';
import { refuse } from './refusals.ts';
import type { GraphRequest } from './request.ts';

/** The key of an object in a path: its id (or, for users, its name), or an alternate key. */
export type ObjectKey = string | AlternateKey;

export interface RouteParameters {
  /** The keys in the path, in order. */
  readonly keys: readonly ObjectKey[];
  /** `user` of `.../microsoft.graph.user`. */
  readonly cast: string | undefined;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/groups/{key}/members/{key}/$ref`; `{cast}` stands for a type. */
  readonly path: string;
  readonly beta?: 'only';
  /** Any of these roles will do, the least first; none: any caller may. */
  readonly permissions: readonly string[];
  /** Resource units before adjustments; 1 when left out. */
  readonly units?: number;
  /** A POST that only reads. */
  readonly reads?: boolean;
  handle(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer;
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: RouteParameters;
}

interface Node {
  readonly texts: Map<string, Node>;
  key: Node | undefined;
  cast: Node | undefined;
  readonly routes: Map<string, Route[]>;
}

function emptyNode(): Node {
  return { texts: new Map(), key: undefined, cast: undefined, routes: new Map() };
}

/** Finds the end point of a request; literal steps go before keys. */
export function router(routes: readonly Route[]): (request: GraphRequest) => RouteMatch {
  const root = emptyNode();
  for (const route of routes) {
    let node = root;
    for (const step of route.path.split('/').slice(1)) node = child(node, step);
    node.routes.set(route.method, [...(node.routes.get(route.method) ?? []), route]);
  }

  return (request) => {
    const found = walk(root, request.segments, 0, [], undefined);
    if (found === undefined) throw refuse.noSegment(describe(request.segments.at(-1)));
    const routes = found.node.routes.get(request.method) ?? [];
    const route = routes.find(({ beta }) => (beta === 'only' ? request.version === 'beta' : true));
    if (route === undefined) throw refuse.methodNotAllowed();
    return { route, parameters: { keys: found.keys, cast: found.cast } };
  };
}

function child(node: Node, step: string): Node {
  if (step === '{key}') {
    node.key ??= emptyNode();
    return node.key;
  }
  if (step === '{cast}') {
    node.cast ??= emptyNode();
    return node.cast;
  }
  const name = step.toLowerCase();
  const known = node.texts.get(name) ?? emptyNode();
  node.texts.set(name, known);
  return known;
}

interface Found {
  readonly node: Node;
  readonly keys: readonly ObjectKey[];
  readonly cast: string | undefined;
}

function walk(
  node: Node,
  segments: readonly Segment[],
  at: number,
  keys: readonly ObjectKey[],
  cast: string | undefined,
): Found | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.routes.size === 0 ? undefined : { node, keys, cast };
  switch (segment.kind) {
    case 'text': {
      const literal = node.texts.get(segment.text.toLowerCase());
      const found = literal && walk(literal, segments, at + 1, keys, cast);
      return found ?? (node.key && walk(node.key, segments, at + 1, [...keys, segment.text], cast));
    }
    case 'alternate':
      return node.key && walk(node.key, segments, at + 1, [...keys, segment.key], cast);
    case 'cast':
      return node.cast && walk(node.cast, segments, at + 1, keys, segment.text);
  }
}

function describe(segment: Segment | undefined): string {
  if (segment === undefined) return '';
  return segment.kind === 'alternate' ? segment.key.name : segment.text;
}
