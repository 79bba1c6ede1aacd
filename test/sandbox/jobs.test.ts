import { afterAll, beforeAll, expect, test } from 'vitest';
import { domain, openTenant, type TestTenant } from './tenant.ts';

let tenant: TestTenant;
let base: string;

beforeAll(async () => {
  tenant = await openTenant();
  base = `/servicePrincipals(appId='${tenant.sandbox.clientId}')/synchronization`;
});

afterAll(async () => {
  expect(tenant.watch.seen).toBeGreaterThan(0);
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

async function newJob(templateId: string): Promise<string> {
  const made = await tenant.send('POST', `${base}/jobs`, { templateId });
  expect(made).toMatchObject({ status: 201, body: { templateId, schedule: { interval: 'PT40M', state: 'Disabled' } } });
  expect(made.body.id).toMatch(new RegExp(`^${templateId}\\.[0-9a-f]{32}$`));
  return made.body.id;
}

test('a job is made from a template, started, paused, restarted and deleted', async () => {
  const templates = await tenant.send('GET', `${base}/templates`);
  expect(templates.body.value.map(({ id }: { id: string }) => id)).toContain('AD2AADProvisioning');
  expect((await tenant.send('POST', `${base}/jobs`, { templateId: 'Other' })).status).toBe(400);
  const id = await newJob('AD2AADProvisioning');
  const path = `${base}/jobs/${id}`;
  const code = async (): Promise<string> => (await tenant.send('GET', path)).body.status.code;
  expect(await code()).toBe('NotRun');
  expect((await tenant.send('POST', `${path}/start`)).status).toBe(204);
  expect(await code()).toBe('Active');
  expect((await tenant.send('POST', `${path}/pause`)).status).toBe(204);
  expect(await code()).toBe('Paused');
  expect((await tenant.send('POST', `${path}/restart`, { criteria: { resetScope: 'Full' } })).status).toBe(204);
  expect(await code()).toBe('Active');
  expect((await tenant.send('GET', `${base}/jobs`)).body.value).toMatchObject([{ id }]);
  expect((await tenant.send('DELETE', path)).status).toBe(204);
  expect((await tenant.send('GET', path)).status).toBe(404);
});

test('a quarantine for too many deletes ends only by name', async () => {
  const path = `${base}/jobs/${await newJob('AD2AADProvisioning')}`;
  await tenant.send('POST', `${path}/start`);
  tenant.sandbox.changeProfile({ jobs: { quarantine: 'TooManyDeletes' } });
  expect((await tenant.send('GET', path)).body.status).toMatchObject({
    code: 'Quarantine',
    quarantine: { reason: 'TooManyDeletes', seriesCount: 1 },
  });
  const restart = (resetScope: string) => tenant.send('POST', `${path}/restart`, { criteria: { resetScope } });
  await restart('Full');
  expect((await tenant.send('GET', path)).body.status.code).toBe('Quarantine');
  await restart('ForceDeletes');
  expect((await tenant.send('GET', path)).body.status).toMatchObject({ code: 'Active', quarantine: null });
  tenant.sandbox.changeProfile({ jobs: { quarantine: null } });
  await tenant.send('DELETE', path);
});

test('its schema is read, replaced and put back', async () => {
  const path = `${base}/jobs/${await newJob('AD2AADPasswordHash')}`;
  const { body } = await tenant.send('GET', `${path}/schema`);
  const [mapping] = body.synchronizationRules[0].objectMappings;
  expect(mapping.attributeMappings).toMatchObject([
    { targetAttributeName: 'CredentialData', source: { expression: '[PasswordHash]' } },
  ]);
  const { '@odata.context': _, ...schema } = body;
  const changed = { ...schema, synchronizationRules: [{ ...schema.synchronizationRules[0], name: 'MINE' }] };
  expect((await tenant.send('PUT', `${path}/schema`, changed)).status).toBe(204);
  expect((await tenant.send('GET', `${path}/schema`)).body.synchronizationRules).toMatchObject([{ name: 'MINE' }]);
  expect((await tenant.send('PUT', `${path}/schema`, {})).status).toBe(400);
  expect((await tenant.send('DELETE', `${path}/schema`)).status).toBe(204);
  expect((await tenant.send('GET', `${path}/schema`)).body.synchronizationRules).toMatchObject([
    { name: 'USER_OUTBOUND_USER' },
  ]);
});

test('secrets go in as a whole and do not come out', async () => {
  const value = [
    { key: 'Domain', value: '{"domain":"corp.contoso.test"}' },
    { key: 'AppKey', value: '{"appKeyScenario":"AD2AADProvisioning"}' },
  ];
  expect((await tenant.send('PUT', `${base}/secrets`, { value })).status).toBe(204);
  const shown = await tenant.send('GET', `${base}/secrets`);
  expect(shown.body.value.map(({ key }: { key: string }) => key)).toEqual(['Domain', 'AppKey']);
  expect(shown.text).not.toContain('corp.contoso.test');
  expect((await tenant.send('PUT', `${base}/secrets`, { value: [{ key: 'Domain' }] })).status).toBe(400);
});

test('provisioning on demand says that no agent serves the directory', async () => {
  const path = `${base}/jobs/${await newJob('AD2AADProvisioning')}/provisionOnDemand`;
  const subjects = [{ objectId: 'CN=Ada,DC=corp', objectTypeName: 'user' }];
  const { status, body } = await tenant.send('POST', path, { parameters: [{ ruleId: 'x', subjects }] });
  expect(status).toBe(200);
  expect(JSON.parse(body.key)).toMatchObject({ result: 'Failure', details: { errorMessage: expect.any(String) } });
  expect(JSON.parse(body.value).provisioningSteps).toMatchObject([{ type: 'Import', status: 'Failure' }]);
  expect((await tenant.send('POST', path, {})).status).toBe(400);
});

test('a bulk upload is accepted and tells its results in the log alone', async () => {
  const id = await newJob('API2AAD');
  const path = `${base}/jobs/${id}/bulkUpload`;
  const operation = (externalId: string, data: Record<string, unknown>) => ({
    method: 'POST',
    bulkId: externalId,
    path: '/Users',
    data: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], externalId, ...data },
  });
  const upload = (...Operations: unknown[]) =>
    tenant.send(
      'POST',
      path,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations, failOnErrors: null },
      { 'content-type': 'application/scim+json' },
    );
  const { status, headers, text } = await upload(
    operation('E1', { userName: `e1@${domain}`, displayName: 'Eve', name: { givenName: 'Eve' } }),
    operation('E2', { userName: 'e2@elsewhere.test' }),
    operation('E3', { userName: `e1@${domain}` }),
  );
  expect([status, text]).toEqual([202, '']);
  const log = await tenant.send('GET', String(headers['location']));
  interface Entry {
    readonly sourceIdentity: { readonly id: string };
    readonly provisioningStatusInfo: { readonly status: string };
  }
  const results = log.body.value.map(
    (entry: Entry) => `${entry.sourceIdentity.id} ${entry.provisioningStatusInfo.status}`,
  );
  expect(results.sort()).toEqual(['E1 success', 'E2 failure', 'E3 failure']);
  await upload(operation('E1', { title: 'Boss', active: false, displayName: 'Eve' }));
  const user = await tenant.send('GET', `/users/e1@${domain}?$select=jobTitle,accountEnabled,employeeId`);
  expect(user.body).toMatchObject({ jobTitle: 'Boss', accountEnabled: false, employeeId: 'E1' });
  expect((await upload(...Array.from({ length: 51 }, (_, i) => operation(`F${i}`, {})))).status).toBe(400);
  const narrow = await tenant.as(['Synchronization.ReadWrite.All']);
  expect((await narrow('POST', path, {}, { 'content-type': 'application/scim+json' })).status).toBe(403);
});
