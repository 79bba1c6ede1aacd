import type { ConnectorName, Dn, ObjectGuid, ObjectKind, SourceKind } from '../model/index.ts';
import type { Database } from './database.ts';
import type { IdentityRow } from './evaluation.ts';
import { pathOf } from './path.ts';
import type { TenantRow } from './tenant.ts';

export interface SourceRow {
  readonly id: number;
  readonly connector: ConnectorName;
  readonly forest: string;
  readonly fqdn: string;
  readonly netbios: string;
  readonly guid: ObjectGuid;
  readonly kind: SourceKind;
  readonly dn: Dn;
  readonly attributes: string;
  readonly usn: string | null;
  readonly read_at: string;
  readonly identity: number | null;
  readonly in_scope: number;
  readonly reason_code: string;
  readonly reason: string;
  readonly scoping_groups: string | null;
}

export interface EscrowRow {
  readonly error: string;
  readonly failures: number;
  readonly first_at: string;
  readonly retry_at: string;
}

export interface RefusedLinkRow {
  readonly attribute: string;
  readonly member: number;
  readonly error: string;
  readonly retry_at: string;
}

export interface KindCounts {
  readonly kind: ObjectKind;
  readonly source: number;
  readonly in_scope: number;
  readonly in_tenant: number;
}

const sourceColumns = `o.id, c.name AS connector, c.forest, c.fqdn, c.netbios, o.guid, o.kind, o.dn, o.attributes, o.usn, o.read_at,
  o.identity, o.in_scope, o.reason_code, o.reason,
  (SELECT group_concat(s.scoping_group, char(10)) FROM scoping_member s WHERE s.object = o.id) AS scoping_groups`;
const from = 'FROM source_object o JOIN connector c ON c.id = o.connector';
const fromLeftOut =
  'FROM source_object o INDEXED BY source_object_left_out CROSS JOIN connector c ON c.id = o.connector WHERE o.in_scope = 0';
const identityColumns =
  'id, kind, anchor, display_name, user_principal_name, mail, desired, desired_hash, cause, error, forest';
const syncable = `o.kind IN ('user', 'group', 'contact', 'device')`;

