import { join } from 'node:path';
import { expect, it } from 'vitest';
import { memoryFolder } from '../../test/model/folder.ts';
import { openDatabase } from './database.ts';
import { planningTransactor } from './planning.ts';

/** SQLite chooses its way by what it guesses of sizes: these are the ways that keep a large group from costing its square. */
it('looks at the one link between two ends, not at all links of a holder', () => {
  using memory = memoryFolder();
  const database = openDatabase({ file: join(memory.path, 'state.db'), mode: 'writer' });
  const ways: string[] = [];
  const prepare = database.prepare.bind(database);
  // Every statement planning prepares, with the way SQLite takes for it.
  database.prepare = ((text: string) => {
    if (/^\s*(SELECT|INSERT|DELETE|UPDATE)/.test(text)) {
      const explain = prepare(`EXPLAIN QUERY PLAN ${text}`);
      const parameters = Array(text.match(/\?/g)?.length ?? 0).fill(null);
      for (const row of explain.all(...parameters)) ways.push(String((row as { detail: string }).detail));
    }
    return prepare(text);
  }) as typeof database.prepare;
  planningTransactor(database);
  database.close();
  expect(ways.length).toBeGreaterThan(20);
  expect(ways).not.toContain('SEARCH l USING PRIMARY KEY (source=?)');
  expect(ways).toContain(
    'SEARCH l USING COVERING INDEX source_link_reference (reference=? AND source=? AND attribute=?)',
  );
});
