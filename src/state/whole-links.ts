import type { SourceAnchor, TenantId } from '../model/index.ts';
import type { Database } from './database.ts';

type LearnLink = (holder: TenantId, attribute: string, member: TenantId, there: boolean) => void;

interface LinkRow {
  readonly attribute: string;
  readonly named: string;
  readonly member: TenantId;
}

const kinds = `('user', 'group', 'contact', 'device')`;
const page = 1000;

/** Takes in the references of an object all at once, their ends named by anchor or by id. */
export function wholeLinks(database: Database, learnLink: LearnLink) {
  database.exec(
    'CREATE TEMP TABLE IF NOT EXISTS tenant_link_whole (attribute TEXT, named TEXT, PRIMARY KEY (attribute, named)) WITHOUT ROWID',
  );
  const clear = database.prepare('DELETE FROM tenant_link_whole');
  const put = database.prepare<[string, string]>(
    'INSERT OR IGNORE INTO tenant_link_whole (attribute, named) VALUES (?, ?)',
  );
  const any = database.prepare<[string], { n: number }>('SELECT 1 AS n FROM tenant_link WHERE holder = ? LIMIT 1');
  const gone = database.prepare<[string, number], Omit<LinkRow, 'named'>>(
    `SELECT l.attribute, l.member FROM tenant_link l LEFT JOIN tenant_object m ON m.tenant_id = l.member
     WHERE l.holder = ? AND NOT EXISTS (SELECT 1 FROM tenant_link_whole w
       WHERE w.attribute = l.attribute AND w.named IN (l.member, m.anchor)) LIMIT ?`,
  );
  const found = `SELECT m.tenant_id FROM tenant_object m WHERE m.tenant_id = w.named
    UNION ALL SELECT m.tenant_id FROM tenant_object m WHERE m.kind IN ${kinds} AND m.anchor = w.named`;
  const there = database.prepare<{ attribute: string; named: string; limit: number }, LinkRow>(
    `SELECT * FROM (SELECT w.attribute, w.named, (${found}) AS member FROM tenant_link_whole w
       WHERE (w.attribute, w.named) > (@attribute, @named) ORDER BY w.attribute, w.named) WHERE member IS NOT NULL LIMIT @limit`,
  );
  const forget = database.prepare<[string]>('DELETE FROM tenant_link_pending WHERE holder = ?');
  const expect = database.prepare<[string]>(
    `INSERT OR IGNORE INTO tenant_link_pending (anchor, holder, attribute)
     SELECT w.named, ?, w.attribute FROM tenant_link_whole w WHERE NOT EXISTS (${found})`,
  );
  const pending = database.prepare<[string], { holder: TenantId; attribute: string }>(
    'SELECT holder, attribute FROM tenant_link_pending WHERE anchor = ?',
  );
  const settled = database.prepare<[string]>('DELETE FROM tenant_link_pending WHERE anchor = ?');

  return {
    replace(holder: TenantId, links: Readonly<Record<string, readonly (SourceAnchor | TenantId)[]>>): void {
      const attributes = Object.entries(links);
      forget.run(holder);
      if (attributes.length === 0 && any.get(holder) === undefined) return;
      clear.run();
      for (const [attribute, ends] of attributes) for (const end of ends) put.run(attribute, end);
      for (let rows = gone.all(holder, page); rows.length > 0; rows = gone.all(holder, page)) {
        for (const { attribute, member } of rows) learnLink(holder, attribute, member, false);
      }
      for (let after = { attribute: '', named: '' }; ; ) {
        const rows = there.all({ ...after, limit: page });
        for (const { attribute, member } of rows) learnLink(holder, attribute, member, true);
        const last = rows.at(-1);
        if (last === undefined) break;
        after = last;
      }
      expect.run(holder);
    },
    /** An object that links waited for. */
    arrived(anchor: SourceAnchor, id: TenantId): void {
      const waiting = pending.all(anchor);
      if (waiting.length === 0) return;
      for (const { holder, attribute } of waiting) learnLink(holder, attribute, id, true);
      settled.run(anchor);
    },
    /** Gone, and with it what it waited for. */
    forget(holder: TenantId): void {
      forget.run(holder);
    },
  };
}
