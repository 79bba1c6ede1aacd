import type { TenantAttributes } from '../../model/index.ts';
import { classify } from './classify.ts';
import type { GraphContext } from './context.ts';
import { pageOf, requireGood } from './find.ts';
import { path, query } from './odata.ts';
import { type ReadRequest, read } from './reader.ts';
import { refusalOf } from './refusal.ts';
import { readSubject } from './subject.ts';
import type { WrittenKind } from './tenant-object.ts';
import type { Writer } from './writer.ts';

const named = /^extension_([0-9a-f]{32})_(.+)$/;
const targetOf: Readonly<Record<WrittenKind, string>> = { user: 'User', group: 'Group' };

/**
 * Directory extensions are registered by the application they are named after, when the first value is written. A
 * definition is a write as any other, made once.
 */
export class Extensions {
  /** By name and kind, once it is there. */
  readonly #known = new Map<string, Promise<void>>();

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
      const made = register(context, writer, kind, name, signal);
      this.#known.set(key, made);
      try {
        await made;
      } catch (error) {
        this.#known.delete(key);
        throw error;
      }
    }
  }
}

async function register(
  context: GraphContext,
  writer: Writer,
  kind: WrittenKind,
  full: string,
  signal: AbortSignal,
): Promise<void> {
  const [, hex = '', name = ''] = full.match(named) ?? [];
  const appId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const where = `${path`/applications(appId='${appId}')`}/extensionProperties`;
  for (
    let next: ReadRequest | undefined = { method: 'GET', path: `${where}${query({ $select: 'name,targetObjects' })}` };
    next !== undefined;
  ) {
    const page: ReturnType<typeof pageOf> = await read(context, next, signal, (answer) => {
      requireGood(answer, where);
      return pageOf(answer);
    });
    const found = page.value.find((item) => item['name'] === full);
    if (found !== undefined) return;
    next = page.link;
  }
  const { type = 'String', many = false } = context.kinds[kind].attributes.get(full)?.extension ?? {};
  const body = { name, dataType: type, targetObjects: [targetOf[kind]], isMultiValued: many };
  const answer = await writer.write({ method: 'POST', path: where, body }, 'safe');
  const refusal = refusalOf(answer);
  const raced = answer.status === 400 && /exists/i.test(refusal.message);
  if (answer.status >= 300 && !raced) throw classify(refusal, readSubject(where));
  context.log('info', 'extensionRegistered', { name: full, kind });
}
