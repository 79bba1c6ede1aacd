import {
  attribute,
  childText,
  element,
  namespace,
  namespaces,
  properties,
  propertyOf,
  syncObjectTypes,
  type XmlElement,
} from '../../wire/index.ts';
import { type DirectoryObject, type PropertyValue, text, texts } from '../directory/index.ts';
import { quarantineOf } from './conflicts.ts';
import type { SyncContext } from './context.ts';
import { fault } from './faults.ts';
import { cloudAnchor, isSyncKind, type SyncKind, syncKinds } from './kinds.ts';
import { syncPropertiesOf } from './provision-object.ts';
import { linkAttributes, targetsOf } from './references.ts';

/** Where a read-back goes on. `full`: through all objects; else through the changes of a span, kind by kind. */
interface Cookie {
  readonly version: 1;
  readonly at: number;
  readonly mode: 'full' | 'delta';
  /** Up to here the changes are told when the reading ends. */
  readonly upTo: number;
  readonly after: number;
  readonly since: number;
  readonly kind: number;
}

export interface ReadBackPage {
  readonly objects: readonly XmlElement[];
  readonly cookie: string;
  readonly more: boolean;
}

const day = 86_400_000;

/** `showEmpty`: as the first form of the operation does, properties without a value are shown as such. */
export function readBack(
  context: SyncContext,
  given: string | undefined,
  wantsFull: boolean,
  showEmpty: boolean,
): ReadBackPage {
  const cookie = given === undefined ? begin(context) : parseCookie(context, given, wantsFull);
  const show = (object: DirectoryObject): XmlElement => shown(context, object, showEmpty);
  return cookie.mode === 'full' ? fullPage(context, cookie, show) : deltaPage(context, cookie, show);
}

function begin({ clock, directory }: SyncContext): Cookie {
  return { version: 1, at: clock.now(), mode: 'full', upTo: directory.changes.last(), after: 0, since: 0, kind: 0 };
}

function parseCookie(context: SyncContext, given: string, wantsFull: boolean): Cookie {
  let cookie: unknown;
  try {
    cookie = JSON.parse(Buffer.from(given, 'base64').toString('utf8'));
  } catch {
    throw fault.internal();
  }
  if (!isCookie(cookie)) throw fault.internal();
  const { now } = context.clock;
  if (now() - cookie.at > context.settings().cookieDays * day) throw fault.internal();
  return cookie.mode === 'delta' && wantsFull ? begin(context) : cookie;
}

function isCookie(value: unknown): value is Cookie {
  if (typeof value !== 'object' || value === null) return false;
  const { version, at, mode, upTo, after, since, kind } = value as Readonly<Record<string, unknown>>;
  const numbers = [at, upTo, after, since, kind].every((one) => typeof one === 'number');
  return version === 1 && numbers && (mode === 'full' || mode === 'delta');
}

const written = (cookie: Cookie): string => Buffer.from(JSON.stringify(cookie)).toString('base64');

type Show = (object: DirectoryObject) => XmlElement;

function fullPage(context: SyncContext, cookie: Cookie, show: Show): ReadBackPage {
  const { directory, clock } = context;
  const limit = context.settings().pageSize;
  const page = directory.objects.page({
    kinds: syncKinds,
    state: 'live',
    after: { number: cookie.after },
    limit,
    hidden: true,
  });
  const objects = page.map(({ object }) => show(object));
  const last = page.at(-1);
  if (last !== undefined && page.length === limit)
    return { objects, cookie: written({ ...cookie, after: last.object.number }), more: true };
  return { objects, cookie: written(ended(cookie.upTo, clock.now())), more: false };
}

/** From here on only what changed. */
function ended(since: number, at: number): Cookie {
  return { version: 1, at, mode: 'delta', upTo: 0, after: since, since, kind: 0 };
}

function deltaPage(context: SyncContext, cookie: Cookie, show: Show): ReadBackPage {
  const { changes } = context.directory;
  const limit = context.settings().pageSize;
  const upTo = cookie.upTo === 0 ? changes.last() : cookie.upTo;
  const objects: XmlElement[] = [];
  let { kind, after } = cookie;
  for (let name = syncKinds[kind]; name !== undefined; name = syncKinds[kind]) {
    const found = changes.changed(name, after, upTo, limit - objects.length);
    objects.push(...found.map(({ object }) => show(object)));
    const last = found.at(-1);
    if (objects.length === limit && last !== undefined)
      return { objects, cookie: written({ ...cookie, upTo, kind, after: last.sequence }), more: true };
    kind += 1;
    after = cookie.since;
  }
  return { objects, cookie: written(ended(upTo, context.clock.now())), more: false };
}

