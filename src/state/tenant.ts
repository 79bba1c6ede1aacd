import {
  canonicalJson,
  type ObjectKind,
  parseCanonicalJson,
  type SourceAnchor,
  type TenantAttributes,
  type TenantId,
} from '../model/index.ts';
import type { Database } from './database.ts';
import { wholeLinks } from './whole-links.ts';

export interface TenantRow {
  readonly id: number;
  readonly tenant_id: TenantId;
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor | null;
  readonly user_principal_name: string | null;
  readonly mail: string | null;
  readonly attributes: string;
  readonly synced: number;
  readonly privileged: number;
  readonly soft_deleted: number;
  readonly identity: number | null;
}

/** An object of the tenant, in the state's terms. */
export interface KnownObject {
  readonly id: TenantId;
  readonly kind: ObjectKind;
  readonly anchor: SourceAnchor | undefined;
  readonly attributes: TenantAttributes;
  readonly synced: boolean;
  readonly privileged: boolean;
  readonly softDeleted: boolean;
}

export function tenantReader(database: Database) {
  const byId = database.prepare<[string], TenantRow>('SELECT * FROM tenant_object WHERE tenant_id = ?');
  const byIdentity = database.prepare<[number], TenantRow>('SELECT * FROM tenant_object WHERE identity = ?');
  // Left to itself SQLite would go through all that are free, for each one asked for.
  const free = `identity IS NULL AND kind = ?`;
  const byAnchor = database.prepare<[string, string], TenantRow>(
    `SELECT * FROM tenant_object INDEXED BY tenant_object_anchor WHERE ${free} AND anchor = ? ORDER BY soft_deleted, id LIMIT 1`,
  );
  const byName = database.prepare<[string, string], TenantRow>(
    `SELECT * FROM tenant_object INDEXED BY tenant_object_user_principal_name WHERE ${free} AND user_principal_name = ? AND soft_deleted = 0 ORDER BY id LIMIT 1`,
  );
  const byMail = database.prepare<[string, string], TenantRow>(
    `SELECT * FROM tenant_object INDEXED BY tenant_object_mail WHERE ${free} AND mail = ? AND soft_deleted = 0 ORDER BY id LIMIT 1`,
  );
  return {
    byIdentity: (identity: number) => byIdentity.get(identity),
    byId: (id: TenantId) => byId.get(id),
    /** Candidates for matching: objects no identity has yet. */
    freeByAnchor: (kind: ObjectKind, anchor: SourceAnchor) => byAnchor.get(kind, anchor),
    freeByUserPrincipalName: (kind: ObjectKind, name: string) => byName.get(kind, name.toLowerCase()),
    freeByMail: (kind: ObjectKind, mail: string) => byMail.get(kind, mail.toLowerCase()),
  };
}

