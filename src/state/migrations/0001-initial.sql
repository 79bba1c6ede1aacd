-- One row per domain read.
CREATE TABLE connector (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  forest TEXT NOT NULL,
  fqdn TEXT NOT NULL,
  netbios TEXT NOT NULL DEFAULT '',
  naming_context TEXT NOT NULL DEFAULT '',
  server TEXT,
  watermark TEXT,
  -- JSON: the attributes its objects were read with. One that is not among them makes a full read necessary.
  attributes TEXT NOT NULL DEFAULT '[]',
  read_at TEXT,
  -- Objects it holds but containers, kept by triggers.
  objects INTEGER NOT NULL DEFAULT 0,
  -- Where the next read of passwords resumes.
  password_cookie TEXT,
  error TEXT,
  error_at TEXT,
  -- Failures in a row; from the third on it is in quarantine and waits for `retry_at`.
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since TEXT,
  retry_at TEXT
) STRICT;

-- Source objects as last read. `path` is the DN's key root first, so that a subtree is one range.
CREATE TABLE source_object (
  id INTEGER PRIMARY KEY,
  connector INTEGER NOT NULL REFERENCES connector,
  guid TEXT NOT NULL,
  kind TEXT NOT NULL,
  dn TEXT NOT NULL,
  path TEXT NOT NULL,
  sid TEXT,
  attributes TEXT NOT NULL,
  hash BLOB NOT NULL,
  usn TEXT,
  read_at TEXT NOT NULL,
  identity INTEGER REFERENCES identity,
  in_scope INTEGER NOT NULL DEFAULT 0,
  reason_code TEXT NOT NULL DEFAULT 'notEvaluated',
  reason TEXT NOT NULL DEFAULT '',
  dirty INTEGER NOT NULL DEFAULT 1,
  -- Of joined accounts one gives the identity its sign-in, and its password is the one that is sent.
  signs_in INTEGER NOT NULL DEFAULT 1,
  UNIQUE (connector, guid)
) STRICT;
CREATE INDEX source_object_guid ON source_object (guid);
CREATE INDEX source_object_path ON source_object (path);
CREATE INDEX source_object_sid ON source_object (sid) WHERE sid IS NOT NULL;
-- In the order in which joined objects count, so that nothing is sorted.
CREATE INDEX source_object_identity ON source_object (identity, connector) WHERE identity IS NOT NULL;
-- What takes no part, which is seldom much: it is listed and looked for by people.
CREATE INDEX source_object_left_out ON source_object (id) WHERE in_scope = 0;
CREATE INDEX source_object_dirty ON source_object (id) WHERE dirty = 1;

-- What a reference attribute names, once per named object; `object` is the source object it was found to be.
CREATE TABLE reference (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  dn TEXT NOT NULL,
  object INTEGER REFERENCES source_object ON DELETE SET NULL
) STRICT;
CREATE INDEX reference_object ON reference (object) WHERE object IS NOT NULL;

