import type { ErrorReport } from '../model/index.ts';
import type { Database } from './database.ts';

/** What a guard counts. */
export type Guarded =
  | 'deletes'
  | 'disables'
  | 'scopeLosses'
  | 'renames'
  | 'memberRemovals'
  | 'managerRemovals'
  | 'memberRemovalsPerGroup'
  | 'attributeChanges';

/** One thing counted. */
export interface GuardCount {
  readonly forest: string;
  /** The group or attribute, where the guard counts by one; else empty. */
  readonly subject: string;
  readonly n: number;
}

/** The names by which people and systems know an object. */
const keyAttributes = ['userPrincipalName', 'mail'];

const changes = (attribute: string) => `json_type(o.payload, '$.changes.${attribute}') IS NOT NULL`;
/** What comes back from the recycle bin only gets its own values again. */
const notRestored = `NOT EXISTS (SELECT 1 FROM operation r INDEXED BY operation_identity
  WHERE r.identity = o.identity AND r.cycle = o.cycle AND r.type = 'restore')`;
const conditions: Readonly<Record<Guarded, string>> = {
  deletes: `o.type = 'delete'`,
  scopeLosses: `o.type = 'delete' AND o.cause IN ('leftScope', 'configurationChanged', 'connectorRemoved')`,
  disables: `(o.type = 'disable' OR (o.type IN ('update', 'adopt') AND json_type(o.payload, '$.changes.accountEnabled.after') = 'false'))`,
  renames: `o.type = 'update' AND (${keyAttributes.map(changes).join(' OR ')}) AND ${notRestored}`,
  memberRemovals: `o.type = 'removeMember'`,
  managerRemovals: `o.type = 'clearManager'`,
  memberRemovalsPerGroup: `o.type = 'removeMember'`,
  attributeChanges: `o.type = 'update' AND ${notRestored}`,
};

/** What an operation is about, for guards that count by it. */
const subjects: Readonly<Record<Guarded, string>> = {
  deletes: `''`,
  scopeLosses: `''`,
  disables: `''`,
  renames: `''`,
  memberRemovals: `''`,
  managerRemovals: `''`,
  memberRemovalsPerGroup: 'CAST(o.identity AS TEXT)',
  attributeChanges: 'change.key',
};

/** Of how many there are: objects or links in the tenant that are ours. */
const managedByForest = `FROM tenant_object t JOIN identity i ON i.id = t.identity
  WHERE t.soft_deleted = 0 AND coalesce(i.forest, '') = @forest`;
const linksOfForest = (
  attribute: string,
) => `FROM tenant_link l JOIN tenant_object t ON t.tenant_id = l.holder JOIN identity i ON i.id = t.identity
  WHERE coalesce(i.forest, '') = @forest AND l.attribute ${attribute}`;
const linksOfGroup = `FROM tenant_link l JOIN tenant_object t ON t.tenant_id = l.holder
  WHERE t.identity = CAST(@subject AS INTEGER)`;
const wholes: Readonly<Record<Guarded, string>> = {
  deletes: managedByForest,
  scopeLosses: managedByForest,
  disables: managedByForest,
  renames: managedByForest,
  memberRemovals: linksOfForest(`<> 'manager'`),
  managerRemovals: linksOfForest(`= 'manager'`),
  memberRemovalsPerGroup: linksOfGroup,
  attributeChanges: managedByForest,
};

const unapproved = 'NOT EXISTS (SELECT 1 FROM approval a WHERE a.digest = o.digest)';

export function guardingReader(database: Database) {
  const approved = database.prepare<[Uint8Array], { actor: string; at: string }>(
    'SELECT actor, at FROM approval WHERE digest = ?',
  );
  return {
    /** Who let an operation go that was held. */
    approvedBy: (digest: Uint8Array) => approved.get(digest),
  };
}

