import type { TenantId } from '../../model/index.ts';
import type { GraphContext } from './context.ts';
import { pageOf, requireGood } from './find.ts';
import { text } from './json.ts';
import { path, query } from './odata.ts';
import { type ReadRequest, read } from './reader.ts';
import { requireId } from './tenant-object.ts';

/** Directory roles change seldom; within one cycle they are read once. */
const kept = 60_000;

/** Who holds a directory role, directly or through a role-assignable group. */
export class RoleHolders {
  #holders: ReadonlySet<TenantId> = new Set();
  #readAt: number | undefined;

  /** Asks the tenant, unless it was asked a short while ago. */
  async get(context: GraphContext, signal: AbortSignal): Promise<ReadonlySet<TenantId>> {
    const now = context.now().getTime();
    if (this.#readAt !== undefined && now - this.#readAt < kept) return this.#holders;
    return this.refresh(context, signal);
  }

  async refresh(context: GraphContext, signal: AbortSignal): Promise<ReadonlySet<TenantId>> {
    const holders = new Set<TenantId>();
    const groups: TenantId[] = [];
    const roles = await all(context, `/directoryRoles${query({ $select: 'id' })}`, signal);
    for (const role of roles) {
      const members = await all(
        context,
        `${path`/directoryRoles/${requireId(role['id'])}/members`}${query({ $select: 'id' })}`,
        signal,
      );
      for (const member of members) {
        const id = requireId(member['id']);
        holders.add(id);
        if (text(member['@odata.type']) === '#microsoft.graph.group') groups.push(id);
      }
    }
    for (const group of new Set(groups)) {
      const where = `${path`/groups/${group}/transitiveMembers`}${query({ $select: 'id', $top: '999' })}`;
      for (const member of await all(context, where, signal)) holders.add(requireId(member['id']));
    }
    this.#holders = holders;
    this.#readAt = context.now().getTime();
    return holders;
  }
}

async function all(
  context: GraphContext,
  first: string,
  signal: AbortSignal,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = [];
  for (let next: ReadRequest | undefined = { method: 'GET', path: first }; next !== undefined; ) {
    const page: ReturnType<typeof pageOf> = await read(context, next, signal, (answer) => {
      requireGood(answer, first);
      return pageOf(answer);
    });
    items.push(...page.value);
    next = page.link;
  }
  return items;
}
