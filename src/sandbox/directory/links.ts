import type { DirectoryContext } from './context.ts';
import { type DirectoryObject, type ObjectRow, parseObject } from './object.ts';

/** References between objects: `members` and `owners` of groups, `manager`, owners and users of devices, role holders. */
export type LinkAttribute =
  | 'members'
  | 'owners'
  | 'manager'
  | 'registeredOwners'
  | 'registeredUsers'
  /** Of a directory role: who may activate it. */
  | 'eligibleMembers';

export type LinkReader = ReturnType<typeof linkReader>;

interface Walk {
  readonly from: number;
  readonly attribute: string;
  readonly after: number;
  readonly limit: number;
}

export function linkReader({ database }: DirectoryContext) {
  const has = database.prepare<[string, number, number], { n: number }>(
    'SELECT 1 AS n FROM link WHERE attribute = ? AND holder = ? AND target = ?',
  );
  const targets = database.prepare<[string, number, number, number], ObjectRow>(
    `SELECT o.* FROM link l JOIN object o ON o.number = l.target
     WHERE l.attribute = ? AND l.holder = ? AND l.target > ? AND o.state = 'live' ORDER BY l.target LIMIT ?`,
  );
  const holders = database.prepare<[number, string, number, number], ObjectRow>(
    `SELECT o.* FROM link l JOIN object o ON o.number = l.holder
     WHERE l.target = ? AND l.attribute = ? AND l.holder > ? AND o.state = 'live' ORDER BY l.holder LIMIT ?`,
  );
  const countTargets = database.prepare<[string, number], { n: number }>(
    `SELECT count(*) AS n FROM link l JOIN object o ON o.number = l.target
     WHERE l.attribute = ? AND l.holder = ? AND o.state = 'live'`,
  );
  const countHolders = database.prepare<[number, string], { n: number }>(
    `SELECT count(*) AS n FROM link l JOIN object o ON o.number = l.holder
     WHERE l.target = ? AND l.attribute = ? AND o.state = 'live'`,
  );
  const below = database.prepare<[Walk], ObjectRow>(
    `WITH RECURSIVE reached (number) AS (
       SELECT target FROM link WHERE holder = @from AND attribute = @attribute
       UNION SELECT l.target FROM reached r JOIN object o ON o.number = r.number AND o.state = 'live'
         JOIN link l ON l.holder = r.number AND l.attribute = @attribute)
     SELECT o.* FROM reached r JOIN object o ON o.number = r.number
     WHERE o.state = 'live' AND o.number > @after ORDER BY o.number LIMIT @limit`,
  );
  const above = database.prepare<[Walk], ObjectRow>(
    `WITH RECURSIVE reached (number) AS (
       SELECT holder FROM link WHERE target = @from AND attribute = @attribute
       UNION SELECT l.holder FROM reached r JOIN object o ON o.number = r.number AND o.state = 'live'
         JOIN link l ON l.target = r.number AND l.attribute = @attribute)
     SELECT o.* FROM reached r JOIN object o ON o.number = r.number
     WHERE o.state = 'live' AND o.number > @after ORDER BY o.number LIMIT @limit`,
  );
  return {
    has: (attribute: LinkAttribute, holder: number, target: number): boolean =>
      has.get(attribute, holder, target) !== undefined,
    /** Live objects only, in order of number, beyond `after`. */
    targets: (attribute: LinkAttribute, holder: number, after: number, limit: number): readonly DirectoryObject[] =>
      targets.all(attribute, holder, after, limit).map(parseObject),
    holders: (attribute: LinkAttribute, target: number, after: number, limit: number): readonly DirectoryObject[] =>
      holders.all(target, attribute, after, limit).map(parseObject),
    countTargets: (attribute: LinkAttribute, holder: number): number => countTargets.get(attribute, holder)?.n ?? 0,
    countHolders: (attribute: LinkAttribute, target: number): number => countHolders.get(target, attribute)?.n ?? 0,
    /** Everything in a group, through groups in groups; cycles are walked once. */
    allTargets: (attribute: LinkAttribute, holder: number, after: number, limit: number): readonly DirectoryObject[] =>
      below.all({ from: holder, attribute, after, limit }).map(parseObject),
    /** Every group an object is in, through groups in groups. */
    allHolders: (attribute: LinkAttribute, target: number, after: number, limit: number): readonly DirectoryObject[] =>
      above.all({ from: target, attribute, after, limit }).map(parseObject),
  };
}

export function linkTransactor(context: DirectoryContext) {
  const { database } = context;
  const insert = database.prepare<[string, number, number]>('INSERT OR IGNORE INTO link VALUES (?, ?, ?)');
  const remove = database.prepare<[string, number, number]>(
    'DELETE FROM link WHERE attribute = ? AND holder = ? AND target = ?',
  );
  const forget = database.prepare<[number]>('DELETE FROM link WHERE holder = ?');
  const forgetTarget = database.prepare<[number]>('DELETE FROM link WHERE target = ?');
  const naming = database.prepare<[number], { attribute: string; number: number; kind: string }>(
    `SELECT l.attribute, o.number, o.kind FROM link l JOIN object o ON o.number = l.holder
     WHERE l.target = ? AND o.state = 'live'`,
  );
  const held = database.prepare<[string, number], { target: number }>(
    'SELECT target FROM link WHERE attribute = ? AND holder = ?',
  );
  return {
    /** Everything a holder names, deleted objects too; for attributes of few values. */
    held: (attribute: LinkAttribute, holder: number): readonly number[] =>
      held.all(attribute, holder).map(({ target }) => target),
    insert: (attribute: LinkAttribute, holder: number, target: number): boolean =>
      insert.run(attribute, holder, target).changes > 0,
    remove: (attribute: LinkAttribute, holder: number, target: number): boolean =>
      remove.run(attribute, holder, target).changes > 0,
    /** The live objects that name this one, and by which attribute. */
    naming: (target: number) => naming.all(target),
    forgetAll(number: number): void {
      forget.run(number);
      forgetTarget.run(number);
    },
  };
}
