import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { Scenario } from '../../test/model/scenario.ts';
import type { ObjectFilter, ObjectInfo, Page } from './index.ts';

let memory: ReturnType<typeof memoryFolder>;
let file = '';

beforeEach(() => {
  memory = memoryFolder();
  file = join(memory.path, 'state.db');
});

afterEach(() => memory[Symbol.dispose]());

function edit(sql: string): void {
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
}

/** Two forests of users by turns, one user outside the scope, one refused by the tenant, one group. */
async function world(): Promise<Scenario> {
  const scenario = await Scenario.open(file);
  for (let n = 0; n < 6; n += 1) await scenario.take({ do: 'addUser', forest: n % 2, n });
  await scenario.take({ do: 'addGroup', forest: 0, n: 100 });
  await scenario.take({ do: 'move', forest: 0, n: 4, inScope: false });
  await scenario.cycle('full');
  scenario.clockStands = true;
  await scenario.take({ do: 'change', forest: 1, n: 5, value: 1 });
  scenario.tenant.fault = () => 'refuse';
  await scenario.cycle('delta');
  scenario.calm();
  return scenario;
}

async function all(read: (cursor: string | undefined) => Promise<Page<ObjectInfo>>): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    names.push(...page.items.map(({ displayName }) => displayName));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return names;
}

const listed = ({ engine }: Scenario, filter: ObjectFilter, limit = 2): Promise<readonly string[]> =>
  all((cursor) => engine.objects(filter, cursor, limit));