/** A live object with all its properties that have a value; of one that is gone its names. */
function shown(context: SyncContext, object: DirectoryObject, showEmpty: boolean): XmlElement {
  const kind = isSyncKind(object.kind) ? object.kind : 'user';
  const live = object.state === 'live';
  const filled = live ? [...names(object), ...valuesOf(context, kind, object)] : names(object);
  const properties = live && showEmpty ? [...filled, ...emptyOf(kind, filled)] : filled;
  return element(
    'b:AzureADSyncObject',
    [],
    [
      element('b:PropertyValues', [namespace('c', namespaces.arrays)], properties),
      element('b:SyncObjectType', [], [syncObjectTypes[kind]]),
      element('b:SyncOperation', [], [live ? 'Set' : 'Delete']),
    ],
  );
}

function emptyOf(kind: SyncKind, filled: readonly XmlElement[]): readonly XmlElement[] {
  const there = new Set(filled.map((one) => childText(one, 'Key')?.toLowerCase()));
  return properties
    .filter(({ name, kinds }) => kinds.has(kind) && !there.has(name.toLowerCase()))
    .map(({ name }) => element('c:KeyValueOfstringanyType', [], [element('c:Key', [], [pascal(name)]), nil]));
}

const nil = element('c:Value', [attribute('i:nil', 'true')]);

function names(object: DirectoryObject): readonly XmlElement[] {
  const anchor = text(object.properties['sourceAnchor']) ?? text(object.properties['onPremisesImmutableId']);
  return [
    property('CloudAnchor', cloudAnchor(object)),
    ...(anchor === undefined ? [] : [property('SourceAnchor', anchor)]),
  ];
}

/** What sync wrote, as it wrote it; of an object the cloud masters what others are matched by. */
function valuesOf(context: SyncContext, kind: SyncKind, object: DirectoryObject): readonly XmlElement[] {
  const synced = object.mastery === 'synced';
  const values = synced ? syncedValues(object) : cloudValues(object);
  const shownValues = Object.entries(values).map(([name, value]) => property(pascal(name), value));
  const mastered = kind === 'user' || kind === 'group' ? [property('CloudMastered', !synced)] : [];
  return [...shownValues, ...mastered, ...linksOf(context, object)];
}

function syncedValues(object: DirectoryObject): Readonly<Record<string, PropertyValue>> {
  const quarantine = quarantineOf(object);
  const values: Record<string, PropertyValue> = { ...syncPropertiesOf(object) };
  const { userPrincipalName } = object.properties;
  if (quarantine?.userPrincipalName !== undefined && userPrincipalName !== undefined)
    values['userPrincipalName'] = userPrincipalName;
  const aside = quarantine?.proxyAddresses ?? [];
  if (aside.length > 0) {
    const left = texts(values['proxyAddresses']).filter((address) => !aside.includes(address));
    if (left.length === 0) delete values['proxyAddresses'];
    else values['proxyAddresses'] = left;
  }
  return values;
}

const cloudNames: Readonly<Record<string, string>> = {
  userPrincipalName: 'userPrincipalName',
  displayName: 'displayName',
  accountEnabled: 'accountEnabled',
  mail: 'mail',
  proxyAddresses: 'proxyAddresses',
  mailNickname: 'alias',
  securityEnabled: 'securityEnabled',
};

function cloudValues({ properties }: DirectoryObject): Readonly<Record<string, PropertyValue>> {
  return Object.fromEntries(
    Object.entries(cloudNames).flatMap(([name, syncName]) => {
      const value = properties[name];
      return value === undefined ? [] : [[syncName, value]];
    }),
  );
}

function linksOf(context: SyncContext, object: DirectoryObject): readonly XmlElement[] {
  const found: XmlElement[] = [];
  for (const [name, attribute] of Object.entries(linkAttributes)) {
    if (propertyOf(name)?.kinds.has(isSyncKind(object.kind) ? object.kind : 'user') !== true) continue;
    const anchors: string[] = [];
    for (const target of targetsOf(context, object, attribute))
      anchors.push(text(target.properties['sourceAnchor']) ?? cloudAnchor(target));
    const [first] = anchors;
    if (first !== undefined) found.push(property(pascal(name), propertyOf(name)?.many === true ? anchors : first));
  }
  return found;
}

function pascal(name: string): string {
  return name.startsWith('extension_') ? name : `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** With the type the schema says; i:type as plain text, which every reader understands. */
function property(name: string, value: PropertyValue): XmlElement {
  return element('c:KeyValueOfstringanyType', [], [element('c:Key', [], [name]), valueElement(name, value)]);
}

function valueElement(name: string, value: PropertyValue): XmlElement {
  const binary = propertyOf(name)?.type === 'binary';
  if (Array.isArray(value)) {
    const type = binary ? 'base64Binary' : 'string';
    const items = texts(value).map((one) => element(`c:${type}`, [], [one]));
    return element('c:Value', [attribute('i:type', `c:ArrayOf${type}`)], items);
  }
  const type = binary
    ? 'base64Binary'
    : typeof value === 'boolean'
      ? 'boolean'
      : typeof value === 'number'
        ? 'long'
        : 'string';
  return element(
    'c:Value',
    [attribute('i:type', `d:${type}`), namespace('d', namespaces.schema)],
    [typeof value === 'object' ? JSON.stringify(value) : String(value)],
  );
}
