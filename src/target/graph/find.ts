import type { SourceAnchor, TenantId } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import type { TenantObject, TenantRef } from '../target.ts';
import { classify } from './classify.ts';
import type { GraphAnswer, GraphRequest } from './client.ts';
import type { GraphContext } from './context.ts';
import { isRecord, records } from './json.ts';
import { odata, path, query } from './odata.ts';
import { type Linked, linkAt, pages, pathOf, type ReadRequest, read } from './reader.ts';
import { refusalOf } from './refusal.ts';
import { readSubject } from './subject.ts';
import { anchorProperty, entitySet, isWritten, parseTenantObject, type WrittenKind } from './tenant-object.ts';

type Body = Readonly<Record<string, unknown>>;

/** The live object with this anchor, as the tenant holds it now; by its id when no object has the anchor. */
export async function findObject(
  context: GraphContext,
  { kind, anchor, id }: TenantRef,
  signal: AbortSignal,
): Promise<TenantObject | undefined> {
  if (!isWritten(kind)) return undefined;
  const select = await context.extensions.select(context, kind, signal);
  const body =
    (await byAnchor(context, kind, anchor, select, signal)) ??
    (id === undefined ? undefined : await byId(context, kind, id, select, signal));
  if (body === undefined) return undefined;
  return parseTenantObject(kind, context.kinds[kind], body, await context.roles.get(context, signal));
}

export async function byAnchor(
  context: GraphContext,
  kind: WrittenKind,
  anchor: SourceAnchor,
  select: readonly string[],
  signal: AbortSignal,
  attempts?: number,
): Promise<Body | undefined> {
  const $select = select.join(',');
  if (kind === 'group')
    return readOne(
      context,
      { method: 'GET', path: `${path`/groups(uniqueName='${anchor}')`}${query({ $select })}` },
      signal,
      attempts,
    );
  const $filter = odata`onPremisesImmutableId eq ${anchor}`;
  return readFirst(context, { method: 'GET', path: `/users${query({ $filter, $select })}` }, signal, attempts);
}

export function byId(
  context: GraphContext,
  kind: WrittenKind,
  id: TenantId,
  select: readonly string[],
  signal: AbortSignal,
): Promise<Body | undefined> {
  const where = `${path`/${entitySet[kind]}/${id}`}${query({ $select: select.join(',') })}`;
  return readOne(context, { method: 'GET', path: where }, signal);
}

/** The soft-deleted object with this anchor, which keeps the anchor to itself. */
export async function deletedByAnchor(
  context: GraphContext,
  kind: WrittenKind,
  anchor: SourceAnchor,
  signal: AbortSignal,
): Promise<Body | undefined> {
  const property = anchorProperty[kind];
  const $select = ['id', property].join(',');
  const where = `/directory/deletedItems/microsoft.graph.${kind}${query({ $select, $top: '999' })}`;
  for await (const part of readList(context, { method: 'GET', path: where }, signal)) {
    const found = part.find((item) => item[property] === anchor);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One object; nothing when there is none. */
export function readOne(
  context: GraphContext,
  request: GraphRequest,
  signal: AbortSignal,
  attempts?: number,
): Promise<Body | undefined> {
  const parse = (answer: GraphAnswer): Body | undefined => {
    if (answer.status === 404) return undefined;
    requireGood(answer, request.path);
    if (!isRecord(answer.body)) throw new BadAnswerError(request.path, 'it is no object');
    return answer.body;
  };
  return read(context, request, signal, parse, attempts);
}

/** The first of a collection, which need not be on its first page; nothing when it is empty. */
export async function readFirst(
  context: GraphContext,
  request: GraphRequest,
  signal: AbortSignal,
  attempts?: number,
): Promise<Body | undefined> {
  for await (const [first] of readList(context, request, signal, attempts)) if (first !== undefined) return first;
  return undefined;
}

/** A collection, a page at a time. */
export async function* readList(
  context: GraphContext,
  request: ReadRequest,
  signal: AbortSignal,
  attempts?: number,
): AsyncGenerator<readonly Body[]> {
  const parse = (answer: GraphAnswer): Page => {
    requireGood(answer, pathOf(request));
    return pageOf(answer);
  };
  for await (const { value } of pages(context, request, signal, parse, attempts)) yield value;
}

export function requireGood(answer: GraphAnswer, what: string): void {
  if (answer.status >= 300) throw classify(refusalOf(answer), readSubject(what));
}

/** A page of a collection. */
export interface Page extends Linked {
  readonly value: readonly Body[];
}

export function pageOf(answer: GraphAnswer): Page {
  const { body } = answer;
  const value = isRecord(body) ? body['value'] : undefined;
  if (!isRecord(body) || !Array.isArray(value) || !value.every(isRecord))
    throw new BadAnswerError('a page', 'it holds no list of objects');
  return { value: records(value), link: linkAt(body, '@odata.nextLink') };
}
