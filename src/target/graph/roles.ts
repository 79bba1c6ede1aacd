import type { TenantId } from '../../model/index.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { pageOf, requireGood } from './find.ts';
import { text } from './json.ts';
import { path, query } from './odata.ts';
import { readEach } from './read-batch.ts';
import { read } from './reader.ts';
import { requireId } from './tenant-object.ts';

/** Directory roles change seldom; within a cycle, and for one that follows at once, they are read once. */
const kept = 60_000;

type Body = Readonly<Record<string, unknown>>;

/** Who holds a directory role, directly or through a role-assignable group. */
export class RoleHolders {
  #holders: ReadonlySet<TenantId> = new Set();
  #readAt: number | undefined;

  /** Asks the tenant, unless it was asked a short while ago. */
  async get(context: GraphContext, signal: AbortSignal): Promise<ReadonlySet<TenantId>> {
    const now = context.now().getTime();
    if (this.#readAt !== undefined && now - this.#readAt < kept) return this.#holders;
    const roles = await lists(context, [`/directoryRoles${query({ $select: 'id' })}`], signal);
    const $select = 'id';
    const members = await lists(
      context,
      roles.map((role) => `${path`/directoryRoles/${requireId(role['id'])}/members`}${query({ $select })}`),
      signal,
    );
    const groups = new Set(
      members
        .filter((member) => text(member['@odata.type']) === '#microsoft.graph.group')
        .map((member) => requireId(member['id'])),
    );
    const inGroups = await lists(
      context,
      [...groups].map((id) => `${path`/groups/${id}/transitiveMembers`}${query({ $select, $top: '999' })}`),
      signal,
    );
    this.#holders = new Set([...members, ...inGroups].map((member) => requireId(member['id'])));
    this.#readAt = now;
    return this.#holders;
  }
}

/** All objects of several collections. */
async function lists(context: GraphContext, paths: readonly string[], signal: AbortSignal): Promise<readonly Body[]> {
  const page = (answer: GraphAnswer, what: string): ReturnType<typeof pageOf> => {
    requireGood(answer, what);
    return pageOf(answer);
  };
  const items: Body[] = [];
  for (const first of await readEach(context, paths, signal, page)) {
    items.push(...first.value);
    for (let link = first.link; link !== undefined; ) {
      const next: ReturnType<typeof pageOf> = await read(context, link, signal, (answer) =>
        page(answer, 'a next page'),
      );
      items.push(...next.value);
      link = next.link;
    }
  }
  return items;
}
