import type { Cycle } from '../../src/engine/index.ts';
import type { Dn, ObjectKind } from '../../src/model/index.ts';
import type { DirectoryObject } from './memory-directory.ts';
import { Scenario } from './scenario.ts';

/** How a source mutation must end: held by that guard, refused by that error, each object held, or followed without harm. */
export type End = { readonly held: string } | { readonly error: string } | { readonly objects: string } | 'followed';

export interface Mutation {
  readonly name: string;
  readonly type?: 'delta' | 'full';
  readonly end: End;
  mutate(world: World): void | Promise<void>;
}

/** A filled tenant and what a mutation may do to the directory behind it. */
export interface World {
  readonly scenario: Scenario;
  /** Changes every live object of the kind in the first forest, or every second. */
  each(kind: ObjectKind, change: (object: DirectoryObject, i: number) => void, every?: number): void;
  removeEach(kind: ObjectKind, every?: number): void;
  set(kind: ObjectKind, attribute: string, value: (i: number) => readonly string[], every?: number): void;
}

const users = 20;
const groups = 6;

export async function openMutationWorld(file: string): Promise<World & AsyncDisposable> {
  const scenario = await Scenario.open(file, 'safety: {}');
  for (const forest of [0, 1]) {
    for (let n = 0; n < users; n += 1) await scenario.take({ do: 'addUser', forest, n: n === 7 ? 70 : n });
    for (let n = 0; n < groups; n += 1) await scenario.take({ do: 'addGroup', forest, n });
    for (let n = 0; n < groups; n += 1)
      for (let m = 0; m < users; m += 2) await scenario.take({ do: 'member', forest, n, m, there: true });
    for (let n = 1; n < users; n += 1)
      await scenario.take({ do: 'manager', forest, n: n === 7 ? 70 : n, m: 0, there: true });
  }
  await scenario.settle();
  const [directory] = scenario.directories;
  if (directory === undefined) throw new Error('no directory');
  const live = (kind: ObjectKind): readonly DirectoryObject[] =>
    [...directory.objects.values()].filter((object) => !object.deleted && object.kind === kind);
  const each: World['each'] = (kind, change, every = 1) => {
    for (const [i, object] of live(kind).entries()) {
      if (i % every !== 0) continue;
      change(object, i);
      directory.touch(object);
    }
  };
  return {
    scenario,
    each,
    removeEach(kind, every = 1) {
      for (const [i, { guid }] of live(kind).entries()) if (i % every === 0) directory.remove(guid);
    },
    set: (kind, attribute, value, every) =>
      each(
        kind,
        (object, i) => {
          const values = value(i);
          if (values.length === 0) delete object.attributes[attribute];
          else object.attributes[attribute] = values;
        },
        every,
      ),
    [Symbol.asyncDispose]: () => scenario[Symbol.asyncDispose](),
  };
}

const directoryOf = ({ scenario }: World) => {
  const [directory] = scenario.directories;
  if (directory === undefined) throw new Error('no directory');
  return directory;
};
const inPeople = ({ dn }: DirectoryObject): boolean => dn.includes('OU=People');
const scopeOf = 'organizationalUnits: ["OU=People,DC=contoso,DC=test"]';
const see = (world: World, visible: (object: DirectoryObject) => boolean): void => {
  directoryOf(world).visible = visible;
};
const failAfter = (world: World, pages: number): void => {
  directoryOf(world).failAfterPages = pages;
};
const clearLinks = (world: World, kind: ObjectKind, attribute: string, every = 1): void =>
  world.each(kind, (object) => object.links.get(attribute)?.clear(), every);

