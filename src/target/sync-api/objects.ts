import type { ObjectKind, SourceAnchor, TenantId, TenantValue } from '../../model/index.ts';
import type { TenantObject } from '../target.ts';
import type { SyncKinds } from './profile.ts';
import { anchorOf, parseCloudAnchor, type ReadObject } from './sync-object.ts';

export type ReadBack =
  | { readonly type: 'object'; readonly object: TenantObject }
  | { readonly type: 'removed'; readonly kind: ObjectKind; readonly id: TenantId };

/** What a read-back says of one object; nothing where it is of no kind of ours or has no id. */
export function toReadBack(kinds: SyncKinds, { kind, deleted, properties }: ReadObject): ReadBack | undefined {
  const id = parseCloudAnchor(textOf(properties.get('cloudAnchor')));
  if (kind === undefined || id === undefined) return undefined;
  if (deleted) return { type: 'removed', kind, id };
  const { attributes, references } = kinds[kind];
  const known: [string, TenantValue][] = [];
  const links: [string, readonly (SourceAnchor | TenantId)[]][] = [];
  for (const [name, value] of properties) {
    if (value === null) continue;
    if (references.has(name)) links.push([name, endsOf(value)]);
    else if (attributes.has(name)) known.push([name, value]);
  }
  return {
    type: 'object',
    object: {
      id,
      kind,
      anchor: anchorOf(properties.get('sourceAnchor')),
      attributes: Object.fromEntries(known),
      // This target is that sync: to it nothing is mastered elsewhere, and what the cloud masters it does not touch.
      synced: false,
      privileged: false,
      softDeleted: false,
      links: Object.fromEntries(links),
    },
  };
}

function endsOf(value: TenantValue): readonly (SourceAnchor | TenantId)[] {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) => {
    const end = typeof text === 'string' ? (anchorOf(text) ?? parseCloudAnchor(text)) : undefined;
    return end === undefined ? [] : [end];
  });
}

function textOf(value: TenantValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
