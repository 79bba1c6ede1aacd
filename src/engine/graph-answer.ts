import type { OnDemandResult, OnDemandStep } from './shapes.ts';

/** What Microsoft Graph calls the steps of `synchronizationJob: provisionOnDemand`. */
const steps: Readonly<Record<OnDemandStep['name'], { readonly name: string; readonly type: string }>> = {
  import: { name: 'EntryImport', type: 'import' },
  scope: { name: 'EntrySynchronizationScoping', type: 'scoping' },
  match: { name: 'EntrySynchronizationMatching', type: 'matching' },
  map: { name: 'EntrySynchronizationProcessing', type: 'processing' },
  perform: { name: 'EntryExport', type: 'export' },
};

const actions: Readonly<Record<string, string>> = {
  create: 'Create',
  update: 'Update',
  adopt: 'Update',
  delete: 'Delete',
  disable: 'Disable',
};

/** The answer as Graph gives it (`stringKeyStringValuePair`): what reads Graph's can read ours. */
export function asGraphAnswer(result: OnDemandResult): { readonly key: string; readonly value: string } {
  const failed = result.steps.find(({ status }) => status === 'failure');
  const skipped = result.steps.some(({ status }) => status === 'skipped');
  const status = failed !== undefined ? 'Failure' : skipped ? 'Skipped' : 'Success';
  const [operation] = result.operations;
  const { object } = result;
  const identity = (id: string | null, type: string) => ({
    id,
    displayName: object?.displayName ?? null,
    identityType: object?.kind ?? type,
    details: { userPrincipalName: object?.userPrincipalName ?? null },
  });
  const value = {
    action: operation === undefined ? 'Other' : (actions[operation.type] ?? 'Other'),
    modifiedProperties: result.operations.flatMap(({ changes }) =>
      changes.map(({ attribute, before, after }) => ({
        displayName: attribute,
        oldValue: before === null ? null : String(before),
        newValue: after === null ? null : String(after),
      })),
    ),
    provisioningSteps: result.steps.map(({ name, status: ended, description, details }) => ({
      ...steps[name],
      status: ended === 'failure' ? 'Failure' : ended === 'skipped' ? 'Skipped' : 'Success',
      description,
      details,
    })),
    sourceIdentity: identity(object?.sources[0]?.dn ?? null, 'user'),
    targetIdentity: identity(object?.tenantId ?? null, 'user'),
    sourceSystem: { displayName: object?.sources[0]?.connector ?? 'Active Directory' },
    targetSystem: { displayName: 'Microsoft Entra ID' },
    statusInfo: {
      status,
      errorCode: result.operations.find(({ error }) => error !== null)?.error?.code ?? null,
      reason: failed?.description ?? null,
    },
  };
  return { key: JSON.stringify({ result: status, details: failed?.description ?? '' }), value: JSON.stringify(value) };
}