/** Looks things up for the API; writes nothing. */
export function objectReader(database: Database) {
  const identity = database.prepare<[number], IdentityRow>(`SELECT ${identityColumns} FROM identity WHERE id = ?`);
  const byAnchor = database.prepare<[string], IdentityRow>(
    `SELECT ${identityColumns} FROM identity WHERE kind IN ('user', 'group', 'contact', 'device') AND anchor = ?`,
  );
  const ofKind = database.prepare<[string, string], IdentityRow>(
    `SELECT ${identityColumns} FROM identity WHERE kind = ? AND anchor = ?`,
  );
  const byMail = database.prepare<[string], IdentityRow>(
    `SELECT ${identityColumns} FROM identity WHERE mail = lower(?)`,
  );
  const byName = database.prepare<[string], IdentityRow>(
    `SELECT ${identityColumns} FROM identity WHERE lower(user_principal_name) = lower(?) AND user_principal_name IS NOT NULL`,
  );
  const byTenantId = database.prepare<[string], IdentityRow>(
    `SELECT ${identityColumns} FROM identity WHERE id = (SELECT identity FROM tenant_object WHERE tenant_id = ?)`,
  );
  const tenant = database.prepare<[number], TenantRow>('SELECT * FROM tenant_object WHERE identity = ?');
  const escrow = database.prepare<[number], EscrowRow>(
    'SELECT error, failures, first_at, retry_at FROM escrow WHERE identity = ?',
  );
  const refusedLinks = database.prepare<[number, number], RefusedLinkRow>(
    `SELECT p.attribute, p.member, p.error, p.retry_at FROM link_pair p INDEXED BY link_pair_refused
     WHERE p.holder = ? AND p.error IS NOT NULL ORDER BY p.failures DESC LIMIT ?`,
  );
  const sources = database.prepare<[number], SourceRow>(
    `SELECT ${sourceColumns} ${from} WHERE o.identity = ? ORDER BY o.in_scope DESC, c.id, o.id`,
  );
  // Of what takes no part alone: the names of everything else are in its identity.
  const leftOutBy = (attribute: string) =>
    database.prepare<[string], SourceRow>(
      `SELECT ${sourceColumns} ${fromLeftOut} AND lower(o.attributes ->> '$.${attribute}[0]') = lower(?) LIMIT 1`,
    );
  const leftOut = { userPrincipalName: leftOutBy('userPrincipalName'), mail: leftOutBy('mail') };
  const byId = database.prepare<[number], SourceRow>(`SELECT ${sourceColumns} ${from} WHERE o.id = ?`);
  const byPath = database.prepare<[string], SourceRow>(`SELECT ${sourceColumns} ${from} WHERE o.path = ?`);
  const byGuid = database.prepare<[string], SourceRow>(`SELECT ${sourceColumns} ${from} WHERE o.guid = ?`);
  const reasons = database.prepare<[], { reason_code: string; reason: string; kind: SourceKind; n: number }>(
    `SELECT reason_code, min(reason) AS reason, kind, count(*) AS n FROM source_object o INDEXED BY source_object_left_out
     WHERE in_scope = 0 AND ${syncable} GROUP BY reason_code, kind ORDER BY n DESC`,
  );
  const counts = database.prepare<[], KindCounts>('SELECT kind, source, in_scope, in_tenant FROM tally');
  const links = database.prepare<[string], { n: number }>(
    'SELECT count(*) AS n FROM source_link WHERE source = (SELECT id FROM source_object WHERE guid = ?)',
  );
  const held = database.prepare<[], { n: number }>(
    'SELECT count(*) AS n FROM identity INDEXED BY identity_error WHERE error IS NOT NULL',
  );
  const heldByForest = database.prepare<[], { forest: string | null; n: number }>(
    'SELECT forest, count(*) AS n FROM identity INDEXED BY identity_error WHERE error IS NOT NULL GROUP BY forest',
  );
  const refusedByForest = database.prepare<[], { forest: string | null; n: number }>(
    `SELECT i.forest, count(*) AS n FROM (SELECT identity FROM escrow
         UNION SELECT holder FROM link_pair INDEXED BY link_pair_refused WHERE error IS NOT NULL) w
       CROSS JOIN identity i ON i.id = w.identity GROUP BY i.forest`,
  );
  return {
    identity: (id: number) => identity.get(id),
    identityByAnchor: (anchor: string) => byAnchor.get(anchor),
    /** By anchor, tenant id, name, mail, objectGUID or DN, whichever the text is. */
    named: (text: string): IdentityRow | undefined => {
      const source = byPath.get(pathOf(text)) ?? byGuid.get(text.toLowerCase());
      if (source !== undefined) return source.identity === null ? undefined : identity.get(source.identity);
      return byAnchor.get(text) ?? byName.get(text) ?? byTenantId.get(text.toLowerCase()) ?? byMail.get(text);
    },
    identityOf: (kind: string, anchor: string) => ofKind.get(kind, anchor),
    identityByMail: (mail: string) => byMail.get(mail),
    identityByUserPrincipalName: (name: string) => byName.get(name),
    identityByTenantId: (id: string) => byTenantId.get(id),
    tenantOf: (id: number) => tenant.get(id),
    escrowOf: (id: number) => escrow.get(id),
    /** Links of this holder that the tenant refused. */
    refusedLinks: (holder: number, limit: number) => refusedLinks.all(holder, limit),
    sourcesOf: (id: number) => sources.all(id),
    /** One that takes no part, by a name it has in the directory; looks through all of them. */
    leftOutBy: (attribute: 'userPrincipalName' | 'mail', value: string) => leftOut[attribute].get(value),
    source: (id: number) => byId.get(id),
    sourceByDn: (dn: string) => byPath.get(pathOf(dn)),
    sourceByGuid: (guid: string) => byGuid.get(guid),
    /** How many take no part, by reason. */
    skippedReasons: () => reasons.all(),
    countsByKind: () => counts.all(),
    /** Values of an object's reference attributes, all together. */
    countLinks: (guid: string) => links.get(guid)?.n ?? 0,
    countHeld: () => held.get()?.n ?? 0,
    /** Identities no value can be made for. */
    heldByForest: () => heldByForest.all(),
    /** Identities the tenant refused, or links of them, waiting. */
    refusedByForest: () => refusedByForest.all(),
  };
}
