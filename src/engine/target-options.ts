import type { Configuration } from '../config/index.ts';
import type { ObjectKind } from '../model/index.ts';
import { directoryExtensions } from '../rules/index.ts';
import { type ExtensionDefinition, type GraphOptions, type TargetProfile, targetProfile } from '../target/index.ts';

/** What the configuration asks of the target beyond what it does by itself. */
export function targetOptions(document: Configuration): GraphOptions {
  const { graph } = document.tenant;
  return {
    onPremisesByBeta: graph?.onPremises,
    owners: graph?.owners,
    directoryExtensions: { user: extensionsOf(document, 'user'), group: extensionsOf(document, 'group') },
  };
}

/** What the configured target can be told. */
export function profileOf(document: Configuration): TargetProfile {
  return targetProfile(document.tenant.target, targetOptions(document));
}

/** Those that are listed, and those a mapping names by their full name. */
function extensionsOf(
  document: Configuration,
  kind: Extract<ObjectKind, 'user' | 'group'>,
): readonly ExtensionDefinition[] {
  const listed = directoryExtensions(document, kind).map(({ target, type, many }) => ({ name: target, type, many }));
  const mapped = Object.keys(document.mappings[kind] ?? {}).filter(
    (name) => /^extension_[0-9a-f]{32}_/.test(name) && !listed.some((one) => one.name === name),
  );
  return [...listed, ...mapped.map((name) => ({ name, type: 'String', many: false }) as const)];
}
