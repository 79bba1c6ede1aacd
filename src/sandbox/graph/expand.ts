import type { DirectoryObject, LinkAttribute } from '../directory/index.ts';
import type { GraphContext } from './context.ts';
import type { Entity } from './entities/index.ts';
import { refuse } from './refusals.ts';
import { type Representation, representTyped } from './represent.ts';
import type { GraphRequest } from './request.ts';
import { viewOf } from './view.ts';

/** What `$expand` brings with each object. */
export interface Expansion {
  readonly name: string;
  readonly select: readonly string[] | undefined;
}

interface Navigation {
  readonly attribute: LinkAttribute;
  readonly direction: 'targets' | 'holders';
  readonly single: boolean;
}

const navigations: Readonly<Record<string, Navigation>> = {
  manager: { attribute: 'manager', direction: 'targets', single: true },
  directReports: { attribute: 'manager', direction: 'holders', single: false },
  members: { attribute: 'members', direction: 'targets', single: false },
  memberOf: { attribute: 'members', direction: 'holders', single: false },
  owners: { attribute: 'owners', direction: 'targets', single: false },
  registeredOwners: { attribute: 'registeredOwners', direction: 'targets', single: false },
  registeredUsers: { attribute: 'registeredUsers', direction: 'targets', single: false },
};

const expandable: Readonly<Record<string, readonly string[]>> = {
  user: ['manager', 'directReports', 'memberOf'],
  group: ['members', 'owners', 'memberOf'],
  contact: ['manager', 'directReports', 'memberOf'],
  device: ['registeredOwners', 'registeredUsers', 'memberOf'],
  directoryRole: ['members'],
};

/** As documented, an expanded collection brings twenty objects at most. */
const expandedObjects = 20;

export function expandOf(
  request: GraphRequest,
  _context: GraphContext,
  entity: Entity | undefined,
): Expansion | undefined {
  const value = request.options.get('expand');
  if (value === undefined || value.trim() === '') return undefined;
  const [, name, inner] = /^\s*(\w+)(?:\((.*)\))?\s*$/s.exec(value) ?? [];
  if (name === undefined) throw refuse.oneExpansion();
  const known = entity && expandable[entity.kind]?.find((one) => one.toLowerCase() === name.toLowerCase());
  if (known === undefined) {
    throw refuse.unknownSelect(name, entity?.type ?? 'directoryObject');
  }
  return { name: known, select: innerSelect(inner) };
}

function innerSelect(inner: string | undefined): readonly string[] | undefined {
  if (inner === undefined) return undefined;
  for (const option of inner.split(';')) {
    const [, names] = /^\s*\$select\s*=\s*(.+)$/i.exec(option) ?? [];
    if (names !== undefined) return names.split(',').map((name) => name.trim());
  }
  return undefined;
}

export function expandInto(
  shown: Representation,
  object: DirectoryObject,
  expansion: Expansion | undefined,
  request: GraphRequest,
  context: GraphContext,
): Representation {
  const navigation = expansion && navigations[expansion.name];
  if (expansion === undefined || navigation === undefined) return shown;
  const { links } = context.directory;
  const read = navigation.direction === 'targets' ? links.targets : links.holders;
  const found = read(navigation.attribute, object.number, 0, navigation.single ? 1 : expandedObjects);
  const view = { ...viewOf(request, context), select: expansion.select };
  const related = found.map((one) => representTyped(one, view));
  if (!navigation.single) return { ...shown, [expansion.name]: related };
  return related[0] === undefined ? shown : { ...shown, [expansion.name]: related[0] };
}
