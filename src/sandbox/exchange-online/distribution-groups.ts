import { type DirectoryObject, type PropertyValue, text, texts } from '../directory/index.ts';
import { initialProperties } from '../graph/index.ts';
import type { CmdletOutput, ExchangeContext } from './context.ts';
import { customAttributes, type Parameters } from './parameters.ts';
import {
  addressed,
  findRecipient,
  isDistributionGroup,
  mailKinds,
  primaryOf,
  recipientOutput,
  requireFreeAlias,
  requireFreeName,
  withFacts,
  written,
} from './recipients.ts';
import { CmdletRefusal } from './refusals.ts';

const groupFacts = [
  'Name',
  'HiddenFromAddressListsEnabled',
  'MailTip',
  'SimpleDisplayName',
  'RequireSenderAuthenticationEnabled',
  'MemberJoinRestriction',
  'MemberDepartRestriction',
  'ModeratedBy',
  'ModerationEnabled',
  'BypassNestedModerationEnabled',
  'AcceptMessagesOnlyFrom',
  'RejectMessagesFrom',
  'GrantSendOnBehalfTo',
  'ReportToManagerEnabled',
  'ReportToOriginatorEnabled',
  'SendOofMessageToOriginatorEnabled',
  ...customAttributes,
] as const;

export const newGroupParameters = [
  'Type',
  'Alias',
  'DisplayName',
  'PrimarySmtpAddress',
  'ManagedBy',
  'Members',
  'Notes',
  'Description',
  'HiddenGroupMembershipEnabled',
  'RoomList',
  ...groupFacts,
];
export const setGroupParameters = [
  'Identity',
  'Alias',
  'DisplayName',
  'PrimarySmtpAddress',
  'WindowsEmailAddress',
  'EmailAddresses',
  'ManagedBy',
  'Notes',
  'Description',
  'BypassSecurityGroupManagerCheck',
  ...groupFacts,
];
export const memberParameters = ['Identity', 'Member', 'BypassSecurityGroupManagerCheck', 'Confirm'];
export const membersParameters = ['Identity', 'Members', 'BypassSecurityGroupManagerCheck', 'Confirm'];

const anyRecipient = ({ kind }: DirectoryObject): boolean => mailKinds.includes(kind);

export function newDistributionGroup(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const name = parameters.needed('Name');
  const alias = parameters.text('Alias') ?? name.replaceAll(/[^\w.-]/g, '');
  const domain = context.directory.domains.list().find(({ isDefault }) => isDefault)?.name ?? '';
  const address = parameters.text('PrimarySmtpAddress') ?? `${alias}@${domain}`;
  requireFreeName(context, 'group', name);
  requireFreeAlias(context, alias);
  requireOwnDomain(context, address);
  const properties = initialProperties(
    withFacts(
      {
        displayName: parameters.text('DisplayName') ?? name,
        description: parameters.text('Description') ?? parameters.text('Notes') ?? null,
        mailNickname: alias,
        mailEnabled: true,
        securityEnabled: parameters.text('Type') === 'Security',
        mail: address,
        proxyAddresses: [`SMTP:${address}`],
      },
      { ...parameters.kept(groupFacts), Name: name },
    ),
  );
  const late = context.profile().exchange.delaySeconds * 1000;
  const group = written(context, (writer) => {
    const made = writer.create('group', properties, { late });
    for (const identity of parameters.list('Members', []) ?? []) {
      writer.link('members', made, findRecipient(context, identity, anyRecipient));
    }
    for (const identity of parameters.list('ManagedBy', []) ?? []) {
      writer.link(
        'owners',
        made,
        findRecipient(context, identity, ({ kind }) => kind === 'user'),
      );
    }
    return made;
  });
  return [groupOutput(group)];
}

function requireOwnDomain(context: ExchangeContext, address: string): void {
  const domain = address.split('@')[1] ?? '';
  if (context.directory.domains.isVerified(domain)) return;
  throw new CmdletRefusal(
    'value',
    `You can't use the domain because it's not an accepted domain for your organization: ${domain}.`,
  );
}

