/** The schema a job begins with: one rule, the mappings that tell objects apart. */
export function templateSchema(jobId: string, templateId: string): Readonly<Record<string, unknown>> {
  const password = templateId === 'AD2AADPasswordHash';
  const [source, target] = templateId.startsWith('AAD2AD')
    ? ['Azure Active Directory', 'Active Directory']
    : [templateId === 'API2AAD' ? 'API' : 'Active Directory', 'Azure Active Directory'];
  return {
    id: jobId,
    version: 'Date:2026-01-01T00:00:00.0000000Z, Version:1',
    synchronizationRules: [
      {
        id: 'e5f0a1c0-0000-4000-8000-000000000001',
        name: 'USER_OUTBOUND_USER',
        editable: true,
        priority: 1,
        sourceDirectoryName: source,
        targetDirectoryName: target,
        containerFilter: null,
        groupFilter: null,
        metadata: [],
        objectMappings: password
          ? [mapping('user', 'User', [attribute('CredentialData', '[PasswordHash]', 0)])]
          : [
              mapping('user', 'User', [
                attribute('ImmutableId', '[objectGUID]', 1),
                attribute('UserPrincipalName', '[userPrincipalName]', 0),
                attribute('DisplayName', '[displayName]', 0),
              ]),
              mapping('group', 'Group', [
                attribute('OnPremisesObjectIdentifier', '[objectGUID]', 1),
                attribute('DisplayName', '[displayName]', 0),
              ]),
            ],
      },
    ],
  };
}

function mapping(sourceName: string, targetName: string, attributeMappings: readonly unknown[]): unknown {
  return {
    name: `Synchronize ${sourceName} to ${targetName}`,
    enabled: true,
    flowTypes: 'Add,Update,Delete',
    sourceObjectName: sourceName,
    targetObjectName: targetName,
    scope: null,
    metadata: [],
    attributeMappings,
  };
}

function attribute(target: string, expression: string, matchingPriority: number): unknown {
  return {
    targetAttributeName: target,
    source: { name: expression.slice(1, -1), expression, type: 'Attribute', parameters: [] },
    defaultValue: null,
    exportMissingReferences: false,
    flowBehavior: 'FlowWhenChanged',
    flowType: 'Always',
    matchingPriority,
  };
}
