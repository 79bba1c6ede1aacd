import type { Database } from './database.ts';

export type FactName =
  | 'rulesDigest'
  | 'tenantToken'
  /** Unset while the tenant's recycle bin is to be read: after a read of everything, or when it lacks what was thought in it. */
  | 'binRead'
  | 'tenantId'
  | 'tenantQuarantine'
  | 'passwordsHeardAt'
  | `passwordSync:${string}`
  | 'configurationDigest'
  | 'logStart';

export function factReader(database: Database) {
  const get = database.prepare<[string], { value: string }>('SELECT value FROM fact WHERE name = ?');
  return { get: (name: FactName): string | undefined => get.get(name)?.value };
}

export function factTransactor(database: Database) {
  const set = database.prepare<[string, string]>('INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)');
  const remove = database.prepare<[string]>('DELETE FROM fact WHERE name = ?');
  return {
    ...factReader(database),
    set: (name: FactName, value: string) => void set.run(name, value),
    remove: (name: FactName) => void remove.run(name),
  };
}
