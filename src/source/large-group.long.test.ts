import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Attribute, Change } from 'ldapts';
import { expect, test } from 'vitest';
import { openDoubles } from '../../test/directory/connect.ts';
import { type DoubleEntry, guidBytes, startDouble } from '../../test/directory/index.ts';
import { openForest, request } from '../../test/samba/connect.ts';
import { startForest } from '../../test/samba/index.ts';
import { Mirror } from '../../test/samba/mirror.ts';
import { connectorName } from '../model/index.ts';
import { openState } from '../state/index.ts';
import type { SourceEvent } from './index.ts';

const run = promisify(execFile);

test('on Samba, one member more in a group of 2,000 is one value by DirSync and the whole list by USN', async () => {
  const members = 2000;
  await using forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  const unit = `OU=Many,${forest.baseDn}`;
  const dn = (i: number): string => `CN=c${i},${unit}`;
  const numbers = Array.from({ length: members }, (_, i) => i);
  const file = join(forest.folder, 'many.ldif');
  writeFileSync(
    file,
    [
      `dn: ${unit}\nobjectClass: organizationalUnit\n`,
      ...[...numbers, members].map((i) => `dn: ${dn(i)}\nobjectClass: contact\n`),
      `dn: CN=many,${unit}\nobjectClass: group\nsAMAccountName: many\n${numbers.map((i) => `member: ${dn(i)}\n`).join('')}`,
    ].join('\n'),
  );
  await run('ldbadd', ['--nosync', '-H', join(forest.folder, 'forest/private/sam.ldb'), file], { maxBuffer: 2 ** 26 });
  const ways = (['dirSync', 'usn'] as const).map((deltas) => ({
    mirror: new Mirror(),
    source: openForest(forest, { deltas }),
  }));
  const watermarks = await Promise.all(
    ways.map(async ({ mirror, source }) => (await mirror.take(source.full(request()))).watermark),
  );
  await forest.client.modify(
    `CN=many,${unit}`,
    new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [dn(members)] }) }),
  );
  const sent: number[] = [];
  for (const [i, { mirror, source }] of ways.entries()) {
    const watermark = watermarks[i];
    if (watermark === undefined) throw new Error('there was no full read');
    sent.push((await mirror.take(source.delta(request({ known: mirror.known }), watermark))).references);
    expect(mirror.named('CN=many', 'member')).toHaveLength(members + 1);
    await source[Symbol.asyncDispose]();
  }
  expect(sent).toEqual([1, members + 1]);
}, 1_800_000);

test('a group of 250,000 goes into the state in slices, and one member more is one value and one row', async () => {
  const members = 250_000;
  const base = 'DC=double,DC=test';
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-group-'));
  const named = (i: number): string => `CN=u${i},OU=People,${base}`;
  const group: DoubleEntry = {
    dn: `CN=everyone,${base}`,
    attributes: {
      objectClass: ['top', 'group'],
      objectGUID: [guidBytes(1)],
      member: Array.from({ length: members }, (_, i) => named(i)),
    },
  };
  const added: DoubleEntry = {
    dn: group.dn,
    attributes: { objectGUID: [guidBytes(1)], 'member;range=1-1': [named(members)] },
  };
  await using double = await startDouble({
    entries: [group],
    dirSync: (cookie) => ({ entries: cookie === 'before' ? [added] : [], cookie: cookie === '' ? 'before' : 'after' }),
  });
  await using source = openDoubles([double], { readTimeout: 30_000 });
  try {
    using state = openState(join(folder, 'state.db'));
    const connector = state.transact((tx) =>
      tx.connectors.ensure(connectorName('test', 'double.test'), 'test', 'double.test'),
    );
    let largest = 0;
    const take = async (events: AsyncIterable<SourceEvent>, importer: ReturnType<typeof state.importer>) => {
      let references = 0;
      let last: SourceEvent | undefined;
      for await (const event of events) {
        last = event;
        if (event.type !== 'page') continue;
        state.transact(() => {
          for (const change of event.changes) {
            if (change.type === 'deleted') importer.deleted(change.guid);
            else if (change.type === 'object')
              importer.object({ ...change, sid: undefined }, '2026-01-01T00:00:00.000Z');
            else {
              importer.links(change.guid, change.attribute, change.part);
              const { part } = change;
              const count = part.kind === 'changed' ? part.added.length + part.removed.length : part.values.length;
              references += count;
              largest = Math.max(largest, count);
            }
          }
        });
      }
      state.transact(() => importer.complete());
      if (last?.type !== 'complete') throw new Error('the read did not end');
      return { references, watermark: last.watermark };
    };
    const { references, watermark } = await take(source.full(request()), state.importer(connector, 'full'));
    expect(references).toBe(members);
    expect(largest).toBe(1500);
    const sentBefore = double.valuesSent;
    const everyone = state.read.objects.sourceByDn(`cn=everyone,${base.toLowerCase()}`);
    if (everyone === undefined) throw new Error('the group is not in the state');
    const count = (): number => state.read.objects.countLinks(everyone.guid);
    expect(count()).toBe(members);
    const importer = state.importer(connector, 'delta');
    const delta = await take(source.delta(request({ known: importer.kindOf }), watermark), importer);
    expect(delta.references).toBe(1);
    expect(count()).toBe(members + 1);
    // What else was sent is the server's own facts.
    expect(double.valuesSent - sentBefore).toBeLessThan(20);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 600_000);
