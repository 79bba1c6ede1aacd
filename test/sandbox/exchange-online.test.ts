import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, domain, openTenant, type TestTenant } from './tenant.ts';

let tenant: TestTenant;
let token: string;

beforeAll(async () => {
  tenant = await openTenant();
  token = await exchangeToken(tenant.sandbox);
  const principal = await tenant.send('GET', `/servicePrincipals(appId='${tenant.sandbox.clientId}')?$select=id`);
  // Before it holds a directory role, the application may run nothing.
  expect(await run('Get-MailContact')).toMatchObject({ status: 403, text: '' });
  tenant.sandbox.grantDirectoryRole('Exchange Recipient Administrator', principal.body.id);
});

afterAll(async () => {
  expect(tenant.watch.violations).toEqual([]);
  await tenant[Symbol.asyncDispose]();
});

interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

async function exchangeToken({ clientId, clientSecret }: Application): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://outlook.office365.com/.default',
  });
  const answer = await tenant.raw('POST', `/${tenant.sandbox.tenantId}/oauth2/v2.0/token`, form.toString());
  return answer.body.access_token;
}

function run(
  CmdletName: string,
  Parameters: Record<string, unknown> = {},
  { path, headers, bearer = token }: { path?: string; headers?: Record<string, string>; bearer?: string } = {},
): Promise<Answer> {
  return tenant.raw(
    'POST',
    path ?? `/adminapi/beta/${tenant.sandbox.tenantId}/InvokeCommand`,
    JSON.stringify({ CmdletInput: { CmdletName, Parameters } }),
    { authorization: `Bearer ${bearer}`, 'content-type': 'application/json;odata.metadata=minimal', ...headers },
  );
}

function reason(answer: Answer): string {
  expect(answer.body.error.message).toBe('Error executing cmdlet');
  return answer.body.error.details[0].message;
}

describe('mail contacts', () => {
  test('are made, changed, read through Graph and removed', async () => {
    const made = await run('New-MailContact', {
      Name: 'Partner One',
      ExternalEmailAddress: 'SMTP:one@partner.test',
      FirstName: 'Paula',
      LastName: 'Partner',
    });
    expect(made).toMatchObject({
      status: 200,
      body: {
        '@adminapi.warnings': [],
        value: [
          { Name: 'Partner One', Alias: 'one', PrimarySmtpAddress: 'one@partner.test', RecipientType: 'MailContact' },
        ],
      },
    });
    const id = made.body.value[0].ExternalDirectoryObjectId;
    const add = { '@odata.type': '#Exchange.GenericHashTable', add: ['smtp:uno@partner.test'] };
    const set = {
      Identity: 'Partner One',
      EmailAddresses: add,
      CustomAttribute1: 'anchor==',
      HiddenFromAddressListsEnabled: true,
    };
    expect((await run('Set-MailContact', set)).status).toBe(200);
    const manager = await tenant.user();
    const personal = {
      Identity: id,
      Title: 'Buyer',
      Company: 'Partner Ltd',
      Phone: '+49 1',
      City: 'Kiel',
      Manager: manager,
    };
    expect((await run('Set-Contact', personal)).status).toBe(200);
    expect((await tenant.send('GET', `/contacts/${id}`)).body).toMatchObject({
      displayName: 'Partner One',
      givenName: 'Paula',
      jobTitle: 'Buyer',
      companyName: 'Partner Ltd',
      mail: 'one@partner.test',
      mailNickname: 'one',
      proxyAddresses: ['SMTP:one@partner.test', 'smtp:uno@partner.test'],
      phones: [{ type: 'business', number: '+49 1' }],
      addresses: [{ city: 'Kiel' }],
      onPremisesSyncEnabled: null,
    });
    expect((await tenant.send('GET', `/contacts/${id}/manager`)).body.id).toBe(manager);
    const read = await run('Get-MailContact', { Identity: 'uno@partner.test' });
    expect(read.body.value).toMatchObject([{ CustomAttribute1: 'anchor==', HiddenFromAddressListsEnabled: true }]);
    await run('Set-MailContact', { Identity: id, ExternalEmailAddress: 'eins@partner.test', CustomAttribute1: null });
    const changed = (await run('Get-MailContact', { Identity: id })).body.value[0];
    expect(changed).toMatchObject({
      PrimarySmtpAddress: 'eins@partner.test',
      ExternalEmailAddress: 'SMTP:eins@partner.test',
    });
    expect(changed).not.toHaveProperty('CustomAttribute1');
    expect((await run('Remove-MailContact', { Identity: id, Confirm: false })).status).toBe(200);
    expect((await tenant.send('GET', `/contacts/${id}`)).status).toBe(404);
    expect(reason(await run('Get-MailContact', { Identity: id }))).toContain('ManagementObjectNotFoundException');
  });

  test('keep their names, aliases and addresses to themselves', async () => {
    const make = (Name: string, ExternalEmailAddress: string, Alias?: string) =>
      run('New-MailContact', { Name, ExternalEmailAddress, ...(Alias === undefined ? {} : { Alias }) });
    expect((await make('Twin', 'twin@partner.test')).status).toBe(200);
    expect(reason(await make('twin', 'other@partner.test'))).toContain('The name "twin" is already being used.');
    expect(reason(await make('Twin 2', 'other@partner.test', 'TWIN'))).toContain('alias');
    expect(reason(await make('Twin 3', 'Twin@partner.test', 'twin3'))).toMatch(
      /^Ex[0-9A-F]{6}\|.*The proxy address .* is already being used by "Twin"/,
    );
    expect(reason(await make('Bad', 'no address'))).toContain('valid SMTP address');
    expect(reason(await run('New-MailContact', { Name: 'x' }))).toContain('ExternalEmailAddress');
    expect(reason(await run('New-MailContact', { Name: 'x', Shoe: 1 }))).toContain("parameter name 'Shoe'");
  });
});

