import {
  type DirectoryKind,
  type DirectoryObject,
  type DirectoryWriter,
  type Properties,
  type PropertyChanges,
  type PropertyValue,
  text,
  texts,
  ValueTaken,
} from '../directory/index.ts';
import type { CmdletOutput, ExchangeContext } from './context.ts';
import { CmdletRefusal } from './refusals.ts';

/** What Exchange knows of a recipient and the directory does not show: kept under this name. */
export const exchangeFacts = 'exchange';

const mailKinds: readonly DirectoryKind[] = ['contact', 'group', 'user'];

export function factsOf({ properties }: Pick<DirectoryObject, 'properties'>): Properties {
  const facts = properties[exchangeFacts];
  if (typeof facts !== 'object' || Array.isArray(facts)) return {};
  const present: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(facts)) if (value !== null) present[name] = value;
  return present;
}

export function isDistributionGroup({ kind, properties }: DirectoryObject): boolean {
  return kind === 'group' && properties['mailEnabled'] === true && !texts(properties['groupTypes']).includes('Unified');
}

/** By id, name, alias or address, as `Identity` is understood. */
export function findRecipient(
  { directory }: ExchangeContext,
  identity: string,
  fits: (object: DirectoryObject) => boolean,
): DirectoryObject {
  const { objects } = directory;
  const candidates = [
    objects.byId(identity),
    ...objects.byKey('mailNickname', identity),
    ...objects.byKey('proxyAddresses', `smtp:${identity}`),
    ...objects.byKey('userPrincipalName', identity),
    ...objects.byKey('displayName', identity),
  ];
  const found = candidates.find((object) => object?.state === 'live' && fits(object));
  if (found !== undefined) return found;
  throw new CmdletRefusal(
    'notFound',
    `The operation couldn't be performed because object '${identity}' couldn't be found.`,
  );
}

/** An alias belongs to one recipient. */
export function requireFreeAlias({ directory }: ExchangeContext, alias: string, own?: DirectoryObject): void {
  const other = directory.objects
    .byKey('mailNickname', alias)
    .find(
      (object) =>
        object.state === 'live' &&
        object.number !== own?.number &&
        (object.kind === 'contact' || isDistributionGroup(object)),
    );
  if (other !== undefined) throw new CmdletRefusal('duplicate', `The alias "${alias}" is already being used.`);
}

/** `Name` belongs to one recipient of a kind. */
export function requireFreeName(
  { directory }: ExchangeContext,
  kind: DirectoryKind,
  name: string,
  own?: DirectoryObject,
): void {
  const where = { sql: `fold(o.properties ->> '$.exchange.Name') = ?`, parameters: [name.toLowerCase()] };
  const [other] = directory.objects
    .page({ kinds: [kind], state: 'live', where, limit: 2, hidden: true })
    .filter(({ object }) => object.number !== own?.number);
  if (other !== undefined) throw new CmdletRefusal('duplicate', `The name "${name}" is already being used.`);
}

/** The first `SMTP:` address, or one that is made it. */
export function addressed(addresses: readonly string[], primary?: string): readonly string[] {
  const spelled = addresses.map((address) => (/^[a-z0-9]+:/i.test(address) ? address : `smtp:${address}`));
  const wanted = primary ?? spelled.find((address) => address.startsWith('SMTP:'))?.slice(5) ?? spelled[0]?.slice(5);
  if (wanted === undefined) return [];
  const others = spelled
    .filter((address) => address.toLowerCase() !== `smtp:${wanted.toLowerCase()}`)
    .map((address) => address.replace(/^SMTP:/, 'smtp:'));
  return [`SMTP:${wanted}`, ...others];
}

export function primaryOf(addresses: readonly string[]): string | undefined {
  return addresses.find((address) => address.startsWith('SMTP:'))?.slice(5);
}

/** Runs a write and says in Exchange's words which address is taken. */
export function written<T>({ directory }: ExchangeContext, work: (writer: DirectoryWriter) => T): T {
  try {
    return directory.transact(work);
  } catch (error) {
    if (!(error instanceof ValueTaken)) throw error;
    const name = text(error.other.properties['displayName']) ?? error.other.id;
    const taken = texts(error.other.properties['proxyAddresses']).join(', ');
    throw new CmdletRefusal('addressTaken', `The proxy address "${taken}" is already being used by "${name}".`);
  }
}

/** What every recipient gives back. */
export function recipientOutput(object: DirectoryObject): CmdletOutput {
  const facts = factsOf(object);
  const addresses = texts(object.properties['proxyAddresses']);
  return {
    ...facts,
    Identity: text(facts['Name']) ?? object.id,
    Guid: object.id,
    ExternalDirectoryObjectId: object.id,
    Alias: text(object.properties['mailNickname']) ?? null,
    DisplayName: text(object.properties['displayName']) ?? null,
    PrimarySmtpAddress: primaryOf(addresses) ?? null,
    EmailAddresses: addresses,
    HiddenFromAddressListsEnabled: facts['HiddenFromAddressListsEnabled'] ?? false,
  };
}

/** Changes to the directory's own properties and to Exchange's, in one. */
export function withFacts(
  changes: PropertyChanges,
  facts: Readonly<Record<string, PropertyValue | null>>,
): PropertyChanges {
  return Object.keys(facts).length === 0 ? changes : { ...changes, [exchangeFacts]: facts };
}

export { mailKinds };
