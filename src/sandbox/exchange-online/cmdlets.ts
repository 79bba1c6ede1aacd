import {
  getMailContact,
  newMailContact,
  newMailContactParameters,
  removeMailContact,
  setContact,
  setContactParameters,
  setMailContact,
  setMailContactParameters,
} from './contacts.ts';
import type { CmdletOutput, ExchangeContext } from './context.ts';
import {
  addMember,
  getDistributionGroup,
  getMembers,
  memberParameters,
  membersParameters,
  newDistributionGroup,
  newGroupParameters,
  removeDistributionGroup,
  removeMember,
  setDistributionGroup,
  setGroupParameters,
  updateMembers,
} from './distribution-groups.ts';
import type { Parameters } from './parameters.ts';

export interface Cmdlet {
  readonly parameters: readonly string[];
  run(context: ExchangeContext, parameters: Parameters): readonly CmdletOutput[];
}

const identity = ['Identity', 'ResultSize'];
const removal = ['Identity', 'Confirm', 'BypassSecurityGroupManagerCheck'];

/** The cmdlets a sync of recipients needs, by lower-case name. */
export const cmdlets: ReadonlyMap<string, Cmdlet> = new Map(
  Object.entries<Cmdlet>({
    'Get-MailContact': { parameters: identity, run: getMailContact },
    'New-MailContact': { parameters: newMailContactParameters, run: newMailContact },
    'Set-MailContact': { parameters: setMailContactParameters, run: setMailContact },
    'Set-Contact': { parameters: setContactParameters, run: setContact },
    'Remove-MailContact': { parameters: removal, run: removeMailContact },
    'Get-DistributionGroup': { parameters: identity, run: getDistributionGroup },
    'New-DistributionGroup': { parameters: newGroupParameters, run: newDistributionGroup },
    'Set-DistributionGroup': { parameters: setGroupParameters, run: setDistributionGroup },
    'Remove-DistributionGroup': { parameters: removal, run: removeDistributionGroup },
    'Get-DistributionGroupMember': { parameters: identity, run: getMembers },
    'Add-DistributionGroupMember': { parameters: memberParameters, run: addMember },
    'Remove-DistributionGroupMember': { parameters: memberParameters, run: removeMember },
    'Update-DistributionGroupMember': { parameters: membersParameters, run: updateMembers },
  }).map(([name, cmdlet]) => [name.toLowerCase(), cmdlet]),
);