describe('distribution groups', () => {
  test('are made with members, changed, and refused to Graph', async () => {
    const [user, other] = [await tenant.user({ mail: `m@${domain}` }), await tenant.user()];
    const made = await run('New-DistributionGroup', {
      Name: 'Sales List',
      Type: 'Security',
      Members: [user],
      ManagedBy: [other],
    });
    const [group] = made.body.value;
    expect(group).toMatchObject({ Alias: 'SalesList', RecipientType: 'MailUniversalSecurityGroup' });
    const shown = await tenant.send('GET', `/groups/${group.Guid}`);
    expect(shown.body).toMatchObject({ displayName: 'Sales List', mailEnabled: true, securityEnabled: true });
    const bind = { 'members@odata.bind': [`${tenant.root}/directoryObjects/${other}`] };
    expect((await tenant.send('PATCH', `/groups/${group.Guid}`, bind)).body.error.message).toBe(
      'Cannot Update a mail-enabled security groups and or distribution list.',
    );
    const member = { Identity: 'Sales List', Member: other, BypassSecurityGroupManagerCheck: true };
    expect((await run('Add-DistributionGroupMember', member)).status).toBe(200);
    expect(reason(await run('Add-DistributionGroupMember', member))).toContain('already a member');
    expect((await run('Get-DistributionGroupMember', { Identity: group.Guid })).body.value).toHaveLength(2);
    await run('Remove-DistributionGroupMember', { ...member, Member: `m@${domain}`, Confirm: false });
    expect((await tenant.send('GET', `/groups/${group.Guid}/members`)).body.value).toMatchObject([{ id: other }]);
    expect(reason(await run('Remove-DistributionGroupMember', { ...member, Member: user }))).toContain(
      "isn't a member",
    );
    await run('Update-DistributionGroupMember', { Identity: group.Guid, Members: [user] });
    expect((await tenant.send('GET', `/groups/${group.Guid}/members`)).body.value).toMatchObject([{ id: user }]);
    const set = {
      Identity: group.Guid,
      PrimarySmtpAddress: `sales@${domain}`,
      Description: 'All of sales',
      ManagedBy: [user],
    };
    expect((await run('Set-DistributionGroup', set)).status).toBe(200);
    expect((await tenant.send('GET', `/groups/${group.Guid}?$select=mail,description`)).body).toMatchObject({
      mail: `sales@${domain}`,
      description: 'All of sales',
    });
    const foreign = await run('Set-DistributionGroup', {
      Identity: group.Guid,
      PrimarySmtpAddress: 'x@elsewhere.test',
    });
    expect(reason(foreign)).toContain('accepted domain');
    expect((await run('Remove-DistributionGroup', { Identity: group.Guid, Confirm: false })).status).toBe(200);
    expect((await tenant.send('GET', `/groups/${group.Guid}`)).status).toBe(404);
  });
});

describe('the gateway', () => {
  test('pages by repeating the POST', async () => {
    for (const name of ['A', 'B', 'C']) {
      await run('New-MailContact', { Name: `Page ${name}`, ExternalEmailAddress: `page${name}@partner.test` });
    }
    const prefer = { prefer: 'odata.maxpagesize=2' };
    const seen: string[] = [];
    let path: string | undefined;
    do {
      const { body }: Answer = await run(
        'Get-MailContact',
        {},
        { headers: prefer, ...(path === undefined ? {} : { path }) },
      );
      seen.push(...body.value.map(({ Name }: { Name: string }) => Name));
      path = body['@odata.nextLink'];
    } while (path !== undefined);
    expect(seen).toEqual(expect.arrayContaining(['Page A', 'Page B', 'Page C']));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('says nothing of what is unknown or forbidden, and takes no foreign token', async () => {
    expect(await run('Get-Mailbox')).toMatchObject({ status: 403, text: '' });
    const narrow = tenant.sandbox.addApplication('reader', ['User.Read.All']);
    expect((await run('Get-MailContact', {}, { bearer: await exchangeToken(narrow) })).status).toBe(403);
    const graph = await tenant.token(tenant.sandbox.clientId, tenant.sandbox.clientSecret);
    expect((await run('Get-MailContact', {}, { bearer: graph })).status).toBe(401);
    expect((await tenant.raw('POST', `/adminapi/beta/${tenant.sandbox.tenantId}/InvokeCommand`, '{')).status).toBe(401);
  });

  test('shows in Graph what it made after its delay', async () => {
    tenant.sandbox.changeProfile({ exchange: { delaySeconds: 60 } });
    const made = await run('New-MailContact', { Name: 'Late', ExternalEmailAddress: 'late@partner.test' });
    const path = `/contacts/${made.body.value[0].Guid}`;
    expect((await tenant.send('GET', path)).status).toBe(404);
    tenant.sandbox.clock.advance(60_000);
    expect((await tenant.send('GET', path)).status).toBe(200);
  });
});
