import type { ObjectKind } from '../model/index.ts';
import type { KindTaken, TargetSupport } from '../rules/index.ts';
import type { KindSupport, TargetProfile } from '../target/index.ts';

/** What the rules need to know of a target: which attributes and references it takes, and why not the others. */
export function supportOf({ name, kinds }: TargetProfile): TargetSupport {
  const of = (kind: ObjectKind): KindTaken => taken(name, kind, kinds[kind]);
  return { user: of('user'), group: of('group'), contact: of('contact'), device: of('device') };
}

function taken(target: string, kind: ObjectKind, support: KindSupport): KindTaken {
  if (!support.supported) return { supported: false };
  const { attributes, references } = support;
  return {
    supported: true,
    attributes: new Set([...attributes].flatMap(([name, { write }]) => (write === 'never' ? [] : [name]))),
    references,
    reason: (attribute) =>
      attributes.get(attribute)?.write === 'never'
        ? `${attribute} is read-only for a ${kind} through ${target}`
        : `a ${kind} has no ${attribute} through ${target}`,
  };
}
