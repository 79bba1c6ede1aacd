import type { TenantId } from '../../model/index.ts';
import { ReadTokenLostError } from '../errors.ts';
import type { TenantEvent, TenantObject } from '../target.ts';
import { classify } from './classify.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { type DeltaPage, parseDeltaPage } from './delta-page.ts';
import { byId } from './find.ts';
import { query } from './odata.ts';
import { type ReadRequest, read } from './reader.ts';
import { isTokenLost, refusalOf } from './refusal.ts';
import { linkName } from './requests.ts';
import { readSubject } from './subject.ts';
import { entitySet, parseTenantObject, requireId, type WrittenKind } from './tenant-object.ts';
import { parseToken, writeToken } from './token.ts';

/**
 * All the tenant holds, or what changed since `token`, by the delta queries of users and groups. A directory role
 * given or taken shows in no user's delta, so who holds one is compared as well. A delta query tells of what it was
 * asked for when it began: asked for more since, it is begun anew.
 */
export async function* readTenant(
  context: GraphContext,
  token: string | undefined,
  signal: AbortSignal,
): AsyncIterable<TenantEvent> {
  const asked = {
    user: await askedOf(context, 'user', signal),
    group: await askedOf(context, 'group', signal),
  };
  const since = token === undefined ? undefined : parseToken(token, context.origin, asked);
  if (token !== undefined && since === undefined) throw new ReadTokenLostError(context.tenant);
  const holders = await context.roles.get(context, signal);
  const users = yield* readKind(context, 'user', since?.users, asked.user, holders, signal);
  const groups = yield* readKind(context, 'group', since?.groups, asked.group, holders, signal);
  if (since !== undefined) yield* readRoleChanges(context, new Set(since.roleHolders), holders, signal);
  yield { type: 'complete', token: writeToken({ asked, users, groups, roleHolders: [...holders].sort() }) };
}

async function askedOf(context: GraphContext, kind: WrittenKind, signal: AbortSignal): Promise<string> {
  const select = await context.extensions.select(context, kind, signal, kind === 'user' ? 'anew' : 'asBefore');
  return [...select, ...[...context.kinds[kind].references].map(linkName)].join(',');
}

/** Gives back the delta link to go on from. */
async function* readKind(
  context: GraphContext,
  kind: WrittenKind,
  since: string | undefined,
  $select: string,
  holders: ReadonlySet<TenantId>,
  signal: AbortSignal,
): AsyncGenerator<TenantEvent, string> {
  const graph = context.kinds[kind];
  const references = [...graph.references];
  const parse = (answer: GraphAnswer): DeltaPage => {
    const refusal = answer.status < 300 ? undefined : refusalOf(answer);
    if (refusal !== undefined) {
      if (isTokenLost(refusal)) throw new ReadTokenLostError(context.tenant);
      throw classify(refusal, readSubject(`/${entitySet[kind]}/delta`));
    }
    return parseDeltaPage(answer, references);
  };
  let next: ReadRequest = since ?? { method: 'GET', path: `/${entitySet[kind]}/delta${query({ $select })}` };
  for (;;) {
    const page: DeltaPage = await read(context, next, signal, parse);
    const objects: TenantObject[] = [];
    for (const item of page.objects) {
      // What was never set is left out, what was cleared is null. A page of changed properties alone is against the
      // contract, and shows by the name that no object is without; then the object is read.
      const id = requireId(item['id']);
      const body =
        'displayName' in item
          ? item
          : await byId(context, kind, id, await context.extensions.select(context, kind, signal), signal);
      if (body !== undefined) objects.push(parseTenantObject(kind, graph, body, holders));
    }
    if (objects.length > 0) yield { type: 'objects', objects };
    if (page.removed.length > 0)
      yield { type: 'removed', objects: page.removed.map(({ id, soft }) => ({ kind, id, soft })) };
    yield* page.links;
    if (page.delta !== undefined) return page.delta;
    next = page.next ?? '';
  }
}

async function* readRoleChanges(
  context: GraphContext,
  before: ReadonlySet<TenantId>,
  now: ReadonlySet<TenantId>,
  signal: AbortSignal,
): AsyncIterable<TenantEvent> {
  const objects: TenantObject[] = [];
  for (const id of before.symmetricDifference(now)) {
    for (const kind of ['user', 'group'] as const) {
      const graph = context.kinds[kind];
      const body = await byId(context, kind, id, await context.extensions.select(context, kind, signal), signal);
      if (body === undefined) continue;
      objects.push(parseTenantObject(kind, graph, body, now));
      break;
    }
  }
  if (objects.length > 0) yield { type: 'objects', objects };
}
