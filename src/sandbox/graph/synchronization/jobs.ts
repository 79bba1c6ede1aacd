import { randomBytes } from 'node:crypto';
import { isoTime } from '../../clock.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import { contextUrl, type GraphAnswer, noContent, ok } from '../answer.ts';
import type { GraphContext } from '../context.ts';
import { findObject } from '../find.ts';
import { permissions } from '../permissions.ts';
import { refuse } from '../refusals.ts';
import { bodyObject, type GraphRequest, isJsonObject, type JsonObject } from '../request.ts';
import type { Route, RouteParameters } from '../route.ts';
import { type Job, readSynchronization, templates, writeSynchronization } from './job-store.ts';
import { templateSchema } from './schema.ts';

export const base = '/servicePrincipals/{key}/synchronization';
const jobPath = `${base}/jobs/{key}`;

/** The synchronization API: what the tenant's own sync engine is configured by. Its jobs have no directory to read here. */
export const jobRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${base}/templates`,
    permissions: permissions.jobRead,
    handle: (request, parameters, context) => {
      const principal = principalOf(parameters, context);
      const value = templates.map(({ id, description }) => ({
        id,
        applicationId: String(principal.properties['appId']),
        default: id === 'AD2AADProvisioning',
        description,
        discoverable: true,
        factoryTag: id,
        metadata: [],
      }));
      return ok({ '@odata.context': contextUrl(request.root, setOf(principal, 'templates')), value });
    },
  },
  {
    method: 'GET',
    path: `${base}/jobs`,
    permissions: permissions.jobRead,
    handle: (request, parameters, context) => {
      const principal = principalOf(parameters, context);
      const { jobs } = readSynchronization(context, principal.id);
      return ok({
        '@odata.context': contextUrl(request.root, setOf(principal, 'jobs')),
        value: jobs.map((job) => shown(context, job)),
      });
    },
  },
  { method: 'POST', path: `${base}/jobs`, permissions: permissions.jobWrite, handle: createJob },
  {
    method: 'GET',
    path: jobPath,
    permissions: permissions.jobRead,
    handle: (request, parameters, context) => {
      const principal = principalOf(parameters, context);
      return single(request, context, principal, jobOf(parameters, context, principal), 200);
    },
  },
  {
    method: 'DELETE',
    path: jobPath,
    permissions: permissions.jobWrite,
    handle: (_request, parameters, context) => change(parameters, context, () => undefined),
  },
  action('start', (job) => ({ ...job, state: 'Active' })),
  action('pause', (job) => ({ ...job, state: 'Paused' })),
  {
    method: 'POST',
    path: `${jobPath}/restart`,
    permissions: permissions.jobWrite,
    handle: (request, parameters, context) => {
      const criteria = isJsonObject(request.body) ? request.body['criteria'] : undefined;
      const scopes = isJsonObject(criteria) ? String(criteria['resetScope'] ?? '') : '';
      return change(parameters, context, (job) => ({
        ...job,
        state: 'Active',
        released: job.released || releases(context, scopes),
      }));
    },
  },
  action('validateCredentials', (job) => job),
  {
    method: 'POST',
    path: `${jobPath}/provisionOnDemand`,
    permissions: permissions.jobWrite,
    handle: provisionOnDemand,
  },
  {
    method: 'GET',
    path: `${jobPath}/schema`,
    permissions: permissions.jobRead,
    handle: (request, parameters, context) => {
      const principal = principalOf(parameters, context);
      const job = jobOf(parameters, context, principal);
      const set = setOf(principal, `jobs('${job.id}')/schema`);
      return ok({
        '@odata.context': contextUrl(request.root, set, undefined, true),
        ...(job.schema ?? templateSchema(job.id, job.templateId)),
      });
    },
  },
  {
    method: 'PUT',
    path: `${jobPath}/schema`,
    permissions: permissions.jobWrite,
    handle: (request, parameters, context) => {
      const { '@odata.context': _, ...schema } = bodyObject(request);
      if (!Array.isArray(schema['synchronizationRules'])) {
        throw refuse.missingProperty('synchronizationRules', 'SynchronizationSchema');
      }
      return change(parameters, context, (job) => ({ ...job, schema: { ...schema, id: job.id } }));
    },
  },
  {
    method: 'DELETE',
    path: `${jobPath}/schema`,
    permissions: permissions.jobWrite,
    handle: (_request, parameters, context) => change(parameters, context, (job) => ({ ...job, schema: undefined })),
  },
  {
    method: 'GET',
    path: `${base}/secrets`,
    permissions: permissions.jobRead,
    handle: (request, parameters, context) => {
      const principal = principalOf(parameters, context);
      const { secrets } = readSynchronization(context, principal.id);
      // Secrets go in and do not come out.
      const value = secrets.map(({ key }) => ({ key, value: '*' }));
      return ok({ '@odata.context': contextUrl(request.root, setOf(principal, 'secrets')), value });
    },
  },
  {
    method: 'PUT',
    path: `${base}/secrets`,
    permissions: permissions.jobWrite,
    handle: putSecrets,
  },
];

function action(name: string, changed: (job: Job) => Job): Route {
  return {
    method: 'POST',
    path: `${jobPath}/${name}`,
    permissions: permissions.jobWrite,
    handle: (_request, parameters, context) => change(parameters, context, changed),
  };
}

function setOf(principal: DirectoryObject, rest: string): string {
  return `servicePrincipals('${principal.id}')/synchronization/${rest}`;
}

export function principalOf({ keys: [key = ''] }: RouteParameters, context: GraphContext): DirectoryObject {
  return findObject(context, ['servicePrincipal'], key);
}

export function jobOf({ keys: [, key = ''] }: RouteParameters, context: GraphContext, { id }: DirectoryObject): Job {
  const job = readSynchronization(context, id).jobs.find((one) => one.id === key);
  if (job === undefined) throw refuse.notFound(String(key));
  return job;
}

function change(
  parameters: RouteParameters,
  context: GraphContext,
  changed: (job: Job) => Job | undefined,
): GraphAnswer {
  const principal = principalOf(parameters, context);
  const job = jobOf(parameters, context, principal);
  const before = readSynchronization(context, principal.id);
  const jobs = before.jobs.map((one) => (one.id === job.id ? changed(one) : one)).filter((one) => one !== undefined);
  writeSynchronization(context, principal.id, { ...before, jobs });
  return noContent;
}

function createJob(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const principal = principalOf(parameters, context);
  const { templateId } = bodyObject(request);
  const template = templates.find(({ id }) => id === templateId);
  if (template === undefined) throw refuse.invalidValue('templateId', 'SynchronizationJob');
  const job: Job = {
    id: `${template.id}.${randomBytes(16).toString('hex')}`,
    templateId: template.id,
    state: 'Disabled',
    released: false,
  };
  const before = readSynchronization(context, principal.id);
  writeSynchronization(context, principal.id, { ...before, jobs: [...before.jobs, job] });
  return single(request, context, principal, job, 201);
}

function single(
  request: GraphRequest,
  context: GraphContext,
  principal: DirectoryObject,
  job: Job,
  status: 200 | 201,
): GraphAnswer {
  const body = {
    '@odata.context': contextUrl(request.root, setOf(principal, 'jobs'), undefined, true),
    ...shown(context, job),
  };
  return { status, body };
}

const noTime = '0001-01-01T00:00:00Z';

/** Too many deletes are let through by name alone; any other quarantine ends with its own scope or a full restart. */
function releases(context: GraphContext, scopes: string): boolean {
  const wanted =
    context.profile().jobs.quarantine === 'TooManyDeletes' ? ['ForceDeletes'] : ['QuarantineState', 'Full'];
  return scopes.split(',').some((scope) => wanted.includes(scope.trim()));
}

function shown(context: GraphContext, job: Job): JsonObject {
  const reason = job.released || job.state !== 'Active' ? null : context.profile().jobs.quarantine;
  const now = context.clock.iso();
  const code = reason !== null ? 'Quarantine' : { Active: 'Active', Paused: 'Paused', Disabled: 'NotRun' }[job.state];
  return {
    id: job.id,
    templateId: job.templateId,
    schedule: { expiration: null, interval: 'PT40M', state: job.state },
    status: {
      code,
      countSuccessiveCompleteFailures: 0,
      escrowsPruned: false,
      lastExecution: null,
      lastSuccessfulExecution: null,
      lastSuccessfulExecutionWithExports: null,
      progress: [],
      quarantine:
        reason === null
          ? null
          : {
              currentBegan: now,
              error: { code: reason, message: `The job was quarantined: ${reason}.`, tenantActionable: true },
              nextAttempt: isoTime(context.clock.now() + 86_400_000),
              reason,
              seriesBegan: now,
              seriesCount: 1,
            },
      steadyStateFirstAchievedTime: noTime,
      steadyStateLastAchievedTime: noTime,
      synchronizedEntryCountByType: [],
      troubleshootingUrl: null,
    },
    synchronizationJobSettings: [],
  };
}

/** No agent serves a directory here, and the answer says so in the form of the real one: JSON in strings. */
function provisionOnDemand(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const job = jobOf(parameters, context, principalOf(parameters, context));
  const { parameters: asked } = bodyObject(request);
  const [first] = Array.isArray(asked) ? asked : [];
  if (!isJsonObject(first) || typeof first['ruleId'] !== 'string' || !Array.isArray(first['subjects'])) {
    throw refuse.missingProperty('parameters', 'SynchronizationJob');
  }
  const details = {
    errorCode: 'HybridIdentityServiceNoActiveAgents',
    errorMessage: 'No active agent serves the directory of this job.',
  };
  return ok({
    '@odata.context': `${request.root}/$metadata#microsoft.graph.stringKeyStringValuePair`,
    key: JSON.stringify({ result: 'Failure', details }),
    value: JSON.stringify({
      provisioningSteps: [
        {
          name: 'EntryImport',
          type: 'Import',
          status: 'Failure',
          description: details.errorMessage,
          timestamp: context.clock.iso(),
          details: {},
        },
      ],
      modifiedProperties: null,
      statusInfo: { errorCode: details.errorCode, status: 'failure' },
      jobId: job.id,
    }),
  });
}

function putSecrets(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const principal = principalOf(parameters, context);
  const { value } = bodyObject(request);
  if (!Array.isArray(value)) throw refuse.missingProperty('value', 'Synchronization');
  const secrets = value.map((item: unknown) => {
    const { key, value: secret } = isJsonObject(item) ? item : {};
    if (typeof key !== 'string' || typeof secret !== 'string') throw refuse.invalidValue('secrets', 'Synchronization');
    return { key, value: secret };
  });
  writeSynchronization(context, principal.id, { ...readSynchronization(context, principal.id), secrets });
  return noContent;
}
