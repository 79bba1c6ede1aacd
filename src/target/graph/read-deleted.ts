import type { ObjectKind } from '../../model/index.ts';
import type { TenantObject } from '../target.ts';
import type { GraphContext } from './context.ts';
import { pageOf, requireGood } from './find.ts';
import { query } from './odata.ts';
import { type ReadRequest, read } from './reader.ts';
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
  const first = `/directory/deletedItems/microsoft.graph.${kind}${query({ $select })}`;
  for (let next: ReadRequest | undefined = { method: 'GET', path: first }; next !== undefined; ) {
    const page: ReturnType<typeof pageOf> = await read(context, next, signal, (answer) => {
      requireGood(answer, first);
      return pageOf(answer);
    });
    if (page.value.length > 0) yield page.value.map((body) => parseTenantObject(kind, graph, body, new Set(), true));
    next = page.link;
  }
}
