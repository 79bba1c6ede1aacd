import type { Configuration } from '../config/index.ts';
import type { ObjectKind } from '../model/index.ts';
import { factsOf, spelled } from './ad-attributes.ts';
import { defaultReferences, minSync } from './default-mappings.ts';
import { RuleSettingError } from './errors.ts';
import type { Problems } from './problems.ts';
import type { KindTaken, ReferenceMapping } from './rules.ts';

/** Which references of one kind flow, and from which AD attribute: the defaults, as far as the configuration leaves them. */
export function referenceFlows(
  document: Configuration,
  kind: ObjectKind,
  takes: KindTaken,
  problems: Problems,
): readonly ReferenceMapping[] {
  if (!takes.supported) return [];
  const { defaults, [kind]: configured = {} } = document.mappings;
  const taken = defaultReferences[kind].filter(({ target }) => takes.references.has(target));
  return problems.attemptAll(taken, (reference) => {
    const { target } = reference;
    if (target in configured) return configuredReference(kind, reference, configured[target]);
    if (defaults === 'none' || (defaults === 'minSync' && !minSync[kind].has(target))) return undefined;
    return reference;
  });
}

function configuredReference(
  kind: ObjectKind,
  reference: ReferenceMapping,
  mapping: NonNullable<Configuration['mappings'][ObjectKind]>[string] | undefined,
): ReferenceMapping | undefined {
  if (mapping === null || mapping === undefined) return undefined;
  const place = `mappings.${kind}.${reference.target}`;
  if (typeof mapping === 'string' || !('attribute' in mapping)) {
    throw new RuleSettingError(
      place,
      'its values are other objects, which no expression makes',
      'Name an attribute, as in { attribute: manager }, or remove the reference with null.',
    );
  }
  const { attribute, ...more } = mapping;
  const [option] = Object.keys(more);
  if (option !== undefined) {
    throw new RuleSettingError(place, `a reference has no ${option}`, 'Name the attribute alone.');
  }
  const facts = factsOf(attribute);
  if (facts !== undefined && facts.form !== 'name') {
    throw new RuleSettingError(place, `${attribute} names no other objects`, 'Name an attribute as manager or member.');
  }
  return { ...reference, source: spelled(attribute) };
}
