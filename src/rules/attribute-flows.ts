import type { Configuration } from '../config/index.ts';
import type { ObjectKind } from '../model/index.ts';
import { accountAttributes, defaultMappings, defaultReferences, minSync } from './default-mappings.ts';
import { directoryExtensions, extensionFlow } from './directory-extensions.ts';
import { UnknownTargetAttributeError, UnwritableAttributeError } from './errors.ts';
import { nearestName } from './expression/index.ts';
import { type Compile, configuredFlow, type Flow, plainFlow } from './flow.ts';
import { matchedBy } from './matching.ts';
import type { Problems } from './problems.ts';
import type { KindTaken } from './rules.ts';

/** How every attribute of one kind comes about: the defaults the configuration leaves, its own mappings, its extensions. */
export function attributeFlows(
  document: Configuration,
  kind: ObjectKind,
  takes: KindTaken,
  compile: Compile,
  problems: Problems,
): readonly Flow[] {
  if (!takes.supported) return [];
  const configured = document.mappings[kind] ?? {};
  const extensions = kind === 'user' || kind === 'group' ? directoryExtensions(document, kind) : [];
  const defaults = Object.entries(defaultMappings[kind])
    .filter(([target]) => !(target in configured) && isWanted(document, kind, target, takes))
    .map(
      ([target, text]): Flow => ({
        ...plainFlow,
        target,
        written: takes.attributes.has(target) && isDefault(document, kind, target),
        mapping: compile(`default mapping of ${kind}.${target}`, text, 'connect'),
        origin: 'default',
        ofAccount: kind === 'user' && accountAttributes.has(target),
      }),
    );
  const own = problems.attemptAll(Object.entries(configured), ([target, mapping]) => {
    checkTarget(kind, target, takes);
    if (mapping === null || !takes.attributes.has(target)) return undefined;
    return configuredFlow(document, kind, target, mapping, compile);
  });
  const extending = problems.attemptAll(extensions, (extension, i) => {
    checkTarget(kind, extension.target, takes);
    if (extension.target in configured) return undefined;
    return extensionFlow(extension, `directoryExtensions.${kind}[${i}]`, compile);
  });
  return [...defaults, ...own, ...extending];
}

function isWanted({ mappings }: Configuration, kind: ObjectKind, target: string, takes: Taken): boolean {
  // Whom the tenant is searched for must be known, whether it is written or not.
  if (matchedBy[kind].includes(target)) return true;
  return takes.attributes.has(target) && isDefault({ mappings }, kind, target);
}

function isDefault(
  { mappings: { defaults } }: Pick<Configuration, 'mappings'>,
  kind: ObjectKind,
  target: string,
): boolean {
  return defaults === 'all' || (defaults === 'minSync' && minSync[kind].has(target));
}

type Taken = Extract<KindTaken, { readonly supported: true }>;

function checkTarget(kind: ObjectKind, target: string, takes: Taken): void {
  if (takes.attributes.has(target) || takes.references.has(target)) return;
  const known = [...Object.keys(defaultMappings[kind]), ...defaultReferences[kind].map((one) => one.target)];
  if (!known.includes(target) && !target.startsWith('extension_')) {
    throw new UnknownTargetAttributeError(kind, target, nearestName(target, [...known, ...takes.attributes]));
  }
  throw new UnwritableAttributeError(kind, target, takes.reason(target));
}
