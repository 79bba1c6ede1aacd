-- A link the tenant refused waits by itself: retried when `retry_at` has come or its holder's `desired_hash` changes.
ALTER TABLE link_pair ADD COLUMN error TEXT;
ALTER TABLE link_pair ADD COLUMN failures INTEGER;
ALTER TABLE link_pair ADD COLUMN first_at TEXT;
ALTER TABLE link_pair ADD COLUMN retry_at TEXT;
ALTER TABLE link_pair ADD COLUMN desired_hash BLOB;
CREATE INDEX link_pair_refused ON link_pair (holder, failures DESC) WHERE error IS NOT NULL;
