import {
  type DirectoryObject,
  type DirectoryWriter,
  type PropertyChanges,
  type PropertyValue,
  text,
  texts,
  ValueTaken,
} from '../directory/index.ts';
import { addressesOf } from './addresses.ts';
import {
  initialDomain,
  notUnique,
  provisioningErrors,
  type Quarantine,
  quarantineText,
  settleNames,
} from './conflicts.ts';
import type { SyncContext } from './context.ts';
import { ObjectFailure } from './faults.ts';
import { cloudAnchor, idOfCloudAnchor, isLive, kindOfType, type SyncKind } from './kinds.ts';
import { match } from './matching.ts';
import { changedAnchors, isLink, writeLinks } from './references.ts';
import { contactDetails, shownChanges } from './shown-properties.ts';
import { requireValid } from './validity.ts';
import { type GivenObject, type GivenValue, isChanges, isStructure, textValue } from './values.ts';

export interface ObjectResult {
  readonly kind: SyncKind | undefined;
  readonly sourceAnchor: string | undefined;
  readonly cloudAnchor: string | undefined;
  readonly failure: ObjectFailure | undefined;
  /** Why a success is not a whole one. */
  readonly partial: string | undefined;
}

const operations = ['Set', 'Add', 'Delete'];

/** Carries out what a client says of one object. What it refuses is this object's matter alone. */
export function provisionObject(context: SyncContext, given: GivenObject): ObjectResult {
  const kind = kindOfType(given.type);
  const sourceAnchor = textValue(given.properties.get('sourceAnchor'));
  const result = { kind, sourceAnchor, cloudAnchor: undefined, failure: undefined, partial: undefined };
  try {
    if (given.failure !== undefined) throw given.failure;
    if (kind === undefined) throw new ObjectFailure('DataValidationFailed', `There is no object type ${given.type}.`);
    if (!operations.includes(given.operation))
      throw new ObjectFailure('DataValidationFailed', `There is no operation ${given.operation}.`);
    return context.directory.transact((writer) => {
      const { object, partial } =
        given.operation === 'Delete'
          ? remove(context, writer, given.properties)
          : write(context, writer, kind, given.properties);
      return { ...result, cloudAnchor: object === undefined ? undefined : cloudAnchor(object), partial };
    });
  } catch (error) {
    if (error instanceof ObjectFailure) return { ...result, failure: error };
    if (error instanceof ValueTaken) return { ...result, failure: notUnique(error.property, takenValue(error, given)) };
    throw error;
  }
}

function takenValue({ property }: ValueTaken, { properties }: GivenObject): string {
  const value = properties.get(property);
  return value === undefined || value === null ? property : String(value);
}

interface Written {
  /** None where there was nothing to delete any more. */
  readonly object: DirectoryObject | undefined;
  readonly partial: string | undefined;
}

function remove({ directory }: SyncContext, writer: DirectoryWriter, given: ReadonlyMap<string, GivenValue>): Written {
  const sourceAnchor = textValue(given.get('sourceAnchor')) ?? '';
  const id = idOfCloudAnchor(textValue(given.get('cloudAnchor')) ?? '');
  const ofAnchor = (key: 'sourceAnchor' | 'onPremisesImmutableId') =>
    directory.objects.byKey(key, sourceAnchor).find(isLive);
  const object =
    id === undefined ? (ofAnchor('sourceAnchor') ?? ofAnchor('onPremisesImmutableId')) : directory.objects.byId(id);
  if (!isLive(object)) return { object: undefined, partial: undefined };
  if (object.mastery !== 'synced')
    throw new ObjectFailure('114', 'The operation Delete is not valid for this object: it is mastered in the cloud.');
  writer.delete(object);
  return { object, partial: undefined };
}