/** What directories, rights, domain controllers and configurations do to people who only wanted to go home. */
export const mutations: readonly Mutation[] = [
  { name: 'every user of the OU is deleted', end: { held: 'deletes' }, mutate: (w) => w.removeEach('user') },
  { name: 'every third user is deleted', end: { held: 'deletes' }, mutate: (w) => w.removeEach('user', 3) },
  { name: 'every group is deleted', end: { held: 'deletes' }, mutate: (w) => w.removeEach('group') },
  {
    name: 'every user is moved out of the OU',
    end: { held: 'scopeLosses' },
    mutate: (w) =>
      w.each('user', (o) => {
        o.dn = o.dn.replace('OU=People', 'OU=Elsewhere') as Dn;
      }),
  },
  { name: 'the OU is renamed', end: 'followed', mutate: (w) => w.scenario.take({ do: 'moveUnit', forest: 0 }) },
  {
    name: 'the OU is renamed, and read in full',
    type: 'full',
    end: 'followed',
    mutate: (w) => w.scenario.take({ do: 'moveUnit', forest: 0 }),
  },
  {
    name: 'the OU is deleted with all in it',
    end: { error: 'CS6005' },
    mutate(w) {
      for (const object of directoryOf(w).objects.values()) if (inPeople(object)) directoryOf(w).remove(object.guid);
    },
  },
  {
    name: 'the right to read the OU is lost',
    type: 'full',
    end: { error: 'CS6005' },
    mutate: (w) => see(w, (object) => !inPeople(object)),
  },
  {
    name: 'the right to read the users is lost',
    type: 'full',
    end: { held: 'deletes' },
    mutate: (w) => see(w, ({ kind }) => kind !== 'user'),
  },
  {
    name: 'the right to read the groups is lost',
    type: 'full',
    end: { held: 'deletes' },
    mutate: (w) => see(w, ({ kind }) => kind !== 'group'),
  },
  {
    name: 'half of the objects do not come',
    type: 'full',
    end: { held: 'deletes' },
    mutate: (w) => see(w, ({ kind, usn }) => kind === 'container' || usn % 2 === 0),
  },
  {
    name: 'the directory is empty',
    type: 'full',
    end: { error: 'CS6005' },
    mutate: (w) => see(w, () => false),
  },
  {
    name: 'the read dies on its first page',
    type: 'full',
    end: { error: 'CS6099' },
    mutate: (w) => failAfter(w, 0),
  },
  {
    name: 'the read dies in the middle',
    type: 'full',
    end: { error: 'CS6099' },
    mutate: (w) => failAfter(w, 4),
  },
  {
    name: 'the delta dies after deletions',
    end: { error: 'CS6099' },
    mutate(w) {
      w.removeEach('user', 10);
      directoryOf(w).failAfterPages = 0;
    },
  },
  {
    name: 'the read ends without its last page',
    type: 'full',
    end: { error: 'CS6027' },
    mutate(w) {
      directoryOf(w).endsEarly = true;
      directoryOf(w).visible = ({ kind }) => kind !== 'user';
    },
  },
  {
    name: 'the domain controller is restored from a backup before most accounts',
    end: { held: 'deletes' },
    mutate(w) {
      const directory = directoryOf(w);
      const kept = [...directory.objects.values()].filter(({ kind }) => kind !== 'user');
      for (const object of [...directory.objects.values()])
        if (object.kind === 'user') directory.objects.delete(object.guid);
      directory.usn = Math.max(...kept.map(({ usn }) => usn)) - 1;
    },
  },
  {
    name: 'every account is disabled',
    end: { held: 'disables' },
    mutate: (w) => w.set('user', 'userAccountControl', () => ['514']),
  },
  {
    name: 'every second account is disabled',
    end: { held: 'disables' },
    mutate: (w) => w.set('user', 'userAccountControl', () => ['514'], 2),
  },
  {
    name: 'the UPN suffix changes for all',
    end: { held: 'renames' },
    mutate: (w) => w.set('user', 'userPrincipalName', (i) => [`user${i}@fabrikam.test`]),
  },
  {
    name: 'the UPN is cleared for all, and made up from the account name as it was',
    end: 'followed',
    mutate: (w) => w.set('user', 'userPrincipalName', () => []),
  },
  {
    name: 'one department for everybody',
    end: { held: 'attributeChanges' },
    mutate: (w) => w.set('user', 'department', () => ['Everybody']),
  },
  {
    name: 'one display name for everybody',
    end: { held: 'attributeChanges' },
    mutate: (w) => w.set('user', 'displayName', () => ['Test']),
  },
  {
    name: 'one display name for every second group and user',
    end: { held: 'attributeChanges' },
    mutate(w) {
      w.set('user', 'displayName', () => ['Test']);
      w.set('group', 'displayName', () => ['Test'], 2);
    },
  },
  {
    name: 'a group is emptied',
    end: { held: 'memberRemovalsPerGroup' },
    mutate: (w) => clearLinks(w, 'group', 'member', groups),
  },
  {
    name: 'all groups are emptied',
    end: { held: 'memberRemovalsPerGroup' },
    mutate: (w) => clearLinks(w, 'group', 'member'),
  },
  {
    name: 'every group loses four of its ten members',
    end: { held: 'memberRemovals' },
    mutate: (w) =>
      w.each('group', ({ links }) => {
        const members = links.get('member');
        for (const member of [...(members ?? [])].slice(0, 4)) members?.delete(member);
      }),
  },
  {
    name: 'every manager is cleared',
    end: { held: 'managerRemovals' },
    mutate: (w) => clearLinks(w, 'user', 'manager'),
  },
  {
    name: 'every account gets another consistency GUID',
    end: { objects: 'CS6006' },
    mutate: (w) =>
      w.each('user', (o, i) => {
        o.attributes['mS-DS-ConsistencyGuid'] = [Buffer.alloc(16, i + 1)];
      }),
  },
  {
    name: 'every account gets a malformed consistency GUID',
    end: { held: 'scopeLosses' },
    mutate: (w) =>
      w.each('user', (o) => {
        o.attributes['mS-DS-ConsistencyGuid'] = [Buffer.alloc(3, 1)];
      }),
  },
  {
    name: 'every account is marked a system object',
    end: { held: 'scopeLosses' },
    mutate: (w) => w.set('user', 'isCriticalSystemObject', () => ['TRUE']),
  },
  {
    name: 'every account is marked as written back',
    end: { held: 'scopeLosses' },
    mutate: (w) => w.set('user', 'adminDescription', () => ['User_x']),
  },
  {
    name: 'every group loses its security flag',
    end: { held: 'scopeLosses' },
    mutate: (w) => w.set('group', 'groupType', () => ['2']),
  },
  {
    name: 'every sAMAccountName is unreadable',
    type: 'full',
    end: { held: 'scopeLosses' },
    mutate: (w) => w.set('user', 'sAMAccountName', () => []),
  },
  {
    name: 'every account is deleted and made again under the same name',
    end: { held: 'deletes' },
    async mutate(w) {
      w.removeEach('user');
      for (let n = 0; n < users; n += 1) await w.scenario.take({ do: 'addUser', forest: 0, n: n === 7 ? 70 : n });
    },
  },
  {
    name: 'the filter matches nobody',
    end: { held: 'scopeLosses' },
    mutate: (w) =>
      w.scenario.reconfigure((text) =>
        text.replace(scopeOf, `${scopeOf}, filters: { user: 'IsPresent([noSuchThing])' }`),
      ),
  },
  {
    name: 'the configuration names another OU',
    end: { held: 'scopeLosses' },
    mutate: (w) => w.scenario.reconfigure((text) => text.replace('OU=People,DC=contoso', 'OU=Elsewhere,DC=contoso')),
  },
  {
    name: 'the configuration names an OU that is not there',
    end: { error: 'CS6005' },
    mutate: (w) => w.scenario.reconfigure((text) => text.replace('OU=People,DC=contoso', 'OU=Peple,DC=contoso')),
  },
  {
    name: 'the OU is left out by the configuration',
    end: { held: 'scopeLosses' },
    mutate: (w) =>
      w.scenario.reconfigure((text) =>
        text.replace(scopeOf, `${scopeOf}, excludeOrganizationalUnits: ["OU=People,DC=contoso,DC=test"]`),
      ),
  },
  {
    name: 'users are no longer listed under objects',
    end: { held: 'scopeLosses' },
    mutate: (w) => w.scenario.reconfigure((text) => `${text}objects: [group]\n`),
  },
  {
    name: 'a forest leaves the configuration',
    end: { held: 'scopeLosses' },
    mutate: (w) =>
      w.scenario.reconfigure((text) => text.replace(/ {2}- name: contoso[\s\S]*?(?= {2}- name: fabrikam)/, '')),
  },
  {
    name: 'a mapping gives everybody the same value',
    end: { held: 'attributeChanges' },
    mutate: (w) => w.scenario.reconfigure((text) => `${text}mappings: { user: { title: { constant: Clerk } } }\n`),
  },
  {
    name: 'every object is read twice',
    type: 'full',
    end: 'followed',
    mutate(w) {
      const directory = directoryOf(w);
      for (const object of [...directory.objects.values()]) directory.touch(object);
    },
  },
];

/** How the cycle after the mutation ended, in the words of `End`. */
export function endOf(cycle: Cycle, failing: readonly { readonly error: { readonly code: string } | null }[]): End {
  const [hold] = cycle.holds;
  if (hold !== undefined) return { held: hold.guard };
  const [failed] = cycle.connectorErrors;
  if (failed !== undefined) return { error: failed.error.code };
  const [object] = failing;
  if (object?.error != null) return { objects: object.error.code };
  return 'followed';
}