/** What is known of the tenant. Learning something that an identity did not expect marks it for planning. */
export function tenantTransactor(database: Database) {
  const read = tenantReader(database);
  const { byId } = read;
  const insert = database.prepare(
    `INSERT INTO tenant_object (tenant_id, kind, anchor, user_principal_name, mail, attributes, synced, privileged, soft_deleted)
     VALUES (@id, @kind, @anchor, @userPrincipalName, @mail, @attributes, @synced, @privileged, @softDeleted)`,
  );
  const update = database.prepare(
    `UPDATE tenant_object SET anchor = @anchor, user_principal_name = @userPrincipalName, mail = @mail, attributes = @attributes,
       synced = @synced, privileged = @privileged, soft_deleted = @softDeleted WHERE tenant_id = @id`,
  );
  const remove = database.prepare<[string]>('DELETE FROM tenant_object WHERE tenant_id = ?');
  const removeLinks = database.prepare<[string, string]>('DELETE FROM tenant_link WHERE holder = ? OR member = ?');
  const drift = database.prepare<[number]>(
    `UPDATE identity SET cause = iif(dirty = 1, cause, 'tenantDrift'), dirty = 1 WHERE id = ?`,
  );
  const driftLinks = database.prepare<[number]>('UPDATE identity SET links_dirty = 1 WHERE id = ?');
  const whole = wholeLinks(database, learnLink);
  const link = database.prepare<[number | null, string]>('UPDATE tenant_object SET identity = ? WHERE tenant_id = ?');
  const addLink = database.prepare<[string, string, string]>(
    'INSERT OR IGNORE INTO tenant_link (holder, attribute, member) VALUES (?, ?, ?)',
  );
  const removeLink = database.prepare<[string, string, string]>(
    'DELETE FROM tenant_link WHERE holder = ? AND attribute = ? AND member = ?',
  );
  const removeValues = database.prepare<[string, string]>('DELETE FROM tenant_link WHERE holder = ? AND attribute = ?');
  const pair = database.prepare<[string, string, string]>(
    `INSERT OR IGNORE INTO link_pair (holder, attribute, member)
     SELECT h.identity, ?, m.identity FROM tenant_object h, tenant_object m
     WHERE h.tenant_id = ? AND m.tenant_id = ? AND h.identity IS NOT NULL AND m.identity IS NOT NULL`,
  );
  database.exec(`CREATE TEMP TABLE IF NOT EXISTS tenant_seen (tenant_id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TABLE IF NOT EXISTS tenant_link_seen (holder TEXT, attribute TEXT, member TEXT, PRIMARY KEY (holder, attribute, member)) WITHOUT ROWID`);
  const clearSeen = () => database.exec('DELETE FROM tenant_seen; DELETE FROM tenant_link_seen');
  const see = database.prepare<[string]>('INSERT OR IGNORE INTO tenant_seen (tenant_id) VALUES (?)');
  const seeLink = database.prepare<[string, string, string]>(
    'INSERT OR IGNORE INTO tenant_link_seen (holder, attribute, member) VALUES (?, ?, ?)',
  );
  const unseen = database.prepare<[number], { tenant_id: TenantId }>(
    `SELECT tenant_id FROM tenant_object WHERE soft_deleted = 0 AND tenant_id NOT IN (SELECT tenant_id FROM tenant_seen) LIMIT ?`,
  );
  const unseenDeleted = database.prepare<[number], { tenant_id: TenantId }>(
    `SELECT tenant_id FROM tenant_object WHERE soft_deleted = 1 AND tenant_id NOT IN (SELECT tenant_id FROM tenant_seen) LIMIT ?`,
  );
  const unseenLinks = database.prepare<[number], { holder: TenantId; attribute: string; member: TenantId }>(
    `SELECT holder, attribute, member FROM tenant_link l WHERE NOT EXISTS (SELECT 1 FROM tenant_link_seen s
       WHERE s.holder = l.holder AND s.attribute = l.attribute AND s.member = l.member) LIMIT ?`,
  );

  let readingAll = false;

  function forgetObject(id: TenantId, expected = false): void {
    const row = byId(id);
    if (row === undefined) return;
    remove.run(id);
    removeLinks.run(id, id);
    whole.forget(id);
    if (row.identity === null) return;
    if (!expected) drift.run(row.identity);
    driftLinks.run(row.identity);
  }

  function forgetUnseen(statement: typeof unseen): void {
    for (let rows = statement.all(1000); rows.length > 0; rows = statement.all(1000)) {
      for (const row of rows) forgetObject(row.tenant_id);
    }
  }

  function learnLink(holder: TenantId, attribute: string, member: TenantId, there: boolean): void {
    const statement = there ? addLink : removeLink;
    if (statement.run(holder, attribute, member).changes > 0) pair.run(attribute, holder, member);
    if (there && readingAll) seeLink.run(holder, attribute, member);
  }

  /** Takes in an object; `expected` when it is the answer to our own write. */
  function learn(object: KnownObject, expected: boolean): void {
    const before = byId(object.id);
    const { userPrincipalName, mail } = object.attributes;
    const values = {
      id: object.id,
      kind: object.kind,
      anchor: object.anchor ?? null,
      userPrincipalName: typeof userPrincipalName === 'string' ? userPrincipalName.toLowerCase() : null,
      mail: typeof mail === 'string' ? mail.toLowerCase() : null,
      attributes: canonicalJson(object.attributes),
      synced: object.synced ? 1 : 0,
      privileged: object.privileged ? 1 : 0,
      softDeleted: object.softDeleted ? 1 : 0,
    };
    if (before === undefined) insert.run(values);
    if (object.anchor !== undefined && object.anchor !== before?.anchor) whole.arrived(object.anchor, object.id);
    if (before === undefined) return;
    const same =
      before.attributes === values.attributes &&
      before.anchor === values.anchor &&
      before.synced === values.synced &&
      before.privileged === values.privileged &&
      before.soft_deleted === values.softDeleted;
    if (same) return;
    update.run(values);
    if (before.identity !== null && !expected) drift.run(before.identity);
    if (before.identity !== null && before.soft_deleted !== values.softDeleted) driftLinks.run(before.identity);
  }

  return {
    ...read,
    learn,
    /** The identity is this object. One just made has no links yet that could be wrong. */
    link(identity: number, id: TenantId, made: 'found' | 'new' = 'found'): void {
      link.run(identity, id);
      if (made === 'found') driftLinks.run(identity);
    },
    /** Gone from the tenant, or in its recycle bin from where it can be restored; `expected` when we deleted it. */
    removed(id: TenantId, soft: boolean, expected = false): void {
      const row = byId(id);
      if (row === undefined) return;
      if (soft && row.kind === 'user') {
        learn({ ...knownOf(row), softDeleted: true }, expected);
        removeLinks.run(id, id);
      } else forgetObject(id, expected);
    },
    links(holder: TenantId, attribute: string, added: readonly TenantId[], removed: readonly TenantId[]): void {
      for (const member of added) learnLink(holder, attribute, member, true);
      for (const member of removed) learnLink(holder, attribute, member, false);
    },
    /** All references of an object, as a read shows them: others it has not. */
    wholeLinks(holder: TenantId, links: Readonly<Record<string, readonly (SourceAnchor | TenantId)[]>>): void {
      whole.replace(holder, links);
    },
    /** Our own write took effect: nothing to compare. */
    confirmLink(holder: TenantId, attribute: string, member: TenantId, there: boolean): void {
      (there ? addLink : removeLink).run(holder, attribute, member);
    },
    /** Our own write of a single-valued reference took effect. */
    setSingle(holder: TenantId, attribute: string, member: TenantId | undefined): void {
      removeValues.run(holder, attribute);
      if (member !== undefined) addLink.run(holder, attribute, member);
    },
    /** For a read of everything: what does not come is gone. */
    fullRead: {
      begin(): void {
        clearSeen();
        readingAll = true;
      },
      object: (id: TenantId) => void see.run(id),
      link: (holder: TenantId, attribute: string, member: TenantId) => void seeLink.run(holder, attribute, member),
      complete(): void {
        forgetUnseen(unseen);
        for (let rows = unseenLinks.all(1000); rows.length > 0; rows = unseenLinks.all(1000)) {
          for (const row of rows) learnLink(row.holder, row.attribute, row.member, false);
        }
        clearSeen();
        readingAll = false;
      },
    },
    /** For a read of the recycle bin: what does not come is gone for good. */
    binRead: {
      begin: clearSeen,
      object: (id: TenantId) => void see.run(id),
      complete(): void {
        forgetUnseen(unseenDeleted);
        clearSeen();
      },
    },
  };
}

export function knownOf(row: TenantRow): KnownObject {
  return {
    id: row.tenant_id,
    kind: row.kind,
    anchor: row.anchor ?? undefined,
    attributes: parseTenantAttributes(row.attributes),
    synced: row.synced === 1,
    privileged: row.privileged === 1,
    softDeleted: row.soft_deleted === 1,
  };
}

/** Reads an attributes column, which only this room writes. */
export function parseTenantAttributes(text: string): TenantAttributes {
  return parseCanonicalJson(text) as TenantAttributes;
}
