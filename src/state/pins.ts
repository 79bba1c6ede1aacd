import type { Database } from './database.ts';

export interface PinRow {
  readonly identity: number;
  readonly aspect: string;
  readonly desired_hash: Uint8Array | null;
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
}

export function pinReader(database: Database) {
  const of = database.prepare<[number, string], PinRow>('SELECT * FROM pin WHERE identity = ? AND aspect = ?');
  return {
    /** Why an identity, or a reference attribute of it, is left as it is. */
    of: (identity: number, aspect: string) => of.get(identity, aspect),
  };
}

/** Identities a person wants left as they are. */
export function pinTransactor(database: Database) {
  const set = database.prepare(
    `INSERT OR REPLACE INTO pin (identity, aspect, desired_hash, reason, actor, at)
     SELECT id, @aspect, desired_hash, @reason, @actor, @at FROM identity WHERE id = @identity`,
  );
  const release = database.prepare<[number]>('DELETE FROM pin WHERE identity = ?');
  const releaseAspect = database.prepare<[number, string]>('DELETE FROM pin WHERE identity = ? AND aspect = ?');
  return {
    ...pinReader(database),
    /** Holds the identity at what the tenant has now, until it should become something else than it should today. */
    set: (pin: { identity: number; aspect: string; reason: string; actor: string; at: string }) => void set.run(pin),
    release: (identity: number) => release.run(identity).changes,
    releaseAspect: (identity: number, aspect: string) => void releaseAspect.run(identity, aspect),
  };
}
