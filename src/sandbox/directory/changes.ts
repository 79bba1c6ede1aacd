import type { DirectoryContext } from './context.ts';
import { type DirectoryObject, type ObjectRow, parseObject } from './object.ts';

/** An object that changed within a span of the log, at its last change there. */
export interface ChangedObject {
  readonly sequence: number;
  readonly object: DirectoryObject;
}

export interface LinkChange {
  readonly sequence: number;
  readonly attribute: string;
  readonly target: number;
  readonly targetId: string;
  readonly targetKind: string;
  readonly added: boolean;
}

export type ChangeReader = ReturnType<typeof changeReader>;

export function changeReader({ database }: DirectoryContext) {
  const last = database.prepare<[], { sequence: number | null }>('SELECT max(sequence) AS sequence FROM change');
  const lastBefore = database.prepare<[number], { sequence: number | null }>(
    'SELECT max(sequence) AS sequence FROM change WHERE at <= ?',
  );
  const back = database.prepare<[number, number], { sequence: number }>(
    'SELECT sequence FROM change WHERE sequence <= ? ORDER BY sequence DESC LIMIT 1 OFFSET ?',
  );
  const changed = database.prepare<[Record<string, string | number>], ObjectRow & { sequence: number }>(
    `SELECT c.sequence, o.* FROM change c JOIN object o ON o.number = c.object
     WHERE c.kind = @kind AND c.sequence > @after AND c.sequence <= @upTo
       AND NOT EXISTS (SELECT 1 FROM change d WHERE d.object = c.object AND d.sequence > c.sequence AND d.sequence <= @upTo)
     ORDER BY c.sequence LIMIT @limit`,
  );
  const ofObject = database.prepare<[number, number, number], { what: string; properties: string | null }>(
    `SELECT what, properties FROM change
     WHERE object = ? AND sequence > ? AND sequence <= ? AND what NOT IN ('linked', 'unlinked')`,
  );
  const links = database.prepare<
    [number, number, number, number],
    { sequence: number; attribute: string; target: number; id: string; kind: string; what: string }
  >(
    `SELECT c.sequence, c.attribute, c.target, o.id, o.kind, c.what FROM change c JOIN object o ON o.number = c.target
     WHERE c.object = ? AND c.sequence > ? AND c.sequence <= ? AND c.what IN ('linked', 'unlinked')
     ORDER BY c.sequence LIMIT ?`,
  );
  return {
    last: (): number => last.get()?.sequence ?? 0,
    lastBefore: (at: number): number => lastBefore.get(at)?.sequence ?? 0,
    /** The sequence `steps` changes before one, or the beginning. */
    stepsBefore(sequence: number, steps: number): number {
      return steps === 0 ? sequence : (back.get(sequence, steps)?.sequence ?? 0);
    },
    /** Each object that changed in (`after`, `upTo`] once, by its last change; resumes beyond `resume`. */
    changed(kind: string, resume: number, upTo: number, limit: number): readonly ChangedObject[] {
      return changed
        .all({ kind, after: resume, upTo, limit })
        .map((row) => ({ sequence: row.sequence, object: parseObject(row) }));
    },
    /** The names of the properties that changed, or `all` where the object came to be within the span. */
    changedNames(object: number, after: number, upTo: number): ReadonlySet<string> | 'all' {
      const names = new Set<string>();
      for (const { what, properties } of ofObject.all(object, after, upTo)) {
        if (what !== 'updated') return 'all';
        for (const name of parseNames(properties)) names.add(name);
      }
      return names;
    },
    linkChanges(object: number, after: number, upTo: number, limit: number): readonly LinkChange[] {
      return links.all(object, after, upTo, limit).map((row) => ({
        sequence: row.sequence,
        attribute: row.attribute,
        target: row.target,
        targetId: row.id,
        targetKind: row.kind,
        added: row.what === 'linked',
      }));
    },
  };
}

function parseNames(json: string | null): readonly string[] {
  return json === null ? [] : (JSON.parse(json) as string[]);
}

export function changeTransactor({ database, clock }: DirectoryContext) {
  const insert = database.prepare<[number, number, string, string, string | null, string | null, number | null]>(
    'INSERT INTO change (at, object, kind, what, properties, attribute, target) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const prune = database.prepare<[number]>('DELETE FROM change WHERE at < ?');
  return {
    object(
      what: 'created' | 'updated' | 'deleted' | 'restored' | 'purged',
      of: { readonly number: number; readonly kind: string },
      names?: readonly string[],
    ): void {
      insert.run(clock.now(), of.number, of.kind, what, names === undefined ? null : JSON.stringify(names), null, null);
    },
    link(
      what: 'linked' | 'unlinked',
      holder: { readonly number: number; readonly kind: string },
      attribute: string,
      target: number,
    ): void {
      insert.run(clock.now(), holder.number, holder.kind, what, null, attribute, target);
    },
    prune: (before: number): void => {
      prune.run(before);
    },
  };
}
