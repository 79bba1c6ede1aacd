import { type DirectoryObject, text, texts } from '../directory/index.ts';
import { primaryOf } from './addresses.ts';
import type { SyncContext } from './context.ts';
import { ObjectFailure } from './faults.ts';
import { hasFeature } from './features.ts';
import { idOfCloudAnchor, isLive, type SyncKind } from './kinds.ts';

export interface Subject {
  readonly kind: SyncKind;
  readonly sourceAnchor: string;
  readonly cloudAnchor: string | undefined;
  readonly userPrincipalName: string | undefined;
  readonly proxyAddresses: readonly string[];
}

/** The object that a write is about: of any state, or none where it is to be made. */
export function match(context: SyncContext, subject: Subject): DirectoryObject | undefined {
  return byAnchor(context, subject) ?? byCloudAnchor(context, subject) ?? softly(context, subject);
}

/** The object that carries the anchor already: its own, or a cloud user's immutable id. */
function byAnchor(context: SyncContext, { kind, sourceAnchor }: Subject): DirectoryObject | undefined {
  const { objects } = context.directory;
  const known = [
    ...objects.byKey('sourceAnchor', sourceAnchor),
    ...objects.byKey('onPremisesImmutableId', sourceAnchor),
  ];
  const found = known.find(isLive) ?? known.find(({ state }) => state === 'deleted');
  if (found === undefined) return undefined;
  if (found.kind !== kind) {
    throw new ObjectFailure(
      'ObjectTypeMismatch',
      `The object with source anchor ${sourceAnchor} is of type ${found.kind}, and cannot become a ${kind}.`,
    );
  }
  if (found.mastery === 'cloud') requireHardMatch(context, found);
  return found;
}

/** A cloud object is taken over by its anchor only where the tenant lets it be. */
function requireHardMatch(context: SyncContext, object: DirectoryObject): void {
  if (hasFeature(context.directory, 'blockCloudObjectTakeoverThroughHardMatch'))
    throw new ObjectFailure('InvalidHardMatch', 'Hard match is blocked for this tenant.');
  if (isAdministrator(context, object) || object.properties['onPremisesObjectIdentifier'] !== undefined)
    throw new ObjectFailure(
      'InvalidHardMatch',
      'Hard match operation blocked due to security hardening. Review OnPremisesObjectIdentifier mapping.',
    );
}

/** Named by the tenant's own id: what has no anchor yet is given this one, once. */
function byCloudAnchor(
  context: SyncContext,
  { kind, cloudAnchor, sourceAnchor }: Subject,
): DirectoryObject | undefined {
  const id = cloudAnchor === undefined ? undefined : idOfCloudAnchor(cloudAnchor);
  if (id === undefined) return undefined;
  const found = context.directory.objects.byId(id);
  if (found === undefined || found.kind !== kind)
    throw new ObjectFailure('ObjectNotFound', `There is no object with cloud anchor ${cloudAnchor}.`);
  const anchor = anchorOf(found);
  if (anchor !== undefined && anchor !== sourceAnchor)
    throw new ObjectFailure(
      'InvalidHardMatch',
      `The object ${cloudAnchor} has another source anchor, which cannot change.`,
    );
  requireHardMatch(context, found);
  return found;
}

export function anchorOf({ properties }: DirectoryObject): string | undefined {
  return text(properties['sourceAnchor']) ?? text(properties['onPremisesImmutableId']);
}

/** By the primary address, then by the name, an object that no anchor claims. */
function softly(context: SyncContext, subject: Subject): DirectoryObject | undefined {
  if (subject.kind === 'device') return undefined;
  const found = byAddress(context, subject) ?? byName(context, subject);
  if (found === undefined) return undefined;
  if (hasFeature(context.directory, 'blockSoftMatch')) return undefined;
  if (isAdministrator(context, found))
    throw new ObjectFailure(
      'ExistingAdminRoleConflict',
      'The object matches a user that holds an administrative role, and is not matched for its protection.',
    );
  return found;
}

function byAddress(context: SyncContext, { kind, proxyAddresses }: Subject): DirectoryObject | undefined {
  const primary = primaryOf(proxyAddresses);
  if (primary === undefined) return undefined;
  const holders = context.directory.objects.byKey('proxyAddresses', `SMTP:${primary}`);
  return holders.find(
    (object) =>
      isFree(object, kind) &&
      primaryOf(texts(object.properties['proxyAddresses']))?.toLowerCase() === primary.toLowerCase(),
  );
}

function byName(context: SyncContext, { kind, userPrincipalName }: Subject): DirectoryObject | undefined {
  if (kind !== 'user' || userPrincipalName === undefined) return undefined;
  if (!hasFeature(context.directory, 'softMatchOnUpn')) return undefined;
  return context.directory.objects.byKey('userPrincipalName', userPrincipalName).find((object) => isFree(object, kind));
}

function isFree(object: DirectoryObject, kind: SyncKind): boolean {
  return (
    object.state === 'live' && object.kind === kind && object.mastery === 'cloud' && anchorOf(object) === undefined
  );
}

export function isAdministrator({ directory }: SyncContext, object: DirectoryObject): boolean {
  if (object.kind !== 'user') return false;
  return directory.links.allHolders('members', object.number, 0, 1_000).some(({ kind }) => kind === 'directoryRole');
}
