import type { GraphContext } from './context.ts';
import { type Entity, entities } from './entities/index.ts';
import { selectOf } from './query/options.ts';
import type { View } from './represent.ts';
import type { GraphRequest } from './request.ts';

const extensionName = /^extension_[0-9a-f]{32}_\w{1,128}$/i;

/** Is this the full name of a directory extension that exists? */
export function isExtension(context: GraphContext, name: string): boolean {
  if (!extensionName.test(name)) return false;
  return context.directory.objects.byKey('name', name).some(({ state }) => state === 'live');
}

/** Can it be written by now? Late replicas refuse a definition that was just made. */
export function isWritableExtension(context: GraphContext, name: string): boolean {
  if (!isExtension(context, name)) return false;
  const { objects } = context.directory;
  return objects.byKey('name', name).some((definition) => definition.state === 'live' && objects.shown(definition));
}

const canonical = new Map<Entity, ReadonlyMap<string, string>>();

/** Property names are taken in any case and given back in their own. */
function canonicalName(entity: Entity, name: string): string {
  let names = canonical.get(entity);
  if (names === undefined) {
    names = new Map([...entity.rules.keys()].map((known) => [known.toLowerCase(), known]));
    canonical.set(entity, names);
  }
  return names.get(name.toLowerCase()) ?? name;
}

export function viewOf(request: GraphRequest, context: GraphContext, entity?: Entity): View {
  const select = selectOf(request.options);
  const among = entity === undefined ? Object.values(entities) : [entity];
  return {
    select: select?.map((name) => among.map((one) => canonicalName(one, name)).find((one) => one !== name) ?? name),
    beta: request.version === 'beta',
    isExtension: (name) => isExtension(context, name),
  };
}
