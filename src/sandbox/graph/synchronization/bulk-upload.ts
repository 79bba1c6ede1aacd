import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type DirectoryObject, DirectoryRefusal, type PropertyValue } from '../../directory/index.ts';
import type { GraphAnswer } from '../answer.ts';
import type { GraphContext } from '../context.ts';
import { permissions } from '../permissions.ts';
import { refuse } from '../refusals.ts';
import { type GraphRequest, isJsonObject } from '../request.ts';
import type { Route, RouteParameters } from '../route.ts';
import { base, jobOf, principalOf } from './jobs.ts';
import { logProvisioning } from './provisioning-log.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const operationsPerRequest = 50;

const bulk = z.object({
  schemas: z.array(z.string()),
  Operations: z
    .array(
      z.object({
        method: z.literal('POST'),
        bulkId: z.string(),
        path: z.literal('/Users'),
        data: z.looseObject({
          externalId: z.string().min(1),
          userName: z.string().optional(),
          displayName: z.string().optional(),
          title: z.string().optional(),
          active: z.boolean().default(true),
          name: z.object({ givenName: z.string().optional(), familyName: z.string().optional() }).optional(),
          [enterprise]: z.object({ department: z.string().optional() }).optional(),
        }),
      }),
    )
    .min(1)
    .max(operationsPerRequest),
});

type Data = z.output<typeof bulk>['Operations'][number]['data'];

/** API-driven inbound provisioning: taken in at once, told of in the provisioning log alone. */
export const bulkUploadRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${base}/jobs/{key}/bulkUpload`,
    permissions: permissions.bulkUpload,
    handle: upload,
  },
];

function upload(request: GraphRequest, parameters: RouteParameters, context: GraphContext): GraphAnswer {
  const principal = principalOf(parameters, context);
  const job = jobOf(parameters, context, principal);
  if (!/^application\/scim\+json\b/i.test(request.headers['content-type'] ?? '')) throw refuse.notJson();
  const parsed = bulk.safeParse(isJsonObject(request.body) ? request.body : {});
  if (!parsed.success) throw refuse.badQuery(z.prettifyError(parsed.error));
  for (const { data } of parsed.data.Operations) provision(context, job.id, principal, data);
  const filter = encodeURIComponent(`jobId eq '${job.id}'`);
  return { status: 202, headers: { location: `${request.root}/auditLogs/provisioning?$filter=${filter}` } };
}

function provision(context: GraphContext, job: string, principal: DirectoryObject, data: Data): void {
  const known = context.directory.objects
    .byKey('employeeId', data.externalId)
    .find(({ kind, state }) => kind === 'user' && state === 'live');
  const outcome = {
    job,
    principal,
    source: data.externalId,
    action: known === undefined ? 'create' : 'update',
  } as const;
  const domain = data.userName?.split('@')[1] ?? '';
  if (data.userName !== undefined && !context.directory.domains.isVerified(domain)) {
    const error = { code: 'InvalidDomain', reason: `The domain of ${data.userName} is not verified.` };
    logProvisioning(context, { ...outcome, target: known, error });
    return;
  }
  if (known === undefined && data.userName === undefined) {
    const error = { code: 'MissingRequiredProperty', reason: 'A new user needs userName.' };
    logProvisioning(context, { ...outcome, target: undefined, error });
    return;
  }
  try {
    const target = context.directory.transact((writer) => {
      if (known === undefined) {
        const mailNickname = data.userName?.split('@')[0] ?? randomBytes(4).toString('hex');
        return writer.create('user', { userType: 'Member', mailNickname, ...propertiesOf(data) });
      }
      writer.update(known, propertiesOf(data));
      return known;
    });
    logProvisioning(context, { ...outcome, target });
  } catch (error) {
    if (!(error instanceof DirectoryRefusal)) throw error;
    logProvisioning(context, {
      ...outcome,
      target: known,
      error: { code: 'DuplicateTargetEntries', reason: error.message },
    });
  }
}

function propertiesOf(data: Data): Record<string, PropertyValue> {
  const properties: Record<string, PropertyValue | undefined> = {
    employeeId: data.externalId,
    userPrincipalName: data.userName,
    displayName: data.displayName ?? data.userName ?? data.externalId,
    accountEnabled: data.active,
    jobTitle: data.title,
    givenName: data.name?.givenName,
    surname: data.name?.familyName,
    department: data[enterprise]?.department,
  };
  const present: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(properties)) if (value !== undefined) present[name] = value;
  return present;
}
