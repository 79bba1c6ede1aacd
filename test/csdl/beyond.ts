import type { Facts } from './facts.ts';

const eligibility = {
  appScopeId: 'String',
  directoryScopeId: 'String',
  principalId: 'String',
  roleDefinitionId: 'String',
} as const;

/** Types a sync meets that the subset of the schema leaves out; from the documentation of v1.0. */
export const beyond: Facts = {
  entities: {
    directoryRole: {
      base: 'directoryObject',
      open: true,
      properties: { description: 'String', displayName: 'String', roleTemplateId: 'String' },
      navigation: { members: '[directoryObject]' },
      keys: ['roleTemplateId'],
    },
    roleManagement: { navigation: { directory: 'rbacApplication' } },
    rbacApplication: {
      base: 'entity',
      navigation: {
        roleEligibilityScheduleInstances: '[unifiedRoleEligibilityScheduleInstance]',
        roleEligibilityScheduleRequests: '[unifiedRoleEligibilityScheduleRequest]',
      },
    },
    unifiedRoleEligibilityScheduleInstance: {
      base: 'entity',
      properties: {
        ...eligibility,
        endDateTime: 'DateTimeOffset',
        memberType: 'String',
        roleEligibilityScheduleId: 'String',
        startDateTime: 'DateTimeOffset',
      },
      navigation: { principal: 'directoryObject' },
    },
    unifiedRoleEligibilityScheduleRequest: {
      base: 'entity',
      properties: { ...eligibility, action: 'String', justification: 'String', status: 'String' },
      navigation: { principal: 'directoryObject' },
    },
  },
  structures: {},
  enumerations: {},
  operations: {},
  sets: { directoryRoles: 'directoryRole' },
  singletons: { roleManagement: 'roleManagement' },
};

/** Properties that only beta has. */
export const betaProperties: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user: { onPremisesObjectIdentifier: 'String' },
  organization: {},
};