describe('objects', () => {
  it('are listed page by page, each once: identities, then what takes no part', async () => {
    await using scenario = await world();
    for (const limit of [1, 2, 3, 7, 100])
      expect(await listed(scenario, {}, limit), `by ${limit}`).toEqual([
        'user 0',
        'user 2',
        'user 1',
        'user 3',
        'user 5',
        'group 100',
        'user 4',
      ]);
  });

  it('are narrowed down by kind, forest, domain and the very state each is shown with', async () => {
    await using scenario = await world();
    const of = (filter: ObjectFilter) => listed(scenario, filter);
    expect(await of({ kind: 'group' })).toEqual(['group 100']);
    expect(await of({ forest: 'fabrikam' })).toEqual(['user 1', 'user 3', 'user 5']);
    expect(await of({ domain: 'Contoso.Test', kind: 'user' })).toEqual(['user 0', 'user 2', 'user 4']);
    expect(await of({ forest: 'contoso', domain: 'fabrikam.test' })).toEqual([]);
    expect(await of({ state: 'outOfScope' })).toEqual(['user 4']);
    expect(await of({ state: 'failed' })).toEqual(['user 5']);
    const { items } = await scenario.engine.objects({}, undefined, 100);
    for (const state of new Set(items.map((one) => one.state)))
      expect(await of({ state }), state).toEqual(
        items.filter((one) => one.state === state).map(({ displayName }) => displayName),
      );
  });

  it('of a forest that no directory holds any more are still of it', async () => {
    await using scenario = await world();
    await scenario.take({ do: 'remove', forest: 1, n: 3, group: false });
    await scenario.cycle('delta', { preview: true });
    expect(await listed(scenario, { forest: 'fabrikam', state: 'pending' })).toEqual(['user 3']);
    expect(await listed(scenario, { domain: 'fabrikam.test', state: 'pending' })).toEqual([]);
  });

  it('are found by what a name begins with, in the order of the names, each once', async () => {
    await using scenario = await world();
    for (const limit of [1, 2, 100])
      expect(await listed(scenario, { text: 'USER ' }, limit)).toEqual([
        'user 0',
        'user 1',
        'user 2',
        'user 3',
        'user 5',
      ]);
    expect(await listed(scenario, { text: 'user ', forest: 'fabrikam' })).toEqual(['user 1', 'user 3', 'user 5']);
    const [{ userPrincipalName } = {}] = (await scenario.engine.objects({ text: 'user 0' }, undefined, 1)).items;
    expect(userPrincipalName).toMatch(/^u/);
    expect(await listed(scenario, { text: userPrincipalName ?? '' })).toEqual(['user 0']);
    // By the name all of them are called and sign in with, none comes twice.
    expect((await listed(scenario, { text: 'u' }, 1)).toSorted()).toEqual(
      [...new Set(await listed(scenario, { text: 'u' }))].toSorted(),
    );
    expect(await listed(scenario, { text: "user%' OR 1=1 --" })).toEqual([]);
  });

  it('of one name go on in the middle of it', async () => {
    await using scenario = await world();
    edit(`UPDATE identity SET display_name = 'Same'`);
    const pages = await listed(scenario, { text: 'same' }, 1);
    expect(pages).toHaveLength(6);
    const anchors = new Set<string | null>();
    let cursor: string | undefined;
    do {
      const { items, next } = await scenario.engine.objects({ text: 'same' }, cursor, 1);
      for (const { anchor } of items) anchors.add(anchor);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(anchors.size).toBe(6);
  });

  it('that a filter leaves out in great number end a page before its limit, not the list', async () => {
    await using scenario = await world();
    edit(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 30000)
      INSERT INTO identity (kind, anchor, display_name, cause) SELECT 'user', 'x' || n, 'many ' || n, 'new' FROM n;
      INSERT INTO identity (kind, anchor, display_name, cause) VALUES ('contact', 'last', 'the last', 'new')`);
    const first = await scenario.engine.objects({ kind: 'contact' }, undefined, 10);
    expect(first).toEqual({ items: [], next: expect.any(String) as unknown });
    const second = await scenario.engine.objects({ kind: 'contact' }, first.next ?? '', 10);
    expect(second).toMatchObject({ items: [{ displayName: 'the last' }], next: null });
    expect(await listed(scenario, { text: 'm', state: 'deleted' }, 1000)).toHaveLength(30_000);
  });
});

describe('what does not get to the tenant', () => {
  it('is listed by code and kind', async () => {
    await using scenario = await world();
    const { engine } = scenario;
    const { items } = await engine.failing({}, undefined, 10);
    const [code] = items.map(({ error }) => error?.code);
    expect(items.map(({ displayName }) => displayName)).toEqual(['user 5']);
    const names = (filter: Parameters<typeof engine.failing>[0]) => all((cursor) => engine.failing(filter, cursor, 1));
    expect(await names({ code, kind: 'user' })).toEqual(['user 5']);
    expect(await names({ code: 'CS9999' })).toEqual([]);
    expect(await names({ kind: 'group' })).toEqual([]);
  });

  it('is listed by reason and kind', async () => {
    await using scenario = await world();
    const { engine } = scenario;
    const names = (filter: Parameters<typeof engine.skipped>[0]) => all((cursor) => engine.skipped(filter, cursor, 1));
    expect(await names({})).toEqual(['user 4']);
    expect(await names({ reason: 'organizationalUnit', kind: 'user' })).toEqual(['user 4']);
    expect(await names({ reason: 'filter' })).toEqual([]);
    expect(await names({ kind: 'group' })).toEqual([]);
  });
});

describe('cycles', () => {
  it('are listed by state, type and whether they only planned', async () => {
    await using scenario = await world();
    await scenario.take({ do: 'change', forest: 0, n: 0, value: 2 });
    const preview = await scenario.cycle('delta', { preview: true });
    await scenario.engine.savePlan(preview.id, true, 'ada');
    for (const directory of scenario.directories) directory.failAfterPages = 0;
    const failed = await scenario.cycle('full');
    scenario.calm();
    const last = await scenario.cycle('delta');
    const { engine } = scenario;
    const ids = async (filter: Parameters<typeof engine.cycles>[0]) =>
      (await engine.cycles(filter, undefined, 10)).items.map(({ id }) => id);
    expect(await ids({})).toEqual([last.id, failed.id, preview.id, 2, 1]);
    expect(await ids({ state: 'failed' })).toEqual([failed.id]);
    expect(await ids({ type: 'full' })).toEqual([failed.id, 1]);
    expect(await ids({ type: 'full', state: 'succeeded' })).toEqual([1]);
    expect(await ids({ preview: true })).toEqual([preview.id]);
    expect(await ids({ preview: false })).toEqual([last.id, failed.id, 2, 1]);
    expect(await ids({ saved: true })).toEqual([preview.id]);
    const page = await engine.cycles({ preview: false }, undefined, 2);
    expect((await engine.cycles({ preview: false }, page.next ?? '', 2)).items.map(({ id }) => id)).toEqual([2, 1]);
  });

  it('that a filter leaves out in great number end a page before its limit, not the list', async () => {
    await using scenario = await world();
    edit(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000)
      INSERT INTO cycle (type, preview, trigger, state, started_at, counts) SELECT 'delta', 0, 'watch', 'succeeded', '2026-01-01T00:00:00.000Z', '{}' FROM n`);
    const first = await scenario.engine.cycles({ type: 'full' }, undefined, 10);
    expect(first).toEqual({ items: [], next: expect.any(String) as unknown });
    expect(await scenario.engine.cycles({ type: 'full' }, first.next ?? '', 10)).toMatchObject({
      items: [{ id: 1 }],
      next: null,
    });
  });
});
