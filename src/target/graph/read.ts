import type { TenantId } from '../../model/index.ts';
import { ReadTokenLostError } from '../errors.ts';
import type { TenantEvent, TenantObject } from '../target.ts';
import { classify } from './classify.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { parseDeltaPage } from './delta-page.ts';
import { byId } from './find.ts';
import { query } from './odata.ts';
import { pages } from './reader.ts';
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
  const parse = (answer: GraphAnswer) => {
    const refusal = answer.status < 300 ? undefined : refusalOf(answer);
    if (refusal !== undefined) {
      if (isTokenLost(refusal)) throw new ReadTokenLostError(context.tenant);
      throw classify(refusal, readSubject(`/${entitySet[kind]}/delta`));
    }
    const page = parseDeltaPage(answer, references);
    // What was never set is left out, what was cleared is null. A page of changed properties alone is against the
    // contract, and shows by the name that no object is without; then the object is read.
    const objects = page.objects.map((item) =>
      'displayName' in item ? parseTenantObject(kind, graph, item, holders) : requireId(item['id']),
    );
    return { ...page, objects };
  };
  const first = since ?? ({ method: 'GET', path: `/${entitySet[kind]}/delta${query({ $select })}` } as const);
  let delta = '';
  for await (const page of pages(context, first, signal, parse)) {
    const objects: TenantObject[] = [];
    for (const one of page.objects) {
      const object = typeof one === 'string' ? await readById(context, kind, one, holders, signal) : one;
      if (object !== undefined) objects.push(object);
    }
    if (objects.length > 0) yield { type: 'objects', objects };
    if (page.removed.length > 0)
      yield { type: 'removed', objects: page.removed.map(({ id, soft }) => ({ kind, id, soft })) };
    yield* page.links;
    delta = page.delta ?? delta;
  }
  return delta;
}

async function readById(
  context: GraphContext,
  kind: WrittenKind,
  id: TenantId,
  holders: ReadonlySet<TenantId>,
  signal: AbortSignal,
): Promise<TenantObject | undefined> {
  const body = await byId(context, kind, id, await context.extensions.select(context, kind, signal), signal);
  return body === undefined ? undefined : parseTenantObject(kind, context.kinds[kind], body, holders);
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
      const object = await readById(context, kind, id, now, signal);
      if (object === undefined) continue;
      objects.push(object);
      break;
    }
  }
  if (objects.length > 0) yield { type: 'objects', objects };
}
