import { randomUUID } from 'node:crypto';
import { isoTime } from '../../clock.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import { contextUrl, ok } from '../answer.ts';
import type { GraphContext } from '../context.ts';
import { permissions } from '../permissions.ts';
import { topOf } from '../query/options.ts';
import { refuse } from '../refusals.ts';
import type { Route } from '../route.ts';

export interface ProvisioningOutcome {
  readonly job: string;
  readonly principal: DirectoryObject;
  readonly action: 'create' | 'update' | 'other';
  /** Who it was about, as the source calls it. */
  readonly source: string;
  readonly target: DirectoryObject | undefined;
  readonly error?: { readonly code: string; readonly reason: string } | undefined;
}

export function logProvisioning(context: GraphContext, outcome: ProvisioningOutcome): void {
  const now = context.clock.now();
  const id = randomUUID();
  const status = outcome.error === undefined ? 'success' : 'failure';
  const entry = {
    id,
    activityDateTime: isoTime(now),
    tenantId: context.tenantId,
    jobId: outcome.job,
    cycleId: randomUUID(),
    changeId: randomUUID(),
    provisioningAction: outcome.action,
    durationInMilliseconds: 1,
    provisioningStatusInfo: {
      status,
      errorInformation:
        outcome.error === undefined
          ? null
          : {
              errorCode: outcome.error.code,
              errorCategory: 'failure',
              reason: outcome.error.reason,
              recommendedAction: null,
              additionalDetails: null,
            },
    },
    servicePrincipal: { id: outcome.principal.id, displayName: String(outcome.principal.properties['displayName']) },
    sourceIdentity: { id: outcome.source, displayName: outcome.source, identityType: 'user' },
    targetIdentity:
      outcome.target === undefined
        ? null
        : {
            id: outcome.target.id,
            displayName: String(outcome.target.properties['displayName']),
            identityType: 'user',
          },
    modifiedProperties: [],
    provisioningSteps: [
      {
        name: 'EntryExport',
        provisioningStepType: 'export',
        status,
        description: outcome.error?.reason ?? 'Done',
        details: {},
      },
    ],
  };
  context.directory.database
    .prepare('INSERT INTO provisioning_entry VALUES (?, ?, ?, ?)')
    .run(id, now, outcome.job, JSON.stringify(entry));
}

interface EntryRow {
  readonly entry: string;
}

export const provisioningLogRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/auditLogs/provisioning',
    permissions: permissions.logRead,
    handle: (request, _parameters, context) => {
      const [, job] = /^\s*jobId\s+eq\s+'([^']+)'\s*$/.exec(request.options.get('filter') ?? '') ?? [];
      if (request.options.has('filter') && job === undefined) throw refuse.invalidFilter();
      const rows = context.directory.database
        .prepare<[string | null, string | null, number], EntryRow>(
          'SELECT entry FROM provisioning_entry WHERE (? IS NULL OR job = ?) ORDER BY at DESC, id LIMIT ?',
        )
        .all(job ?? null, job ?? null, topOf(request.options));
      return ok({
        '@odata.context': contextUrl(request.root, 'auditLogs/provisioning'),
        value: rows.map(({ entry }) => JSON.parse(entry)),
      });
    },
  },
];