function write(
  context: SyncContext,
  writer: DirectoryWriter,
  kind: SyncKind,
  given: ReadonlyMap<string, GivenValue>,
): Written {
  const sourceAnchor = textValue(given.get('sourceAnchor'));
  const anchor = textValue(given.get('cloudAnchor'));
  if (sourceAnchor === undefined) throw new ObjectFailure('DataValidationFailed', 'The source anchor is missing.');
  const before = match(context, {
    kind,
    sourceAnchor,
    cloudAnchor: anchor,
    userPrincipalName: textValue(given.get('userPrincipalName')),
    proxyAddresses: addressesOf(storable(fromGiven(given))).proxyAddresses,
  });
  if (before?.mastery === 'transferred')
    throw new ObjectFailure(
      'AttributeUpdateNotAllowed',
      'The object is mastered in the cloud: its source of authority was moved.',
    );
  const sync = syncChanges(before, given);
  const merged = storable({ ...syncPropertiesOf(before), ...sync });
  requireValid(kind, merged, before === undefined);
  const { changes, quarantine } = propertyChanges(context, kind, { before, given, merged, sourceAnchor });
  const all = { ...changes, syncProperties: sync };
  const object = store(context, writer, kind, before, all);
  writeLinks(context, writer, object, given);
  return { object, partial: quarantine === undefined ? undefined : quarantineText(quarantine) };
}

/** The clock is told only of writes that changed something. */
function store(
  context: SyncContext,
  writer: DirectoryWriter,
  kind: SyncKind,
  before: DirectoryObject | undefined,
  changes: PropertyChanges,
): DirectoryObject {
  const stamp = { onPremisesLastSyncDateTime: context.clock.iso() };
  if (before === undefined) return writer.create(kind, storable({ ...changes, ...stamp }), { mastery: 'synced' });
  if (before.state === 'deleted') {
    const restored = writer.restore(before, { ...changes, ...stamp });
    writer.update(restored, {}, 'synced');
    return current(context, restored);
  }
  const names = writer.update(before, changes, 'synced');
  if (names.length > 0 || before.mastery !== 'synced') writer.update(current(context, before), stamp);
  return current(context, before);
}

function current({ directory }: SyncContext, { number }: DirectoryObject): DirectoryObject {
  const object = directory.objects.byNumber(number);
  if (object === undefined) throw new Error(`object ${number} is gone`);
  return object;
}

type Stored = Readonly<Record<string, PropertyValue>>;

/** What synchronization has written of an object so far, by the names of this service. */
export function syncPropertiesOf(object: DirectoryObject | undefined): Stored {
  const stored = object?.properties['syncProperties'];
  return isStructure(stored) ? storable(stored) : {};
}

