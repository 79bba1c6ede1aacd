import type { Condition, DirectoryKind, DirectoryObject, SqlValue } from '../directory/index.ts';
import { contextUrl, type GraphAnswer, ok } from './answer.ts';
import type { GraphContext } from './context.ts';
import { type Entity, entities } from './entities/index.ts';
import { expandInto, expandOf } from './expand.ts';
import { parseFilter } from './query/filter.ts';
import { column, compileFilter } from './query/filter-sql.ts';
import { flag, topOf } from './query/options.ts';
import { compileSearch } from './query/search.ts';
import { refuse } from './refusals.ts';
import { represent, representTyped, requireInStore, requireSelectable, type View } from './represent.ts';
import type { GraphRequest, JsonObject } from './request.ts';
import { viewOf } from './view.ts';

export interface Listing {
  readonly kinds: readonly DirectoryKind[];
  readonly state?: 'live' | 'deleted';
  /** What narrows the list beside the query: the members of one group. */
  readonly within?: Condition | undefined;
  /** Lists of several types say of each object what it is. */
  readonly typed: boolean;
  /** Set or path of the context URL. */
  readonly set: string;
  /** Reads a page without conditions, where there is a quicker way than the general one. */
  readonly quick?: ((after: number, limit: number) => readonly DirectoryObject[]) | undefined;
  readonly quickCount?: (() => number) | undefined;
}

/** Where the next page begins, inside `$skiptoken`. */
interface Position {
  readonly number: number;
  readonly sort?: SqlValue;
}

/** A list of directory objects with `$select`, `$filter`, `$search`, `$orderby`, `$count`, `$expand`, `$top` and paging. */
export function listObjects(request: GraphRequest, context: GraphContext, listing: Listing): GraphAnswer {
  const { directory } = context;
  const [only] = listing.kinds;
  const entity = listing.kinds.length === 1 && only !== undefined ? entities[only] : undefined;
  const view = viewOf(request, context, entity);
  if (entity !== undefined) {
    requireSelectable(view.select, entity, view);
    requireInStore(view.select, entity);
  }
  if (request.options.has('skip')) throw refuse.optionNotSupported('skip');
  const counted = flag(request.options, 'count') && request.eventual;
  const where = conditionOf(request, context, entity ?? entities.user, listing.within);
  const order = orderOf(request, entity, counted);
  const expand = expandOf(request, context, entity);
  const top = topOf(request.options);
  const position = positionOf(request.options.get('skiptoken'));
  const plain = where === listing.within && order === undefined;
  const found =
    plain && listing.quick !== undefined
      ? listing.quick(position?.number ?? 0, top + 1).map((object) => ({ object, sort: null }))
      : directory.objects.page({
          kinds: listing.kinds,
          state: listing.state ?? 'live',
          where,
          order,
          after: position,
          limit: top + 1,
        });
  const page = found.slice(0, top);
  const last = page.at(-1);
  const body: Record<string, unknown> = {
    '@odata.context': contextUrl(request.root, listing.set, view.select),
  };
  if (counted && position === undefined) {
    body['@odata.count'] =
      plain && listing.quickCount !== undefined
        ? listing.quickCount()
        : directory.objects.countWhere({ kinds: listing.kinds, state: listing.state ?? 'live', where });
  }
  if (found.length > top && last !== undefined) {
    body['@odata.nextLink'] = nextLink(request, { number: last.object.number, sort: last.sort });
  }
  body['value'] = page.map(({ object }) =>
    expandInto(
      listing.typed ? representTyped(object, view) : represent(object, view),
      object,
      expand,
      request,
      context,
    ),
  );
  return ok(body);
}

/** `GET .../$count`: the bare number, as text. */
export function countObjects(request: GraphRequest, context: GraphContext, listing: Listing): GraphAnswer {
  if (!request.eventual) throw refuse.countUnsupported();
  const [only] = listing.kinds;
  const entity = listing.kinds.length === 1 && only !== undefined ? entities[only] : entities.user;
  const where = conditionOf(request, context, entity, listing.within);
  const count =
    where === listing.within && listing.quickCount !== undefined
      ? listing.quickCount()
      : context.directory.objects.countWhere({ kinds: listing.kinds, state: listing.state ?? 'live', where });
  return { status: 200, body: String(count), headers: { 'content-type': 'text/plain' } };
}

function conditionOf(
  request: GraphRequest,
  context: GraphContext,
  entity: Entity,
  within: Condition | undefined,
): Condition | undefined {
  const conditions = within === undefined ? [] : [within];
  const filter = request.options.get('filter');
  if (filter !== undefined) {
    const compiled = compileFilter(parseFilter(filter), {
      entity,
      isExtension: (name) => viewOf(request, context).isExtension(name),
    });
    if (compiled.advanced !== undefined && !(request.eventual && isCounted(request))) {
      throw refuse.unsupportedFilter(compiled.advanced, entity.resource);
    }
    conditions.push(compiled);
  }
  const search = request.options.get('search');
  if (search !== undefined) {
    if (!request.eventual) throw refuse.searchNeedsHeader();
    conditions.push(compileSearch(search, entity));
  }
  if (conditions.length < 2) return conditions[0];
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function isCounted(request: GraphRequest): boolean {
  const last = request.segments.at(-1);
  return flag(request.options, 'count') || (last?.kind === 'text' && last.text === '$count');
}

function orderOf(
  request: GraphRequest,
  entity: Entity | undefined,
  counted: boolean,
): { readonly sql: string; readonly descending: boolean } | undefined {
  const value = request.options.get('orderby');
  if (value === undefined) return undefined;
  const [, name = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(value) ?? [];
  const known = entity && [...entity.rules].find(([property]) => property.toLowerCase() === name.toLowerCase());
  if (known === undefined || !known[1].sortable) {
    throw refuse.sortUnsupported(value);
  }
  if ((request.options.has('filter') || request.options.has('search')) && !counted) {
    throw refuse.sortWithFilter();
  }
  return { sql: `fold(${column([known[0]])})`, descending: direction.toLowerCase() === 'desc' };
}

function nextLink(request: GraphRequest, position: Position): string {
  const at = request.target.indexOf('?');
  const path = at < 0 ? request.target : request.target.slice(0, at);
  const query = new URLSearchParams();
  for (const [name, value] of request.options) if (name !== 'skiptoken') query.set(`$${name}`, value);
  query.set('$skiptoken', Buffer.from(JSON.stringify(position)).toString('base64url'));
  return `${request.root}${path}?${query.toString()}`;
}

function positionOf(token: string | undefined): Position | undefined {
  if (token === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (isPosition(value)) return value;
  } catch {
    // Not one of ours.
  }
  throw refuse.badToken();
}

function isPosition(value: unknown): value is Position {
  return typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'number';
}

/** One object, with `$select` and `$expand`. */
export function showObject(request: GraphRequest, context: GraphContext, object: DirectoryObject): JsonObject {
  const entity = entities[object.kind];
  const view = viewOf(request, context, entity);
  requireSelectable(view.select, entity, view);
  const expand = expandOf(request, context, entity);
  return {
    '@odata.context': contextUrl(request.root, entity.set, view.select, true),
    ...expandInto(represent(object, view), object, expand, request, context),
  };
}

/** One object among directory objects, such as a manager. */
export function showTyped(request: GraphRequest, object: DirectoryObject, view: View): JsonObject {
  requireSelectable(view.select, entities[object.kind], view);
  return {
    '@odata.context': contextUrl(request.root, 'directoryObjects', view.select, true),
    ...representTyped(object, view),
  };
}
