-- JSON: when each phase of a cycle began and ended, and how much it did.
ALTER TABLE cycle ADD COLUMN phases TEXT NOT NULL DEFAULT '[]';
