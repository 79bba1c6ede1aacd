import type { Database } from './database.ts';

export type Facts = ReturnType<typeof factStore>;

export function factStore(database: Database) {
  const get = database.prepare<[string], { value: string }>('SELECT value FROM fact WHERE name = ?');
  const set = database.prepare<[string, string]>(
    'INSERT INTO fact VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name: string): string | undefined => get.get(name)?.value,
    set(name: string, value: string): void {
      set.run(name, value);
    },
    /** The fact, made once. */
    once(name: string, make: () => string): string {
      const known = get.get(name)?.value;
      if (known !== undefined) return known;
      const made = make();
      set.run(name, made);
      return made;
    },
  };
}
