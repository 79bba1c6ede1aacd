import type { TenantAttributes } from '../../model/index.ts';
import { ObjectGoneError, PermissionMissingError } from '../object-errors.ts';
import { classify } from './classify.ts';
import type { GraphAnswer } from './client.ts';
import type { GraphContext } from './context.ts';
import { readList } from './find.ts';
import { text } from './json.ts';
import { path, query } from './odata.ts';
import { refusalOf } from './refusal.ts';
import { readSubject } from './subject.ts';
import { objectSelect, type WrittenKind } from './tenant-object.ts';
import type { Writer } from './writer.ts';

const named = /^extension_([0-9a-f]{32})_(.+)$/;
const targetOf: Readonly<Record<WrittenKind, string>> = { user: 'User', group: 'Group' };
/** Replicas know a new definition within seconds to some minutes; nothing is promised. */
const window = 3 * 60_000;

/**
 * Directory extensions are registered by the application they are named after, when the first value is written. A
 * definition is a write as any other, made once. Until then there is nothing to read, and the tenant may refuse to.
 */
export class Extensions {
  /** By name and kind, once it is there. */
  readonly #known = new Map<string, Promise<void>>();
  #missing: ReadonlySet<string> | undefined;
  #madeAt: number | undefined;

  /** Resolves when all extensions among the values can be written. */
  async ensure(
    context: GraphContext,
    writer: Writer,
    kind: WrittenKind,
    values: TenantAttributes,
    signal: AbortSignal,
  ) {
    for (const name of Object.keys(values)) {
      if (!named.test(name)) continue;
      const key = `${kind} ${name}`;
      const running = this.#known.get(key);
      if (running !== undefined) {
        await running;
        continue;
      }
      const made = this.#register(context, writer, kind, name, signal);
      this.#known.set(key, made);
      try {
        await made;
      } catch (error) {
        this.#known.delete(key);
        throw error;
      }
    }
  }

  /** All that makes a `TenantObject`, but for extensions nobody has registered yet; `anew` asks which those are. */
  async select(
    context: GraphContext,
    kind: WrittenKind,
    signal: AbortSignal,
    anew: 'anew' | 'asBefore' = 'asBefore',
  ): Promise<readonly string[]> {
    const unknown = (anew === 'anew' ? undefined : this.#missing) ?? (await missing(context, signal));
    this.#missing = unknown;
    return objectSelect(kind, context.kinds[kind]).filter((name) => !unknown.has(name));
  }

  /** Is this a replica's that does not know a definition yet which was made a short while ago? */
  isLate(context: GraphContext, answer: GraphAnswer): boolean {
    if (answer.status !== 400 || this.#madeAt === undefined) return false;
    if (context.now().getTime() - this.#madeAt >= window) return false;
    return /extension properties are not available/i.test(refusalOf(answer).message);
  }

  async #register(
    context: GraphContext,
    writer: Writer,
    kind: WrittenKind,
    full: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { where, name } = definitionOf(full);
    if ((await namesAt(context, where, signal)).has(full)) return;
    const { type = 'String', many = false } = context.kinds[kind].attributes.get(full)?.extension ?? {};
    const body = { name, dataType: type, targetObjects: [targetOf[kind]], isMultiValued: many };
    const answer = await writer.write({ method: 'POST', path: where, body, done: [201] }, 'safe');
    const refusal = refusalOf(answer);
    const raced = answer.status === 400 && /exists/i.test(refusal.message);
    if (answer.status >= 300 && !raced) throw classify(refusal, readSubject(where));
    this.#madeAt = context.now().getTime();
    this.#missing = undefined;
    context.log('info', 'extensionRegistered', { name: full, kind });
  }
}

/** Where the application of an extension keeps its definitions, and how it calls this one. */
function definitionOf(full: string): { readonly where: string; readonly name: string } {
  const [, hex = '', name = ''] = full.match(named) ?? [];
  const appId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { where: `${path`/applications(appId='${appId}')`}/extensionProperties`, name };
}

/** The configured extensions that are not registered. */
async function missing(context: GraphContext, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const wanted = new Set(
    Object.values(context.kinds).flatMap(({ attributes }) => [...attributes.keys()].filter((name) => named.test(name))),
  );
  const unknown = new Set<string>();
  for (const [where, names] of Map.groupBy(wanted, (name) => definitionOf(name).where)) {
    try {
      const registered = await namesAt(context, where, signal);
      for (const name of names) if (!registered.has(name)) unknown.add(name);
    } catch (error) {
      // Another tenant's application, or no permission to look: then somebody else has registered them, or nobody can.
      if (!(error instanceof ObjectGoneError || error instanceof PermissionMissingError)) throw error;
    }
  }
  return unknown;
}

async function namesAt(context: GraphContext, where: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const request = { method: 'GET', path: `${where}${query({ $select: 'name,targetObjects' })}` } as const;
  for await (const part of readList(context, request, signal))
    for (const item of part) names.add(text(item['name']) ?? '');
  return names;
}
