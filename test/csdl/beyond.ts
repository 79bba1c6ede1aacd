import type { Facts } from './facts.ts';

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
  },
  structures: {},
  enumerations: {},
  operations: {},
  sets: { directoryRoles: 'directoryRole' },
  singletons: {},
};

/** Properties that only beta has. */
export const betaProperties: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user: { onPremisesObjectIdentifier: 'String' },
  organization: {},
};
