import type { DirectoryObject, DirectoryWriter, LinkAttribute } from '../directory/index.ts';
import type { SyncContext } from './context.ts';
import { ObjectFailure } from './faults.ts';
import { idOfCloudAnchor, isLive, isSyncKind } from './kinds.ts';
import { type GivenValue, isChanges, type ReferenceChange, type SyncValue } from './values.ts';

/** References that are links of the directory; the others are kept as the anchors they are given as. */
export const linkAttributes: Readonly<Record<string, LinkAttribute>> = {
  member: 'members',
  manager: 'manager',
  registeredOwnerReference: 'registeredOwners',
  registeredUsersReference: 'registeredUsers',
};

export function isLink(name: string): boolean {
  return Object.hasOwn(linkAttributes, name);
}

/** Writes the references of one object. An end that is not in the tenant is passed over, as one that was deleted. */
export function writeLinks(
  context: SyncContext,
  writer: DirectoryWriter,
  holder: DirectoryObject,
  given: ReadonlyMap<string, GivenValue>,
): void {
  for (const [name, value] of given) {
    const attribute = linkAttributes[name];
    if (attribute === undefined) continue;
    if (isChanges(value)) changeLinks(context, writer, holder, attribute, value.changes);
    else replaceLinks(context, writer, holder, attribute, anchorsOf(value));
  }
}

function anchorsOf(value: SyncValue | null): readonly string[] {
  if (value === null) return [];
  return typeof value === 'object' ? value : [String(value)];
}

function changeLinks(
  context: SyncContext,
  writer: DirectoryWriter,
  holder: DirectoryObject,
  attribute: LinkAttribute,
  changes: readonly ReferenceChange[],
): void {
  let added = false;
  for (const { add, anchor } of changes) {
    const target = resolve(context, anchor);
    if (target === undefined) continue;
    if (add) added = writer.link(attribute, holder, target) || added;
    else writer.unlink(attribute, holder, target);
  }
  // What is there already is no more for being said again.
  const { membersByChanges } = context.settings();
  if (added && context.directory.links.countTargets(attribute, holder.number) > membersByChanges)
    throw tooMany(attribute, membersByChanges);
}

function replaceLinks(
  context: SyncContext,
  writer: DirectoryWriter,
  holder: DirectoryObject,
  attribute: LinkAttribute,
  anchors: readonly string[],
): void {
  const { membersWhole } = context.settings();
  if (anchors.length > membersWhole) throw tooMany(attribute, membersWhole);
  const wanted = new Map<number, DirectoryObject>();
  for (const anchor of anchors) {
    const target = resolve(context, anchor);
    if (target !== undefined) wanted.set(target.number, target);
  }
  for (const target of targetsOf(context, holder, attribute)) {
    if (!wanted.delete(target.number)) writer.unlink(attribute, holder, target);
  }
  for (const target of wanted.values()) writer.link(attribute, holder, target);
}

function tooMany(attribute: LinkAttribute, limit: number): ObjectFailure {
  return new ObjectFailure('ExceededAllowedLength', `LargeObject: ${attribute} would have more than ${limit} values.`);
}

/** All live ends, page by page. */
export function* targetsOf(
  { directory }: SyncContext,
  { number }: DirectoryObject,
  attribute: LinkAttribute,
): Generator<DirectoryObject> {
  const limit = 1_000;
  for (let after = 0; ; ) {
    const page = directory.links.targets(attribute, number, after, limit);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    after = last.number;
  }
}

/** The live object that an anchor of either kind names. */
function resolve({ directory }: SyncContext, anchor: string): DirectoryObject | undefined {
  const id = idOfCloudAnchor(anchor);
  const found =
    id === undefined ? directory.objects.byKey('sourceAnchor', anchor).find(isLive) : directory.objects.byId(id);
  return isLive(found) && isSyncKind(found.kind) ? found : undefined;
}

/** The anchors of a reference that is kept as such, after a change. */
export function changedAnchors(
  before: readonly string[],
  changes: readonly ReferenceChange[],
): readonly string[] | null {
  const anchors = new Set(before);
  for (const { add, anchor } of changes) {
    if (add) anchors.add(anchor);
    else anchors.delete(anchor);
  }
  return anchors.size === 0 ? null : [...anchors].sort();
}