function storable(changes: { readonly [name: string]: PropertyValue | null }): Stored {
  return Object.fromEntries(
    Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

function fromGiven(given: ReadonlyMap<string, GivenValue>): Record<string, PropertyValue | null> {
  const values: Record<string, PropertyValue | null> = {};
  for (const [name, value] of given) if (!isChanges(value)) values[name] = value;
  return values;
}

/** Kept under this service's names: everything but anchors and links, which the directory has elsewhere. */
function syncChanges(
  before: DirectoryObject | undefined,
  given: ReadonlyMap<string, GivenValue>,
): Record<string, PropertyValue | null> {
  const known = syncPropertiesOf(before);
  const changes: Record<string, PropertyValue | null> = {};
  for (const [name, value] of given) {
    if (isLink(name) || name === 'sourceAnchor' || name === 'cloudAnchor' || name === 'cloudMastered') continue;
    changes[name] = isChanges(value) ? changedAnchors(texts(known[name]), value.changes) : value;
  }
  return changes;
}

interface Write {
  readonly before: DirectoryObject | undefined;
  readonly given: ReadonlyMap<string, GivenValue>;
  /** All that synchronization has written, this write included. */
  readonly merged: Stored;
  readonly sourceAnchor: string;
}

const addressNames = ['mail', 'proxyAddresses', 'targetAddress'];

function propertyChanges(
  context: SyncContext,
  kind: SyncKind,
  { before, given, merged, sourceAnchor }: Write,
): { readonly changes: PropertyChanges; readonly quarantine: Quarantine | undefined } {
  const changes: Record<string, PropertyValue | null> = {
    ...shownChanges(kind, given),
    ...(kind === 'contact' ? contactDetails(merged) : {}),
    sourceAnchor,
    ...(kind === 'user' ? { onPremisesImmutableId: sourceAnchor } : {}),
  };
  const hasAddresses = addressNames.some((name) => name in merged || given.has(name));
  const addresses = addressesOf(merged);
  const settled = settleNames(
    context,
    kind,
    {
      userPrincipalName: verifiedName(context, text(merged['userPrincipalName'])),
      proxyAddresses: hasAddresses ? addresses.proxyAddresses : [],
    },
    before?.number,
  );
  if (kind === 'user' && settled.userPrincipalName !== undefined) {
    const kept = keptReplacement(before, settled.quarantine);
    changes['userPrincipalName'] = kept ?? settled.userPrincipalName;
  }
  if (hasAddresses && kind !== 'device') {
    changes['mail'] = addresses.mail ?? null;
    changes['proxyAddresses'] = settled.proxyAddresses.length === 0 ? null : [...settled.proxyAddresses];
  }
  Object.assign(changes, defaults(kind, before, { ...merged, ...storable(changes) }));
  const { userPrincipalName = null, proxyAddresses = null } = settled.quarantine ?? {};
  changes['quarantine'] = { userPrincipalName, proxyAddresses };
  changes['onPremisesProvisioningErrors'] = unchangedErrors(before, settled.quarantine)
    ? (before?.properties['onPremisesProvisioningErrors'] ?? null)
    : provisioningErrors(settled.quarantine, context.clock.iso());
  return { changes, quarantine: settled.quarantine };
}

/** A name that is not of a verified domain becomes one of the tenant's own. */
export function verifiedName(context: SyncContext, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const [prefix = '', domain = ''] = name.split('@');
  return context.directory.domains.isVerified(domain) ? name : `${prefix}@${initialDomain(context)}`;
}

/** The name that was given in place of a quarantined one stays as long as that is quarantined. */
function keptReplacement(before: DirectoryObject | undefined, quarantine: Quarantine | undefined): string | undefined {
  if (quarantine?.userPrincipalName === undefined || before === undefined) return undefined;
  const name = text(before.properties['userPrincipalName']);
  const prefix = quarantine.userPrincipalName.split('@')[0] ?? '';
  const [, digits] = name?.split('@')[0]?.split(prefix) ?? [];
  return digits !== undefined && /^\d{4}$/.test(digits) ? name : undefined;
}

function unchangedErrors(before: DirectoryObject | undefined, quarantine: Quarantine | undefined): boolean {
  const stored = before?.properties['quarantine'];
  return quarantine !== undefined && stored !== undefined && JSON.stringify(stored) === JSON.stringify(quarantine);
}

/** What the tenant makes up where synchronization says nothing. */
function defaults(kind: SyncKind, before: DirectoryObject | undefined, known: Stored): PropertyChanges {
  const nickname = text(known['mailNickname']) ?? text(before?.properties['mailNickname']);
  switch (kind) {
    case 'user':
      return {
        mailNickname: nickname ?? text(known['userPrincipalName'])?.split('@')[0] ?? null,
        ...(before === undefined && known['userType'] === undefined ? { userType: 'Member' } : {}),
        ...(before === undefined && known['accountEnabled'] === undefined ? { accountEnabled: true } : {}),
      };
    case 'group':
      return {
        mailEnabled: text(known['mail']) !== undefined || texts(known['proxyAddresses']).length > 0,
        mailNickname: nickname ?? asNickname(text(known['displayName'])),
      };
    case 'device':
      return before === undefined ? { profileType: 'RegisteredDevice' } : {};
    case 'contact':
      return {};
    default:
      return kind satisfies never;
  }
}

function asNickname(name: string | undefined): string {
  const letters = (name ?? '').replace(/[^A-Za-z0-9._-]/g, '');
  return letters === '' ? 'group' : letters.slice(0, 64);
}
