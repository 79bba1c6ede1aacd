import type { TenantId } from '../../model/index.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { type Page, pageOf, readList, requireGood } from './find.ts';
import { isRecord, text } from './json.ts';
import { path, query } from './odata.ts';
import { readEach } from './read-batch.ts';
import { pages } from './reader.ts';
import { refusalOf } from './refusal.ts';
import { requireId } from './tenant-object.ts';

/** Directory roles change seldom; within a cycle, and for one that follows at once, they are read once. */
const kept = 60_000;

type Body = Readonly<Record<string, unknown>>;

/**
 * Who holds a directory role or may activate one, directly or through a role-assignable group. Both count: Entra itself
 * lets no sync take over either.
 */
export class RoleHolders {
  #holders: ReadonlySet<TenantId> = new Set();
  #readAt: number | undefined;

  /** Asks the tenant, unless it was asked a short while ago. */
  async get(context: GraphContext, signal: AbortSignal): Promise<ReadonlySet<TenantId>> {
    const now = context.now().getTime();
    if (this.#readAt !== undefined && now - this.#readAt < kept) return this.#holders;
    const $select = 'id';
    const roles = await lists(context, [`/directoryRoles${query({ $select })}`], signal);
    const members = await lists(
      context,
      roles.map((role) => `${path`/directoryRoles/${requireId(role['id'])}/members`}${query({ $select })}`),
      signal,
    );
    const principals = [...members, ...(await eligible(context, signal))];
    const groups = new Set(
      principals
        .filter((principal) => text(principal['@odata.type']) === '#microsoft.graph.group')
        .map((principal) => requireId(principal['id'])),
    );
    const inGroups = await lists(
      context,
      [...groups].map((id) => `${path`/groups/${id}/transitiveMembers`}${query({ $select, $top: '999' })}`),
      signal,
    );
    this.#holders = new Set([...principals, ...inGroups].map((one) => requireId(one['id'])));
    this.#readAt = now;
    return this.#holders;
  }
}

/**
 * Who may activate a role by Privileged Identity Management. A tenant without its licence refuses to say, and has
 * nobody; an application without the permission is told so, and by `check tenant`. Neither keeps a cycle from running.
 */
async function eligible(context: GraphContext, signal: AbortSignal): Promise<readonly Body[]> {
  const where = '/roleManagement/directory/roleEligibilityScheduleInstances';
  const parse = (answer: GraphAnswer): Page => {
    if (answer.status < 300) return pageOf(answer);
    // A 401 is about the token, and no answer to the question.
    if (answer.status === 401) requireGood(answer, where);
    const { status, code, message } = refusalOf(answer);
    const unlicensed = /license/i.test(code);
    context.log(unlicensed ? 'info' : 'warn', 'eligibleRolesUnseen', { status, code, message });
    return { value: [], link: undefined };
  };
  const request = { method: 'GET', path: `${where}${query({ $expand: 'principal' })}` } as const;
  const found: Body[] = [];
  for await (const { value } of pages(context, request, signal, parse))
    found.push(...value.map(({ principal, principalId }) => (isRecord(principal) ? principal : { id: principalId })));
  return found;
}

/** All objects of several collections. */
async function lists(context: GraphContext, paths: readonly string[], signal: AbortSignal): Promise<readonly Body[]> {
  const page = (answer: GraphAnswer, what: string): Page => {
    requireGood(answer, what);
    return pageOf(answer);
  };
  const items: Body[] = [];
  for (const first of await readEach(context, paths, signal, page)) {
    items.push(...first.value);
    if (first.link === undefined) continue;
    for await (const part of readList(context, first.link, signal)) items.push(...part);
  }
  return items;
}