/** Counts a plan's operations as the guards see them, and holds; approvals are by the operation's digest. */
export function guardingTransactor(database: Database) {
  const statements = (guard: Guarded) => {
    const eachChange = guard === 'attributeChanges' ? `, json_each(o.payload, '$.changes') change` : '';
    const from = `FROM operation o${eachChange} WHERE o.cycle = @cycle AND o.state = 'planned' AND ${unapproved} AND ${conditions[guard]}`;
    return {
      counts: database.prepare<[Record<string, unknown>], GuardCount>(
        `SELECT coalesce(o.forest, '') AS forest, ${subjects[guard]} AS subject, count(*) AS n ${from} GROUP BY 1, 2`,
      ),
      whole: database.prepare<[Record<string, unknown>], { n: number }>(
        `SELECT count(*) AS n FROM (SELECT 1 ${wholes[guard]} AND @forest = @forest AND @subject = @subject LIMIT @most)`,
      ),
      hold: database.prepare(
        `UPDATE operation SET state = 'held', held_by = @guard, error = @error WHERE id IN (
           SELECT o.id ${from} AND (@forest IS NULL OR coalesce(o.forest, '') = @forest) AND (@subject = '' OR ${subjects[guard]} = @subject))`,
      ),
    };
  };
  const byGuard: Readonly<Record<Guarded, ReturnType<typeof statements>>> = {
    deletes: statements('deletes'),
    scopeLosses: statements('scopeLosses'),
    disables: statements('disables'),
    renames: statements('renames'),
    memberRemovals: statements('memberRemovals'),
    managerRemovals: statements('managerRemovals'),
    memberRemovalsPerGroup: statements('memberRemovalsPerGroup'),
    attributeChanges: statements('attributeChanges'),
  };
  const approve = database.prepare('INSERT OR IGNORE INTO approval (digest, actor, at) VALUES (@digest, @actor, @at)');
  const spend = database.prepare<[Uint8Array]>('DELETE FROM approval WHERE digest = ?');
  const expire = database.prepare<[string]>('DELETE FROM approval WHERE at < ?');
  const lapse = database.prepare<[number, number]>(
    `DELETE FROM approval WHERE NOT EXISTS (SELECT 1 FROM operation o INDEXED BY operation_digest
       WHERE o.cycle IN (?, ?) AND o.digest = approval.digest)`,
  );
  const holdRest = database.prepare(
    `UPDATE operation SET state = 'held', held_by = @by, error = @error WHERE id IN
       (SELECT id FROM operation INDEXED BY operation_undone WHERE cycle = @cycle AND state IN ('planned', 'held') AND state = 'planned')`,
  );
  const newlyHeld = database.prepare<[number, number, number], { id: number }>(
    `SELECT o.id FROM operation o INDEXED BY operation_undone
     WHERE o.cycle = ? AND o.state IN ('planned', 'held') AND o.state = 'held' AND o.id > ?
       AND NOT EXISTS (SELECT 1 FROM held h WHERE h.digest = o.digest) ORDER BY o.id LIMIT ?`,
  );
  const forgetHeld = database.prepare<[number]>(
    `DELETE FROM held WHERE NOT EXISTS (SELECT 1 FROM operation o INDEXED BY operation_digest
       WHERE o.cycle = ? AND o.digest = held.digest AND o.state = 'held')`,
  );
  const keepHeld = database.prepare(
    `INSERT OR REPLACE INTO held (digest, held_by, since, error, limits)
     SELECT o.digest, o.held_by, coalesce((SELECT h.since FROM held h WHERE h.digest = o.digest), @at), o.error,
       json_extract(@limits, '$.' || o.held_by)
     FROM operation o WHERE o.cycle = @cycle AND o.state = 'held'`,
  );
  const holdAgain = database.prepare(
    `UPDATE operation AS o SET state = 'held', held_by = @guard, error = (SELECT h.error FROM held h WHERE h.digest = o.digest)
     WHERE o.cycle = @cycle AND o.state = 'planned' AND ${unapproved}
       AND EXISTS (SELECT 1 FROM held h WHERE h.digest = o.digest AND h.held_by = @guard AND h.limits = @limits)`,
  );
  const heldFor = database.prepare<[number, string], { error: string; n: number }>(
    `SELECT error, count(*) AS n FROM operation INDEXED BY operation_undone
     WHERE cycle = ? AND state IN ('planned', 'held') AND state = 'held' AND held_by = ? GROUP BY error ORDER BY min(id)`,
  );
  const retell = database.prepare(
    `UPDATE operation INDEXED BY operation_undone SET error = @now
     WHERE cycle = @cycle AND state IN ('planned', 'held') AND state = 'held' AND held_by = @guard AND error = @before`,
  );
  const heldOperation = database.prepare<[number, number], { identity: number; type: string; payload: string }>(
    `SELECT identity, type, payload FROM operation WHERE cycle = ? AND id = ? AND state = 'held'`,
  );
  return {
    ...guardingReader(database),
    counts: (cycle: number, guard: Guarded) => byGuard[guard].counts.all({ cycle }),
    /** What a count is a part of. Goes through what exists, so no further than `most`; -1 counts to the end. */
    whole: (guard: Guarded, forest: string, subject: string, most: number): number =>
      byGuard[guard].whole.get({ forest, subject, most })?.n ?? 0,
    /** Holds what the guard counted: of one forest, of one subject, or all of it. */
    hold: (
      cycle: number,
      guard: Guarded,
      part: { readonly forest: string | null; readonly subject: string },
      error: ErrorReport,
    ): number => byGuard[guard].hold.run({ cycle, guard, ...part, error: JSON.stringify(error) }).changes,
    /** Lets an operation go, however often it is planned until it has been carried out; 0 where it was let go before. */
    approve: (approval: { readonly digest: Uint8Array; readonly actor: string; readonly at: string }): number =>
      approve.run(approval).changes,
    /** Carried out: the approval was for this once. */
    spend: (digest: Uint8Array) => void spend.run(digest),
    expire: (before: string) => expire.run(before).changes,
    /** What a plan of everything does not do, nor the undo that is held, is no longer approved: should it come again, it is for another cause. */
    lapse: (cycle: number, undo: number) => lapse.run(cycle, undo).changes,
    /** Holds everything of a plan that would go out. */
    holdRest: (cycle: number, by: string, error: ErrorReport): number =>
      holdRest.run({ cycle, by, error: JSON.stringify(error) }).changes,
    /** Operations held now that the plan before did not hold. */
    newlyHeld: (cycle: number, after: number, limit: number) => newlyHeld.all(cycle, after, limit),
    /**
     * What a guard held before and nobody has approved stays held, however little of it is left, as long as the threshold is the
     * same: approving a part says nothing of the rest.
     */
    holdAgain: (cycle: number, guard: Guarded, limits: string): readonly { error: string; n: number }[] =>
      holdAgain.run({ cycle, guard, limits }).changes === 0 ? [] : heldFor.all(cycle, guard),
    /** What is held for one reason is held for another. */
    retell: (cycle: number, guard: Guarded, before: string, error: ErrorReport): void =>
      void retell.run({ cycle, guard, before, now: JSON.stringify(error) }),
    /** `limits`: the thresholds by guard, as JSON texts. */
    keepHeld(cycle: number, at: string, limits: Readonly<Record<string, string>>): void {
      forgetHeld.run(cycle);
      keepHeld.run({ cycle, at, limits: JSON.stringify(limits) });
    },
    heldOperation: (cycle: number, id: number) => heldOperation.get(cycle, id),
  };
}
