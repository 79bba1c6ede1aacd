import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, idOf, nextId, openSyncWorld, outcome, readAll, ref, type SyncWorld, signal } from './world.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await openSyncWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe('objects', () => {
  it('signs in and learns who the tenant is', async () => {
    const facts = await world.target.check(signal);
    expect(facts).toEqual({
      tenantId: world.sandbox.tenantId,
      displayName: 'CloudSync sandbox',
      verifiedDomains: [],
      deleteThreshold: 500,
    });
  });

  it('makes a user that Graph shows as synced', async () => {
    const [result] = await apply(world.target, {
      operationId: nextId(),
      type: 'create',
      object: ref('user', 'ada'),
      attributes: {
        userPrincipalName: 'ada@corp.contoso.test',
        displayName: 'True',
        givenName: ' 007 ',
        surname: '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}',
        title: 'AAEC',
        accountEnabled: true,
        countryCode: 276,
        proxyAddresses: ['SMTP:ada@corp.contoso.test', 'smtp:a@corp.contoso.test'],
        extensionAttribute7: 'seven',
        telephoneNumber: '+49 30 1',
      },
    });
    expect(outcome(result)).toBe('done');
    const user = await world.get(
      `/v1.0/users/${idOf(result)}?$select=displayName,givenName,surname,jobTitle,mail,proxyAddresses,onPremisesSyncEnabled,onPremisesImmutableId,businessPhones,onPremisesExtensionAttributes`,
    );
    expect(user).toMatchObject({
      displayName: 'True',
      givenName: ' 007 ',
      surname: '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}',
      jobTitle: 'AAEC',
      mail: 'ada@corp.contoso.test',
      onPremisesSyncEnabled: true,
      businessPhones: ['+49 30 1'],
    });
    const { objects } = await readAll(world.target);
    expect(objects.find(({ id }) => id === idOf(result))?.attributes).toEqual({
      userPrincipalName: 'ada@corp.contoso.test',
      displayName: 'True',
      givenName: ' 007 ',
      surname: '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}',
      title: 'AAEC',
      accountEnabled: true,
      countryCode: 276,
      proxyAddresses: ['SMTP:ada@corp.contoso.test', 'smtp:a@corp.contoso.test'],
      extensionAttribute7: 'seven',
      telephoneNumber: '+49 30 1',
    });
  });
});
