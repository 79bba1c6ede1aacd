-- When somebody changed the object in its directory, of the few whose directory was asked.
ALTER TABLE operation ADD COLUMN changed_at TEXT;
