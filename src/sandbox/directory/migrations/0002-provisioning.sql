-- What provisioning jobs did to objects, as the provisioning log shows it.
CREATE TABLE provisioning_entry (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  job TEXT NOT NULL,
  -- JSON, in the log's own form.
  entry TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX provisioning_entry_at ON provisioning_entry (at DESC, id);
