import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anchor, openSyncWorld, type SyncWorld } from './world.ts';

/** Another maker's client, in another language and with a codec of its own, against the sandbox as if it were the real service. */

const hostNames = ['login.microsoftonline.com', 'graph.microsoft.com', 'adminwebservice.microsoftonline.com'];
const program = join(import.meta.dirname, 'other_client.py');
const dictionary = join(import.meta.dirname, '../../src/wire/dictionary.ts');

let world: SyncWorld;
beforeAll(async () => {
  world = await openSyncWorld({ hostNames, syncApi: { pageSize: 2 } }, { activated: false });
});
afterAll(() => world[Symbol.asyncDispose]());

interface Written {
  readonly CloudAnchor: string;
  readonly ResultCode: string;
  readonly ResultErrorCode: string;
  readonly ResultErrorDescription: string;
  readonly SourceAnchor: string;
}

interface Found extends Record<'user created' | 'user refused' | 'contact' | 'group' | 'members' | 'device', Written> {
  readonly objects: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly [name: string]: unknown;
}

function runClient({ sandbox }: SyncWorld): Promise<Found> {
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  const child = execFile('python3', [program], { encoding: 'utf8' }, (error, stdout, stderr) =>
    error === null ? resolve(JSON.parse(stdout)) : reject(new Error(stderr, { cause: error })),
  );
  const { port } = new URL(sandbox.graphUrl);
  child.stdin?.end(JSON.stringify({ port: Number(port), ca: sandbox.ca, tenant: sandbox.tenantId, dictionary }));
  return promise;
}

it('signs in by device code, writes all four kinds and a password, and reads everything back', async () => {
  const found = await runClient(world);
  expect(found).toMatchObject({
    signedIn: ['access_token', 'client_info', 'id_token', 'refresh_token'],
    user: expect.stringMatching(/^admin@sandbox/),
    turnedOn: 204,
    features: [41016, 41017],
    threshold: '500',
    credentials: '0',
    userSignedIn: true,
    finalized: 200,
    fault: [500, 's:Sender', 'The operation Nonsense is not known.'],
    users: ['true'],
    groups: ['Crew'],
    deleted: 'Success',
  });
  for (const endpoint of [found['discovery'], found['tokenEndpoint']])
    expect(endpoint).toContain(world.sandbox.tenantId);
  for (const name of ['user created', 'contact', 'group', 'members', 'device'] as const)
    expect([name, found[name].ResultCode, found[name].ResultErrorDescription]).toEqual([name, 'Success', '']);
  expect(found['user created'].SourceAnchor).toBe(anchor('True'));
  expect(found['user refused']).toMatchObject({ ResultCode: 'Failure', ResultErrorCode: 'DataValidationFailed' });
  // Texts are texts, though its records say boolean, base64 and GUID; of a boolean one nothing but its value is sent.
  expect(found.objects['User true']).toMatchObject({
    CloudAnchor: found['user created'].CloudAnchor,
    AccountEnabled: 'true',
    CountryCode: '276',
    DisplayName: 'true',
    Department: 'User',
    Title: '28eb3e09-2cfc-458a-ad2c-aa275bdc791a',
    ProxyAddresses: ['SMTP:other@corp.contoso.test'],
  });
  expect(found.objects['User true']).not.toHaveProperty('GivenName');
  expect(found.objects['Group Crew']?.['Member']).toEqual([anchor('True'), anchor('contact')].toSorted());
  expect(found.objects['Device pc']).toMatchObject({ RegisteredOwnerReference: anchor('True') });
  expect(found.objects['Contact Partner']).toMatchObject({ Mail: 'p@elsewhere.test' });
});
