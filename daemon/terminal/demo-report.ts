import type { Cycle, Engine, ObjectInfo, Page, PlannedOperation } from '../../src/engine/index.ts';
import { objectKinds } from '../../src/model/index.ts';
import { cycleLine } from './cycle-lines.ts';

export interface DemoReport {
  readonly engine: Pick<Engine, 'status' | 'skipped' | 'operations'>;
  readonly cycle: Cycle;
  readonly out: (text: string) => void;
}

const pageSize = 500;

async function* all<T>(read: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** What the cycle made of the forest: by kind, then what was left out, held and refused, each with its reason. */
export async function printDemoReport({ engine, cycle, out }: DemoReport): Promise<void> {
  out(cycleLine(cycle));
  const { objects } = await engine.status();
  out(
    `\n${''.padEnd(12)}${['in the forest', 'in scope', 'in the tenant'].map((text) => text.padStart(15)).join('')}\n`,
  );
  for (const kind of objectKinds) {
    const { source, inScope, inTenant } = objects[kind];
    if (source === 0) continue;
    out(`  ${`${kind}s`.padEnd(10)}${[source, inScope, inTenant].map((n) => String(n).padStart(15)).join('')}\n`);
  }
  await printSkipped(
    all((cursor) => engine.skipped({}, cursor, pageSize)),
    out,
  );
  const operations = (state: string) => all((cursor) => engine.operations(cycle.id, { state }, cursor, pageSize));
  await printOperations('Held, waiting for a person', operations('held'), out);
  await printOperations('Failed, tried again later', operations('failed'), out);
}

async function printSkipped(objects: AsyncIterable<ObjectInfo>, out: DemoReport['out']): Promise<void> {
  const reasons = new Map<string, { n: number; text: string; example: string }>();
  let total = 0;
  for await (const { kind, reason, displayName } of objects) {
    const text = reason?.text ?? '';
    const known = reasons.get(`${kind} ${text}`);
    if (known === undefined) reasons.set(`${kind} ${text}`, { n: 1, text: `${kind}: ${text}`, example: displayName });
    else known.n += 1;
    total += 1;
  }
  if (total === 0) return;
  out(`\nSkipped: ${total}, and why\n`);
  for (const { n, text, example } of [...reasons.values()].sort((a, b) => b.n - a.n)) {
    out(`${String(n).padStart(5)}  ${text} (${JSON.stringify(example).slice(1, -1)})\n`);
  }
}

async function printOperations(
  title: string,
  operations: AsyncIterable<PlannedOperation>,
  out: DemoReport['out'],
): Promise<void> {
  let printed = false;
  for await (const { type, kind, displayName, error } of operations) {
    if (!printed) out(`\n${title}\n`);
    printed = true;
    out(
      `  ${type} ${kind} ${displayName}: ${error === null ? 'no reason given' : `${error.code} ${error.message} ${error.remedy}`}\n`,
    );
  }
}
