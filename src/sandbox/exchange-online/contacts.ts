import { type DirectoryObject, type PropertyChanges, type PropertyValue, text, texts } from '../directory/index.ts';
import { initialProperties } from '../graph/index.ts';
import type { CmdletOutput, ExchangeContext } from './context.ts';
import { customAttributes, type Parameters } from './parameters.ts';
import {
  addressed,
  findRecipient,
  mailKinds,
  primaryOf,
  recipientOutput,
  requireFreeAlias,
  requireFreeName,
  withFacts,
  written,
} from './recipients.ts';
import { CmdletRefusal } from './refusals.ts';

const isContact = ({ kind }: DirectoryObject): boolean => kind === 'contact';

const mailFacts = [
  'Name',
  'HiddenFromAddressListsEnabled',
  'MailTip',
  'SimpleDisplayName',
  'RequireSenderAuthenticationEnabled',
  'AcceptMessagesOnlyFrom',
  'RejectMessagesFrom',
  'GrantSendOnBehalfTo',
  'ModeratedBy',
  'ModerationEnabled',
  ...customAttributes,
] as const;

const personalFacts = [
  'Initials',
  'HomePhone',
  'Pager',
  'OtherTelephone',
  'OtherHomePhone',
  'OtherFax',
  'PostOfficeBox',
  'AssistantName',
  'TelephoneAssistant',
  'Notes',
  'WebPage',
  'PhoneticDisplayName',
  'SeniorityIndex',
] as const;

export const newMailContactParameters = [
  'Name',
  'ExternalEmailAddress',
  'Alias',
  'DisplayName',
  'FirstName',
  'Initials',
  'LastName',
  'ModeratedBy',
  'ModerationEnabled',
];
export const setMailContactParameters = [
  'Identity',
  'Alias',
  'DisplayName',
  'ExternalEmailAddress',
  'EmailAddresses',
  'WindowsEmailAddress',
  ...mailFacts,
];
export const setContactParameters = [
  'Identity',
  'FirstName',
  'LastName',
  'DisplayName',
  'Title',
  'Department',
  'Company',
  'Office',
  'Manager',
  'Phone',
  'MobilePhone',
  'Fax',
  'StreetAddress',
  'City',
  'StateOrProvince',
  'PostalCode',
  'CountryOrRegion',
  ...personalFacts,
];

function smtp(address: string): string {
  const bare = address.replace(/^smtp:/i, '');
  if (!/^[^\s@]+@[^\s@]+$/.test(bare)) throw new CmdletRefusal('value', `"${address}" is not a valid SMTP address.`);
  return bare;
}

export function newMailContact(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const name = parameters.needed('Name');
  const external = smtp(parameters.needed('ExternalEmailAddress'));
  const alias = parameters.text('Alias') ?? external.split('@')[0] ?? name;
  requireFreeName(context, 'contact', name);
  requireFreeAlias(context, alias);
  const changes: PropertyChanges = {
    displayName: parameters.text('DisplayName') ?? name,
    mailNickname: alias,
    mail: external,
    proxyAddresses: [`SMTP:${external}`],
    givenName: parameters.text('FirstName') ?? null,
    surname: parameters.text('LastName') ?? null,
  };
  const facts = {
    ...parameters.kept(['Initials', ...mailFacts]),
    Name: name,
    ExternalEmailAddress: `SMTP:${external}`,
  };
  const late = context.profile().exchange.delaySeconds * 1000;
  const contact = written(context, (writer) =>
    writer.create('contact', initialProperties(withFacts(changes, facts)), { late }),
  );
  return [contactOutput(contact)];
}

export function setMailContact(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const contact = findRecipient(context, parameters.needed('Identity'), isContact);
  const before = texts(contact.properties['proxyAddresses']);
  const external = parameters.text('ExternalEmailAddress');
  const list = parameters.list('EmailAddresses', before);
  const primary = parameters.text('WindowsEmailAddress') ?? undefined;
  const changes: Record<string, PropertyValue | null> = {};
  const facts: Record<string, PropertyValue | null> = { ...parameters.kept(mailFacts) };
  const alias = parameters.text('Alias');
  if (typeof alias === 'string') {
    requireFreeAlias(context, alias, contact);
    changes['mailNickname'] = alias;
  }
  const name = parameters.text('Name');
  if (typeof name === 'string') requireFreeName(context, 'contact', name, contact);
  const displayName = parameters.text('DisplayName');
  if (typeof displayName === 'string') changes['displayName'] = displayName;
  if (list !== undefined || typeof external === 'string' || primary !== undefined) {
    const target = typeof external === 'string' ? smtp(external) : undefined;
    const addresses = addressed(
      [...(list ?? before), ...(target === undefined ? [] : [`smtp:${target}`])],
      primary ?? (list === undefined ? target : undefined),
    );
    changes['proxyAddresses'] = [...addresses];
    changes['mail'] = primaryOf(addresses) ?? null;
    if (target !== undefined) facts['ExternalEmailAddress'] = `SMTP:${target}`;
  }
  written(context, (writer) => writer.update(contact, withFacts(changes, facts)));
  return [];
}

