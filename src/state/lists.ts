import type { ConnectorName, ObjectKind, SourceKind } from '../model/index.ts';
import type { Database } from './database.ts';

/** Where a list goes on: after this key, and of those that share it after this row. */
export interface After {
  readonly key: string;
  readonly id: number;
}

/** An identity, as far as a list chooses by it. */
export interface ListedIdentity {
  readonly id: number;
  /** What the list is in the order of, where that is not `id` alone. */
  readonly key: string;
  readonly kind: ObjectKind;
  readonly forest: string | null;
  /** Of the error that holds it, or that it waits with; `held` tells them apart. */
  readonly code: string | null;
  readonly held: number;
  readonly unwanted: number;
  readonly absent: number;
  /** Of its first source object, where it should not be in the tenant; null where it has none. */
  readonly reason_code: string | null;
  /** Joined by line feeds. */
  readonly connectors: string | null;
  /** It is in the list before as well. */
  readonly repeated: number;
}

/** A source object that takes no part, as far as a list chooses by it. */
export interface ListedSource {
  readonly id: number;
  readonly kind: SourceKind;
  readonly connector: ConnectorName;
  readonly identity: number | null;
  readonly reason_code: string;
}

/** What the tenant refused comes before what is kept from it without a try. */
const refusedLink =
  '(SELECT p.error FROM link_pair p INDEXED BY link_pair_refused WHERE p.holder = i.id AND p.error IS NOT NULL ORDER BY p.failures DESC LIMIT 1)';
const listed = (key: string, repeated: string, from: string): string =>
  `SELECT i.id, ${key} AS key, i.kind, i.forest, coalesce(i.error, e.error, ${refusedLink}) ->> '$.code' AS code, i.error IS NOT NULL AS held,
     i.desired IS NULL AS unwanted, t.id IS NULL OR t.soft_deleted = 1 AS absent, ${repeated} AS repeated,
     iif(i.desired IS NULL, (SELECT o.reason_code FROM source_object o WHERE o.identity = i.id ORDER BY o.connector, o.id LIMIT 1), NULL) AS reason_code,
     (SELECT group_concat(c.name, char(10)) FROM source_object o CROSS JOIN connector c ON c.id = o.connector WHERE o.identity = i.id) AS connectors
   FROM ${from}`;
const besides = 'LEFT JOIN escrow e ON e.identity = i.id LEFT JOIN tenant_object t ON t.identity = i.id';
const isCalledSo = 'i.display_name >= @text COLLATE NOCASE AND i.display_name < @end COLLATE NOCASE';
const signsInSo =
  'i.user_principal_name IS NOT NULL AND lower(i.user_principal_name) >= lower(@text) AND lower(i.user_principal_name) < lower(@end)';

/** Lists of objects for people: each goes on from where the page before it ended, so that a page costs a page. */
export function listReader(database: Database) {
  const identities = database.prepare<[Record<string, unknown>], ListedIdentity>(
    listed(`''`, '0', `identity i ${besides} WHERE i.id > @id ORDER BY i.id LIMIT @limit`),
  );
  const failing = database.prepare<[Record<string, unknown>], ListedIdentity>(
    listed(
      `''`,
      '0',
      `(SELECT * FROM (SELECT id FROM identity INDEXED BY identity_error WHERE error IS NOT NULL AND id > @id ORDER BY id LIMIT @limit)
        UNION SELECT * FROM (SELECT identity FROM escrow WHERE identity > @id ORDER BY identity LIMIT @limit)
        UNION SELECT * FROM (SELECT DISTINCT holder FROM link_pair INDEXED BY link_pair_refused
          WHERE error IS NOT NULL AND holder > @id ORDER BY holder LIMIT @limit)
        ORDER BY 1 LIMIT @limit) f CROSS JOIN identity i ON i.id = f.id ${besides} ORDER BY f.id`,
    ),
  );
  const called = database.prepare<[Record<string, unknown>], ListedIdentity>(
    listed(
      'i.display_name',
      '0',
      `identity i INDEXED BY identity_display_name ${besides}
       WHERE i.display_name >= @key COLLATE NOCASE AND i.display_name < @end COLLATE NOCASE
         AND (i.display_name > @key COLLATE NOCASE OR i.id > @id)
       ORDER BY i.display_name COLLATE NOCASE, i.id LIMIT @limit`,
    ),
  );
  const signingIn = database.prepare<[Record<string, unknown>], ListedIdentity>(
    listed(
      'lower(i.user_principal_name)',
      isCalledSo,
      `identity i INDEXED BY identity_user_principal_name ${besides}
       WHERE i.user_principal_name IS NOT NULL AND lower(i.user_principal_name) >= lower(@key)
         AND lower(i.user_principal_name) < lower(@end) AND (lower(i.user_principal_name) > lower(@key) OR i.id > @id)
       ORDER BY lower(i.user_principal_name), i.id LIMIT @limit`,
    ),
  );
  const mailed = database.prepare<[Record<string, unknown>], ListedIdentity>(
    listed(
      'i.mail',
      `(${isCalledSo}) OR (${signsInSo})`,
      `identity i INDEXED BY identity_mail ${besides}
       WHERE i.mail IS NOT NULL AND i.mail >= lower(@key) AND i.mail < lower(@end) AND (i.mail > lower(@key) OR i.id > @id)
       ORDER BY i.mail, i.id LIMIT @limit`,
    ),
  );
  const leftOut = database.prepare<[number, number], ListedSource>(
    `SELECT o.id, o.kind, c.name AS connector, o.identity, o.reason_code
     FROM source_object o INDEXED BY source_object_left_out CROSS JOIN connector c ON c.id = o.connector
     WHERE o.in_scope = 0 AND o.id > ? ORDER BY o.id LIMIT ?`,
  );
  const beginning =
    (statement: typeof called) =>
    (text: string, { key, id }: After, limit: number): readonly ListedIdentity[] =>
      // An empty key is where the list begins: at the text itself.
      statement.all({ text, end: `${text}\u{10ffff}`, key: key === '' ? text : key, id, limit });
  return {
    identities: ({ id }: After, limit: number) => identities.all({ id, limit }),
    /** Held, or refused by the tenant. */
    failing: ({ id }: After, limit: number) => failing.all({ id, limit }),
    /** Whose display name begins so, by name. */
    called: beginning(called),
    /** Whose user principal name begins so; `repeated` where the display name does. */
    signingIn: beginning(signingIn),
    /** Whose mail address begins so; `repeated` where one of the other names does. */
    mailed: beginning(mailed),
    /** Source objects that take no part, containers among them. */
    leftOut: ({ id }: After, limit: number) => leftOut.all(id, limit),
  };
}
