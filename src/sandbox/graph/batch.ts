import { randomUUID } from 'node:crypto';
import { type Random, seededRandom, shuffled } from '../random.ts';
import { type GraphAnswer, ok } from './answer.ts';
import type { GraphContext } from './context.ts';
import { refusalBody, refuse } from './refusals.ts';
import { isJsonObject, type RawRequest } from './request.ts';

export interface BatchItem {
  readonly id: string;
  readonly method: string;
  /** Below the version, beginning with a slash. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly dependsOn: readonly string[];
}

const itemsPerBatch = 20;
const methods = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']);

/** Checks the envelope as a whole: what is wrong with it refuses all of it. */
export function parseBatch(body: unknown): readonly BatchItem[] {
  if (!isJsonObject(body) || !Array.isArray(body['requests'])) {
    throw refuse.badBatch();
  }
  const requests: readonly unknown[] = body['requests'];
  if (requests.length > itemsPerBatch) {
    throw refuse.batchTooLarge(itemsPerBatch);
  }
  const items = requests.map(parseItem);
  const ids = new Set<string>();
  for (const { id } of items) {
    if (ids.has(id.toLowerCase())) throw refuse.badBatch(`The id '${id}' is not unique.`);
    ids.add(id.toLowerCase());
  }
  for (const { id, dependsOn } of items) {
    for (const other of dependsOn) {
      if (other === id || !ids.has(other.toLowerCase())) {
        throw refuse.badBatch(`'${id}' depends on '${other}', which is not in the batch.`);
      }
    }
  }
  return items;
}

function parseItem(value: unknown): BatchItem {
  if (!isJsonObject(value)) throw refuse.badBatch();
  const { id, method, url, headers, body, dependsOn } = value;
  if (typeof id !== 'string' || id === '') throw refuse.badBatch('An id is missing.');
  if (typeof method !== 'string' || !methods.has(method.toUpperCase())) {
    throw refuse.badBatch(`The method of '${id}' is not valid.`);
  }
  if (typeof url !== 'string' || url === '' || /^https?:/i.test(url)) {
    throw refuse.badBatch(`The url of '${id}' must be relative.`);
  }
  const named: Record<string, string> = {};
  if (isJsonObject(headers)) {
    for (const [name, text] of Object.entries(headers)) if (typeof text === 'string') named[name.toLowerCase()] = text;
  }
  if (body !== undefined && body !== null && named['content-type'] === undefined) {
    throw refuse.batchBodyWithoutType(id);
  }
  return {
    id,
    method: method.toUpperCase(),
    target: url.startsWith('/') ? url : `/${url}`,
    headers: named,
    body: body ?? undefined,
    dependsOn: Array.isArray(dependsOn) ? dependsOn.filter((other) => typeof other === 'string') : [],
  };
}

/** One random order per tenant: the same seed gives the same tenant the same moods. */
const orders = new WeakMap<GraphContext, { readonly seed: number; readonly random: Random }>();

function orderOf(context: GraphContext): Random {
  const { seed } = context.profile().batch;
  let known = orders.get(context);
  if (known?.seed !== seed) {
    known = { seed, random: seededRandom(seed) };
    orders.set(context, known);
  }
  return known.random;
}

/**
 * Carries out the items and answers them together. Items that do not depend on one another come in any order, and so
 * do their answers; what depends on a failed one fails with it.
 */
export function answerBatch(
  items: readonly BatchItem[],
  envelope: RawRequest,
  context: GraphContext,
  perform: (request: RawRequest) => GraphAnswer,
): GraphAnswer {
  const any = context.profile().batch.order === 'any';
  const waiting = any ? shuffled(items, orderOf(context)) : [...items];
  const statuses = new Map<string, number>();
  const responses: unknown[] = [];
  // One commit for the whole: each item still succeeds or fails by itself.
  context.directory.transact(() => {
    while (waiting.length > 0) {
      const next = waiting.findIndex(({ dependsOn }) => dependsOn.every((id) => statuses.has(id.toLowerCase())));
      // Only a circle of dependencies leaves nothing to do.
      const [item] = waiting.splice(Math.max(0, next), 1);
      if (item === undefined) break;
      const failed = next < 0 || item.dependsOn.some((id) => (statuses.get(id.toLowerCase()) ?? 0) >= 400);
      const answer = failed
        ? dependencyFailed(context)
        : perform({
            method: item.method,
            origin: envelope.origin,
            version: envelope.version,
            target: item.target,
            headers: item.headers,
            body: item.body,
            caller: envelope.caller,
          });
      statuses.set(item.id.toLowerCase(), answer.status);
      responses.push(responseOf(item.id, answer));
    }
  });
  return ok({ responses: any ? shuffled(responses, orderOf(context)) : responses });
}

function dependencyFailed(context: GraphContext): GraphAnswer {
  const id = randomUUID();
  return { status: 424, body: refusalBody(refuse.failedDependency(), id, id, context.clock.now()) };
}

const spelled: Readonly<Record<string, string>> = {
  'retry-after': 'Retry-After',
  location: 'Location',
  'content-type': 'Content-Type',
};

function responseOf(id: string, { status, headers, body }: GraphAnswer): Record<string, unknown> {
  const shown: Record<string, string> = { 'Cache-Control': 'no-cache' };
  for (const [name, value] of Object.entries(headers ?? {})) shown[spelled[name] ?? name] = value;
  if (body !== undefined) shown['Content-Type'] ??= 'application/json';
  return { id, status, headers: shown, ...(body === undefined ? {} : { body }) };
}
