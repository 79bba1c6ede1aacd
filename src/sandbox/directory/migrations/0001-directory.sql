-- The tenant's directory. Times are milliseconds since 1970 by the tenant's clock.

CREATE TABLE object (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  -- purged: gone for good, kept as a name until no delta token is old enough to ask for it.
  state TEXT NOT NULL CHECK (state IN ('live', 'deleted', 'purged')),
  -- Who masters it: the cloud, a sync service, the cloud again after one, or the cloud by transfer of authority.
  mastery TEXT NOT NULL CHECK (mastery IN ('cloud', 'synced', 'formerlySynced', 'transferred')),
  -- JSON, by Graph's names; what has no value is not in it.
  properties TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- While it is to be seen by readers, whose replicas are late.
  visible_from INTEGER NOT NULL,
  visible_until INTEGER NOT NULL
) STRICT;
CREATE INDEX object_kind ON object (kind, state, number);
CREATE INDEX object_deleted ON object (deleted_at) WHERE deleted_at IS NOT NULL;

-- Values by which objects are found, folded; several of them unique, see uniqueness.ts.
CREATE TABLE key (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  object INTEGER NOT NULL REFERENCES object ON DELETE CASCADE,
  PRIMARY KEY (name, value, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX key_object ON key (object);

CREATE TABLE link (
  attribute TEXT NOT NULL,
  holder INTEGER NOT NULL REFERENCES object ON DELETE CASCADE,
  target INTEGER NOT NULL REFERENCES object ON DELETE CASCADE,
  PRIMARY KEY (attribute, holder, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_target ON link (target, attribute, holder);

-- What happened, in order: what delta queries are answered from. `object` is the holder where a link changed.
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  object INTEGER NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('created', 'updated', 'deleted', 'restored', 'purged', 'linked', 'unlinked')),
  -- updated: the names of what changed, as JSON.
  properties TEXT,
  attribute TEXT,
  target INTEGER
) STRICT;
CREATE INDEX change_kind ON change (kind, sequence);
CREATE INDEX change_object ON change (object, sequence);
CREATE INDEX change_at ON change (at);

-- How many objects of a kind are in a state.
CREATE TABLE tally (
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  objects INTEGER NOT NULL,
  PRIMARY KEY (kind, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER tally_more AFTER INSERT ON object BEGIN
  INSERT INTO tally VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET objects = objects + 1;
END;
CREATE TRIGGER tally_moved AFTER UPDATE OF state ON object WHEN new.state <> old.state BEGIN
  UPDATE tally SET objects = objects - 1 WHERE kind = old.kind AND state = old.state;
  INSERT INTO tally VALUES (new.kind, new.state, 1) ON CONFLICT DO UPDATE SET objects = objects + 1;
END;
CREATE TRIGGER tally_less AFTER DELETE ON object BEGIN
  UPDATE tally SET objects = objects - 1 WHERE kind = old.kind AND state = old.state;
END;

CREATE TABLE domain (
  name TEXT PRIMARY KEY,
  verified INTEGER NOT NULL,
  initial INTEGER NOT NULL,
  is_default INTEGER NOT NULL,
  verification TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Single facts: who the tenant is, its secrets, its switches. The file is its owner's alone.
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What may ask for tokens. A secret is kept as its SHA-256; a certificate as PEM; whose tokens are trusted as JSON.
CREATE TABLE credential (
  id TEXT PRIMARY KEY,
  app_id TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('secret', 'certificate', 'federated')),
  value TEXT NOT NULL,
  display_name TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_app ON credential (app_id);

CREATE TABLE app_role (
  app_id TEXT NOT NULL,
  resource TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (app_id, resource, role)
) STRICT, WITHOUT ROWID;