CREATE TABLE source_link (
  source INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  reference INTEGER NOT NULL,
  PRIMARY KEY (source, attribute, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_link_reference ON source_link (reference);

-- Links that came or went since the last plan.
CREATE TABLE link_change (
  source INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  reference INTEGER NOT NULL,
  PRIMARY KEY (source, attribute, reference)
) STRICT, WITHOUT ROWID;

-- What the source objects joined on one anchor become. `desired` is null when it should not be in the tenant.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  anchor TEXT NOT NULL,
  display_name TEXT NOT NULL,
  user_principal_name TEXT,
  mail TEXT,
  -- Where it was last read: a deleted object is still counted for its forest.
  forest TEXT,
  dn TEXT,
  desired TEXT,
  desired_hash BLOB,
  cause TEXT NOT NULL,
  error TEXT,
  stale INTEGER NOT NULL DEFAULT 1,
  dirty INTEGER NOT NULL DEFAULT 1,
  links_dirty INTEGER NOT NULL DEFAULT 1,
  UNIQUE (kind, anchor)
) STRICT;
CREATE INDEX identity_user_principal_name ON identity (lower(user_principal_name)) WHERE user_principal_name IS NOT NULL;
CREATE INDEX identity_display_name ON identity (display_name COLLATE NOCASE);
CREATE INDEX identity_mail ON identity (mail) WHERE mail IS NOT NULL;
CREATE INDEX identity_stale ON identity (id) WHERE stale = 1;
CREATE INDEX identity_error ON identity (id) WHERE error IS NOT NULL;
CREATE INDEX identity_unwanted ON identity (id) WHERE desired IS NULL;
CREATE INDEX identity_dirty ON identity (id) WHERE dirty = 1;
CREATE INDEX identity_links_dirty ON identity (id) WHERE links_dirty = 1;

-- Identities the tenant refused, waiting: retried when `retry_at` has come or `desired_hash` changes.
CREATE TABLE escrow (
  identity INTEGER PRIMARY KEY REFERENCES identity ON DELETE CASCADE,
  error TEXT NOT NULL,
  failures INTEGER NOT NULL,
  first_at TEXT NOT NULL,
  retry_at TEXT NOT NULL,
  desired_hash BLOB
) STRICT;

-- What is known to be in the tenant.
CREATE TABLE tenant_object (
  id INTEGER PRIMARY KEY,
  tenant_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  anchor TEXT,
  user_principal_name TEXT,
  mail TEXT,
  attributes TEXT NOT NULL,
  synced INTEGER NOT NULL,
  privileged INTEGER NOT NULL,
  soft_deleted INTEGER NOT NULL DEFAULT 0,
  identity INTEGER UNIQUE REFERENCES identity
) STRICT;
CREATE INDEX tenant_object_anchor ON tenant_object (kind, anchor, soft_deleted) WHERE anchor IS NOT NULL;
CREATE INDEX tenant_object_user_principal_name ON tenant_object (user_principal_name) WHERE user_principal_name IS NOT NULL;
CREATE INDEX tenant_object_mail ON tenant_object (mail) WHERE mail IS NOT NULL;

-- By the tenant's ids, since a link may be read before the object at its end.
CREATE TABLE tenant_link (
  holder TEXT NOT NULL,
  attribute TEXT NOT NULL,
  member TEXT NOT NULL,
  PRIMARY KEY (holder, attribute, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX tenant_link_member ON tenant_link (member);

-- Ends of links that a read named by their anchor before it came to the object itself.
CREATE TABLE tenant_link_pending (
  anchor TEXT NOT NULL,
  holder TEXT NOT NULL,
  attribute TEXT NOT NULL,
  PRIMARY KEY (anchor, holder, attribute)
) STRICT, WITHOUT ROWID;
CREATE INDEX tenant_link_pending_holder ON tenant_link_pending (holder);

-- Links between identities in which the directory and the tenant may differ; `attribute` is the tenant's name of it.
CREATE TABLE link_pair (
  holder INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  member INTEGER NOT NULL,
  PRIMARY KEY (holder, attribute, member)
) STRICT, WITHOUT ROWID;

-- Where a configured scope root was when it was first seen: held by its GUID from then on.
CREATE TABLE scope_root (
  forest TEXT NOT NULL,
  dn TEXT NOT NULL,
  guid TEXT NOT NULL,
  PRIMARY KEY (forest, dn)
) STRICT, WITHOUT ROWID;

-- Who belongs to a scoping group, nesting resolved.
CREATE TABLE scoping_member (
  object INTEGER NOT NULL,
  scoping_group TEXT NOT NULL,
  PRIMARY KEY (object, scoping_group)
) STRICT, WITHOUT ROWID;

-- What an object is known by to other connectors: those that share a key are one identity.
CREATE TABLE join_key (
  object INTEGER NOT NULL REFERENCES source_object ON DELETE CASCADE,
  key TEXT NOT NULL,
  PRIMARY KEY (object, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX join_key_key ON join_key (key);

CREATE TABLE cycle (
  id INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  preview INTEGER NOT NULL,
  trigger TEXT NOT NULL,
  -- A saved plan outlives the next cycle.
  saved INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  progress TEXT,
  counts TEXT NOT NULL,
  digest TEXT,
  -- Over the operations a guard holds: what a person approves.
  held_digest TEXT,
  error TEXT,
  -- What each guard that held something counted.
  holds TEXT NOT NULL DEFAULT '[]',
  connector_errors TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX cycle_saved ON cycle (id) WHERE saved = 1;
CREATE INDEX cycle_running ON cycle (id) WHERE state = 'running';

-- The plan and the journal in one: planned or held, then sent, then done, failed or unknown.
CREATE TABLE operation (
  -- Never given twice: a number that was shown stands for that operation and no later one.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  cycle INTEGER NOT NULL REFERENCES cycle ON DELETE CASCADE,
  stage INTEGER NOT NULL,
  type TEXT NOT NULL,
  kind TEXT NOT NULL,
  identity INTEGER NOT NULL,
  anchor TEXT NOT NULL,
  display_name TEXT NOT NULL,
  forest TEXT,
  dn TEXT,
  tenant_id TEXT,
  cause TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- Over what it does, by anchors: the same operation planned again has the same.
  digest BLOB NOT NULL,
  state TEXT NOT NULL,
  -- What holds it: a guard, a person, or the match it would make.
  held_by TEXT,
  error TEXT,
  request_id TEXT,
  sent_at TEXT,
  ended_at TEXT
) STRICT;
CREATE INDEX operation_cycle ON operation (cycle, stage, id);
CREATE INDEX operation_undone ON operation (cycle) WHERE state IN ('planned', 'held');
CREATE INDEX operation_digest ON operation (cycle, digest);
CREATE INDEX operation_identity ON operation (identity, id);
CREATE INDEX operation_in_flight ON operation (id) WHERE state IN ('sent', 'unknown');

-- Operations a person has approved, by digest: spent when carried out.
CREATE TABLE approval (
  digest BLOB PRIMARY KEY,
  actor TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Operations that were held when last planned.
CREATE TABLE held (
  digest BLOB PRIMARY KEY,
  held_by TEXT NOT NULL,
  since TEXT NOT NULL,
  error TEXT,
  -- The guard's threshold as it was: with another one it is judged anew.
  limits TEXT
) STRICT, WITHOUT ROWID;

-- Identities a person wants left as they are, by aspect ('' the object, else a reference attribute),
-- until they are released or, for the object, `desired_hash` changes.
CREATE TABLE pin (
  identity INTEGER NOT NULL REFERENCES identity ON DELETE CASCADE,
  aspect TEXT NOT NULL,
  desired_hash BLOB,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (identity, aspect)
) STRICT, WITHOUT ROWID;

-- What was done, left out, held and decided; append-only, each row's hash over it and the one before.
CREATE TABLE log (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  cycle INTEGER,
  action TEXT NOT NULL,
  status TEXT NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT,
  anchor TEXT,
  display_name TEXT,
  dn TEXT,
  tenant_id TEXT,
  -- JSON: attributes before and after, the reason, the request.
  detail TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE INDEX log_anchor ON log (anchor, id) WHERE anchor IS NOT NULL;
CREATE INDEX log_cycle ON log (cycle, id) WHERE cycle IS NOT NULL;

-- How many there are, kept as they come and go: counting a million rows is no work for a status call or a delta.
CREATE TABLE tally (
  kind TEXT PRIMARY KEY,
  source INTEGER NOT NULL DEFAULT 0,
  in_scope INTEGER NOT NULL DEFAULT 0,
  in_tenant INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO tally (kind) VALUES ('user'), ('group'), ('contact'), ('device');

CREATE TRIGGER source_object_came AFTER INSERT ON source_object WHEN NEW.kind <> 'container' BEGIN
  UPDATE tally SET source = source + 1, in_scope = in_scope + NEW.in_scope WHERE kind = NEW.kind;
  UPDATE connector SET objects = objects + 1 WHERE id = NEW.connector;
END;
CREATE TRIGGER source_object_went AFTER DELETE ON source_object WHEN OLD.kind <> 'container' BEGIN
  UPDATE tally SET source = source - 1, in_scope = in_scope - OLD.in_scope WHERE kind = OLD.kind;
  UPDATE connector SET objects = objects - 1 WHERE id = OLD.connector;
END;
CREATE TRIGGER source_object_scope AFTER UPDATE OF in_scope ON source_object WHEN NEW.in_scope <> OLD.in_scope BEGIN
  UPDATE tally SET in_scope = in_scope + NEW.in_scope - OLD.in_scope WHERE kind = NEW.kind;
END;
CREATE TRIGGER source_object_kind AFTER UPDATE OF kind ON source_object WHEN NEW.kind <> OLD.kind BEGIN
  UPDATE tally SET source = source - 1, in_scope = in_scope - NEW.in_scope WHERE kind = OLD.kind;
  UPDATE tally SET source = source + 1, in_scope = in_scope + NEW.in_scope WHERE kind = NEW.kind;
END;
CREATE TRIGGER tenant_object_came AFTER INSERT ON tenant_object WHEN NEW.identity IS NOT NULL AND NEW.soft_deleted = 0 BEGIN
  UPDATE tally SET in_tenant = in_tenant + 1 WHERE kind = NEW.kind;
END;
CREATE TRIGGER tenant_object_went AFTER DELETE ON tenant_object WHEN OLD.identity IS NOT NULL AND OLD.soft_deleted = 0 BEGIN
  UPDATE tally SET in_tenant = in_tenant - 1 WHERE kind = OLD.kind;
END;
CREATE TRIGGER tenant_object_changed AFTER UPDATE OF identity, soft_deleted ON tenant_object
  WHEN (NEW.identity IS NOT NULL AND NEW.soft_deleted = 0) <> (OLD.identity IS NOT NULL AND OLD.soft_deleted = 0) BEGIN
  UPDATE tally SET in_tenant = in_tenant + iif(NEW.identity IS NOT NULL AND NEW.soft_deleted = 0, 1, -1) WHERE kind = NEW.kind;
END;

-- Whose password was sent or left out, and by which version of it: never the password, nor anything made from it.
CREATE TABLE password (
  connector INTEGER NOT NULL REFERENCES connector ON DELETE CASCADE,
  guid TEXT NOT NULL,
  -- Origin and USN of the write: together unique for ever.
  version TEXT,
  state TEXT NOT NULL CHECK (state IN ('sent', 'skipped', 'failed')),
  reason TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  retry_at TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (connector, guid)
) STRICT, WITHOUT ROWID;
CREATE INDEX password_open ON password (connector, guid) WHERE state <> 'sent';

-- Single facts: the tenant read's token, the digest of the rules last evaluated, counts to show.
CREATE TABLE fact (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