export function setContact(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const contact = findRecipient(context, parameters.needed('Identity'), isContact);
  const changes: Record<string, PropertyValue | null> = {};
  const plain = {
    FirstName: 'givenName',
    LastName: 'surname',
    DisplayName: 'displayName',
    Title: 'jobTitle',
    Department: 'department',
    Company: 'companyName',
  };
  for (const [parameter, property] of Object.entries(plain)) {
    const value = parameters.text(parameter);
    if (value !== undefined) changes[property] = value;
  }
  const phones = changedPhones(contact, parameters);
  if (phones !== undefined) changes['phones'] = phones.length === 0 ? null : phones;
  const address = changedAddress(contact, parameters);
  if (address !== undefined) changes['addresses'] = [address];
  const manager = parameters.text('Manager');
  written(context, (writer) => {
    writer.update(contact, withFacts(changes, parameters.kept(personalFacts)));
    if (typeof manager === 'string') {
      writer.linkOnly(
        'manager',
        contact,
        findRecipient(context, manager, ({ kind }) => mailKinds.includes(kind)),
      );
    } else if (manager === null) {
      const [before] = context.directory.links.targets('manager', contact.number, 0, 1);
      if (before !== undefined) writer.unlink('manager', contact, before);
    }
  });
  return [];
}

const phoneTypes = { Phone: 'business', MobilePhone: 'mobile', Fax: 'businessFax' } as const;

function changedPhones(contact: DirectoryObject, parameters: Parameters): readonly PropertyValue[] | undefined {
  const phones = new Map<string, PropertyValue>();
  for (const phone of Array.isArray(contact.properties['phones']) ? contact.properties['phones'] : []) {
    if (typeof phone === 'object' && !Array.isArray(phone)) phones.set(String(Reflect.get(phone, 'type')), phone);
  }
  let touched = false;
  for (const [parameter, type] of Object.entries(phoneTypes)) {
    const value = parameters.text(parameter);
    if (value === undefined) continue;
    touched = true;
    if (value === null) phones.delete(type);
    else phones.set(type, { type, number: value });
  }
  return touched ? [...phones.values()] : undefined;
}

const addressParts = {
  StreetAddress: 'street',
  City: 'city',
  StateOrProvince: 'state',
  PostalCode: 'postalCode',
  CountryOrRegion: 'countryOrRegion',
  Office: 'officeLocation',
} as const;

function changedAddress(contact: DirectoryObject, parameters: Parameters): PropertyValue | undefined {
  const [before] = Array.isArray(contact.properties['addresses']) ? contact.properties['addresses'] : [];
  const address: Record<string, PropertyValue | null> =
    typeof before === 'object' && !Array.isArray(before) ? { ...before } : {};
  let touched = false;
  for (const [parameter, part] of Object.entries(addressParts)) {
    const value = parameters.text(parameter);
    if (value === undefined) continue;
    touched = true;
    address[part] = value;
  }
  return touched ? address : undefined;
}

export function removeMailContact(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const contact = findRecipient(context, parameters.needed('Identity'), isContact);
  written(context, (writer) => writer.delete(contact));
  return [];
}

export function getMailContact(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const identity = parameters.text('Identity');
  if (typeof identity === 'string') return [contactOutput(findRecipient(context, identity, isContact))];
  return context.directory.objects
    .page({ kinds: ['contact'], state: 'live', limit: 1_000, hidden: true })
    .map(({ object }) => contactOutput(object));
}

function contactOutput(contact: DirectoryObject): CmdletOutput {
  return {
    ...recipientOutput(contact),
    FirstName: text(contact.properties['givenName']) ?? null,
    LastName: text(contact.properties['surname']) ?? null,
    RecipientType: 'MailContact',
    RecipientTypeDetails: 'MailContact',
  };
}