export function setDistributionGroup(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const group = findRecipient(context, parameters.needed('Identity'), isDistributionGroup);
  const changes: Record<string, PropertyValue | null> = {};
  const alias = parameters.text('Alias');
  if (typeof alias === 'string') {
    requireFreeAlias(context, alias, group);
    changes['mailNickname'] = alias;
  }
  const name = parameters.text('Name');
  if (typeof name === 'string') requireFreeName(context, 'group', name, group);
  const displayName = parameters.text('DisplayName');
  if (typeof displayName === 'string') changes['displayName'] = displayName;
  const description = parameters.has('Description') ? parameters.text('Description') : parameters.text('Notes');
  if (description !== undefined) changes['description'] = description;
  const before = texts(group.properties['proxyAddresses']);
  const primary = parameters.text('PrimarySmtpAddress') ?? parameters.text('WindowsEmailAddress') ?? undefined;
  const list = parameters.list('EmailAddresses', before);
  if (list !== undefined || primary !== undefined) {
    const addresses = addressed(list ?? before, primary);
    const own = primaryOf(addresses);
    if (own !== undefined) requireOwnDomain(context, own);
    changes['proxyAddresses'] = [...addresses];
    changes['mail'] = own ?? null;
  }
  const owners = parameters.list('ManagedBy', []);
  written(context, (writer) => {
    writer.update(group, withFacts(changes, parameters.kept(groupFacts)));
    if (owners === undefined) return;
    const wanted = owners.map((identity) => findRecipient(context, identity, ({ kind }) => kind === 'user'));
    for (const owner of context.directory.links.targets('owners', group.number, 0, 1_000)) {
      if (!wanted.some(({ number }) => number === owner.number)) writer.unlink('owners', group, owner);
    }
    for (const owner of wanted) writer.link('owners', group, owner);
  });
  return [];
}

export function removeDistributionGroup(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const group = findRecipient(context, parameters.needed('Identity'), isDistributionGroup);
  written(context, (writer) => writer.purge(group));
  return [];
}

export function getDistributionGroup(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const identity = parameters.text('Identity');
  if (typeof identity === 'string') return [groupOutput(findRecipient(context, identity, isDistributionGroup))];
  return context.directory.objects
    .page({
      kinds: ['group'],
      state: 'live',
      where: { sql: `(o.properties ->> '$.mailEnabled') = 1`, parameters: [] },
      limit: 1_000,
      hidden: true,
    })
    .filter(({ object }) => isDistributionGroup(object))
    .map(({ object }) => groupOutput(object));
}

export function addMember(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const group = findRecipient(context, parameters.needed('Identity'), isDistributionGroup);
  const member = findRecipient(context, parameters.needed('Member'), anyRecipient);
  const added = written(context, (writer) => writer.link('members', group, member));
  if (!added)
    throw new CmdletRefusal('already', `The recipient "${member.id}" is already a member of the group "${group.id}".`);
  return [];
}

export function removeMember(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const group = findRecipient(context, parameters.needed('Identity'), isDistributionGroup);
  const member = findRecipient(context, parameters.needed('Member'), anyRecipient);
  const removed = written(context, (writer) => writer.unlink('members', group, member));
  if (!removed)
    throw new CmdletRefusal('notMember', `The recipient "${member.id}" isn't a member of the group "${group.id}".`);
  return [];
}

/** Replaces the whole list. */
export function updateMembers(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const group = findRecipient(context, parameters.needed('Identity'), isDistributionGroup);
  const wanted = (parameters.list('Members', []) ?? []).map((identity) =>
    findRecipient(context, identity, anyRecipient),
  );
  const keeps = new Set(wanted.map(({ number }) => number));
  written(context, (writer) => {
    let after = 0;
    for (;;) {
      const page = context.directory.links.targets('members', group.number, after, 1_000);
      for (const member of page) if (!keeps.has(member.number)) writer.unlink('members', group, member);
      const last = page.at(-1);
      if (last === undefined || page.length < 1_000) break;
      after = last.number;
    }
    for (const member of wanted) writer.link('members', group, member);
  });
  return [];
}

export function getMembers(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[] {
  const group = findRecipient(context, parameters.needed('Identity'), isDistributionGroup);
  return context.directory.links.targets('members', group.number, 0, 1_000).map((member) => ({
    ...recipientOutput(member),
    RecipientType:
      member.kind === 'contact' ? 'MailContact' : member.kind === 'group' ? 'MailUniversalDistributionGroup' : 'User',
  }));
}

function groupOutput(group: DirectoryObject): CmdletOutput {
  const isSecurity = group.properties['securityEnabled'] === true;
  const type = isSecurity ? 'MailUniversalSecurityGroup' : 'MailUniversalDistributionGroup';
  return {
    ...recipientOutput(group),
    Description: text(group.properties['description']) ?? null,
    GroupType: isSecurity ? 'Universal, SecurityEnabled' : 'Universal',
    RecipientType: type,
    RecipientTypeDetails: type,
  };
}
