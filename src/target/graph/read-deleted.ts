import type { ObjectKind } from '../../model/index.ts';
import type { TenantObject } from '../target.ts';
import type { GraphContext } from './context.ts';
import { readList } from './find.ts';
import { query } from './odata.ts';
import { isWritten, parseTenantObject } from './tenant-object.ts';

/** The recycle bin, kind by kind: the cast is not optional there. */
export async function* readDeleted(
  context: GraphContext,
  kind: ObjectKind,
  signal: AbortSignal,
): AsyncIterable<readonly TenantObject[]> {
  if (!isWritten(kind)) return;
  const graph = context.kinds[kind];
  const $select = (await context.extensions.select(context, kind, signal)).join(',');
  const path = `/directory/deletedItems/microsoft.graph.${kind}${query({ $select })}`;
  for await (const part of readList(context, { method: 'GET', path }, signal))
    if (part.length > 0) yield part.map((body) => parseTenantObject(kind, graph, body, new Set(), true));
}
