import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { PublicClientApplication } from '@azure/msal-node';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { decode, encode, isElement, textOf, type XmlElement } from '../../src/wire/index.ts';
import { exchanges } from '../wire/exchanges.ts';
import { nearMessages } from '../wire/messages.ts';
import { anchor, openSyncWorld, type SyncWorld } from './world.ts';

/** The sandbox as clients of other makers meet it: what they send, what they look for, how they sign in. */
let world: SyncWorld;
let sandbox: Sandbox;
let agent: Agent;
beforeAll(async () => {
  world = await openSyncWorld();
  sandbox = world.sandbox;
  agent = new Agent({ keepAlive: true, ca: readFileSync(sandbox.ca) });
});
afterAll(() => {
  agent.destroy();
  return world[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: Buffer;
}

function send(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | string,
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, sandbox.graphUrl);
    const sent = request(url, { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

type Json = { readonly [name: string]: unknown };

async function form(path: string, fields: Readonly<Record<string, string>>): Promise<Json> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return JSON.parse((await send(path, headers, new URLSearchParams(fields).toString())).body.toString('utf8'));
}

/** As the clients in use put a request together: by text, read by their own encoder. */
async function call(message: Uint8Array): Promise<{ readonly status: number; readonly xml: string }> {
  const answer = await send(
    '/provisioningservice.svc',
    { 'content-type': 'application/soap+msbin1', 'user-agent': '' },
    message,
  );
  expect(answer.type).toBe('application/soap+msbin1');
  return { status: answer.status, xml: xmlOf(decode(answer.body)) };
}

function xmlOf(element: XmlElement): string {
  const name = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`;
  const attributes = element.attributes
    .filter((one) => one.type === 'attribute')
    .map((one) => ` ${one.prefix}:${one.name}="${textOf(one.value)}"`);
  const content = element.content.map((one) => (isElement(one) ? xmlOf(one) : typeof one === 'string' ? one : ''));
  return `<${name}${attributes.join('')}>${content.join('')}</${name}>`;
}

const adminClient = '1b730954-1685-4b74-9bfd-dac224a7b894';

async function delegatedToken(resource = 'https://graph.windows.net'): Promise<string> {
  const start = await form(`/common/oauth2/devicecode?api-version=1.0`, { client_id: adminClient, resource });
  const poll = { grant_type: 'device_code', client_id: adminClient, code: String(start['device_code']), resource };
  expect(await form('/common/oauth2/token', poll)).toMatchObject({ error: 'authorization_pending' });
  const answer = await form('/common/oauth2/token', poll);
  return String(answer['access_token']);
}

/** A recorded request with another token in it. */
function withToken(message: Buffer, token: string): Buffer {
  const change = (element: XmlElement): XmlElement => ({
    ...element,
    content: element.content.map((one) =>
      isElement(one) ? (one.name === 'BearerToken' ? { ...one, content: [token] } : change(one)) : one,
    ),
  });
  return encode(change(decode(message)), 'none');
}

const [configuration, provision, unknown] = exchanges.map(({ request: message }) => message);

describe('a WCF client', () => {
  it('reads the company configuration, whose members carry no prefix', async () => {
    const { status, xml } = await call(withToken(configuration ?? Buffer.alloc(0), await delegatedToken()));
    expect(status).toBe(200);
    expect(xml).toContain('<s:Body><GetCompanyConfigurationResponse><GetCompanyConfigurationResult><AllowedFeatures>');
    expect(xml).toContain('<DirSyncFeatures>41016</DirSyncFeatures>');
    expect(xml).toContain(
      '<PreventAccidentalDeletion><DeletionPrevention>EnabledForCount</DeletionPrevention><ThresholdCount>500</ThresholdCount>',
    );
    expect(xml).toContain('<Writeback><UnifiedGroupContainer i:nil="true"></UnifiedGroupContainer>');
    expect(xml).toContain(`<TenantId>${sandbox.tenantId}</TenantId>`);
  });

  it('finds results under b:, and nil where there is no error', async () => {
    const { xml } = await call(withToken(provision ?? Buffer.alloc(0), await delegatedToken()));
    expect(xml).toContain('<b:SyncObjectResults><b:AzureADSyncObjectResult>');
    // Its user has no name: one object is refused, and the call is not.
    expect(xml).toMatch(/<b:ResultCode>Failure<\/b:ResultCode><b:ResultErrorCode>DataValidationFailed</);
    expect(xml).toContain('<b:SourceAnchor>Vvl6blILG0/Cr/8TWOe9pg==</b:SourceAnchor>');
  });

  it('gets a fault as status 500 with code, reason and detail', async () => {
    const { status, xml } = await call(withToken(unknown ?? Buffer.alloc(0), await delegatedToken()));
    expect(status).toBe(500);
    expect(xml).toContain('<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">');
    expect(xml).toContain('<s:Detail><AdminWebServiceFault><ErrorDescription>The operation Fail is not known.');
  });

  it('is denied without a token of the service', async () => {
    for (const token of ['tok.en.x', await delegatedToken('https://graph.microsoft.com')]) {
      const { xml } = await call(withToken(configuration ?? Buffer.alloc(0), token));
      expect(xml).toContain('Access to Azure Active Directory has been denied. Contact Technical Support.');
    }
  });

  it('is told of another host by a redirection fault', async () => {
    sandbox.changeProfile({ syncApi: { redirects: [sandbox.graphUrl, 'https://other.test:1'] } });
    const { status, xml } = await call(withToken(configuration ?? Buffer.alloc(0), await delegatedToken()));
    expect(status).toBe(500);
    expect(xml).toContain('<s:Detail><BindingRedirectionFault><Url>https://other.test:1/provisioningservice.svc</Url>');
    sandbox.changeProfile({ syncApi: { redirects: [] } });
  });
});

/** Records as a Python client's encoder writes them: UTF-16 text, and base64 guessed from the text. */
function utf16(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return Buffer.concat([Buffer.from([0xb9, bytes.length & 0xff, bytes.length >> 8]), bytes]);
}

function plainElement(name: string, content: Uint8Array, namespaces: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([0x40, name.length]), Buffer.from(name), namespaces, content]);
}

function xmlns(uri: string): Buffer {
  return Buffer.concat([Buffer.from([0x08, uri.length]), Buffer.from(uri)]);
}

const end = Buffer.from([0x01]);

function guessedRequest(operation: string, token: string, ...content: readonly Buffer[]): Buffer {
  const soap = xmlns('http://www.w3.org/2003/05/soap-envelope');
  const members = [
    plainElement('BearerToken', utf16(token)),
    plainElement('DirSyncBuildNumber', utf16('2.4.21.0')),
    plainElement('IsInstalledOnDC', Buffer.from([0x85])),
  ];
  const header = plainElement(
    'Header',
    Buffer.concat([plainElement('SyncToken', Buffer.concat([...members, end])), end]),
  );
  const body = plainElement('Body', Buffer.concat([plainElement(operation, Buffer.concat([...content, end])), end]));
  return plainElement('Envelope', Buffer.concat([header, body, end]), soap);
}

function entry(key: string, type: string, value: Buffer): Buffer {
  const instance = Buffer.concat([
    Buffer.from([0x09, 0x01, 0x69, 41]),
    Buffer.from('http://www.w3.org/2001/XMLSchema-instance'),
  ]);
  const typed = Buffer.concat([
    Buffer.from([0x26 + 8, 4]),
    Buffer.from('type'),
    Buffer.from([0x98, type.length]),
    Buffer.from(type),
  ]);
  const content = Buffer.concat([
    plainElement('Key', utf16(key)),
    plainElement('Value', value, Buffer.concat([instance, typed])),
    end,
  ]);
  return plainElement('KeyValueOfstringanyType', content);
}

describe('a client whose encoder guesses types from texts', () => {
  const anchorText = anchor('guessed');

  it('is understood by the schema, whatever the records', async () => {
    const token = await delegatedToken();
    const object = plainElement(
      'AzureADSyncObject',
      Buffer.concat([
        plainElement(
          'PropertyValues',
          Buffer.concat([
            // An anchor is base64 to look at, and so is the word User.
            entry(
              'SourceAnchor',
              'd:string',
              Buffer.concat([Buffer.from([0x9f, 16]), Buffer.from(anchorText, 'base64')]),
            ),
            entry('userPrincipalName', 'd:string', utf16('guessed@corp.contoso.test')),
            entry('displayName', 'd:string', Buffer.from([0x87])),
            entry('accountEnabled', 'd:boolean', Buffer.from([0x87])),
            entry('countryCode', 'd:long', Buffer.from([0x8b, 0x14, 0x01])),
            entry('department', 'd:string', Buffer.from([0x89, 7])),
            end,
          ]),
        ),
        plainElement('SyncObjectType', Buffer.from([0x9f, 3, 0x52, 0xc7, 0xab])),
        plainElement('SyncOperation', utf16('Set')),
        end,
      ]),
    );
    const content = plainElement(
      'syncRequest',
      Buffer.concat([plainElement('SyncObjects', Buffer.concat([object, end])), end]),
    );
    const { xml } = await call(guessedRequest('ProvisionAzureADSyncObjects', token, content));
    expect(xml).toContain('<b:ResultCode>Success</b:ResultCode>');
    expect(xml).toContain('<b:ResultErrorDescription i:nil="true"></b:ResultErrorDescription>');
    const id = /<b:CloudAnchor>User_([^<]+)</.exec(xml)?.[1];
    expect(await world.get(`/v1.0/users/${id}?$select=displayName,department,accountEnabled`)).toMatchObject({
      displayName: 'true',
      department: '7',
      accountEnabled: true,
    });
  });

  it('reads everything back with PascalCase keys under c:, values with their types', async () => {
    const { xml } = await call(
      guessedRequest(
        'ReadBackAzureADSyncObjects2',
        await delegatedToken(),
        plainElement('isFullSync', Buffer.from([0x87])),
      ),
    );
    expect(xml).toContain(
      '<b:ResultObjects><b:AzureADSyncObject><b:PropertyValues><c:KeyValueOfstringanyType><c:Key>CloudAnchor</c:Key><c:Value i:type="d:string">User_',
    );
    expect(xml).toContain(`<c:Key>SourceAnchor</c:Key><c:Value i:type="d:string">${anchorText}</c:Value>`);
    expect(xml).toContain('<c:Key>AccountEnabled</c:Key><c:Value i:type="d:boolean">true</c:Value>');
    expect(xml).toContain('<c:Key>CountryCode</c:Key><c:Value i:type="d:long">276</c:Value>');
  });

  it('makes an account for synchronization and signs in with it', async () => {
    const { xml } = await call(
      guessedRequest('GetServiceAccount', await delegatedToken(), plainElement('identifier', utf16('Sync_PC1'))),
    );
    const [, password = ''] = /<Password>([^<]+)</.exec(xml) ?? [];
    const [, username = ''] = /<UserName>([^<]+)</.exec(xml) ?? [];
    const answer = await form('/organizations/oauth2/token', {
      grant_type: 'password',
      client_id: adminClient,
      resource: 'https://graph.windows.net',
      username,
      password,
    });
    const { status } = await call(guessedRequest('Capabilities', String(answer['access_token'])));
    expect(status).toBe(200);
  });

  it.each([
    'GetDeviceConfiguration',
    'GetWindowsCredentialsSyncConfig',
    'GetKerberosDomainSyncConfig',
    'GetKerberosDomain',
    'GetMonitoringTenantCertificate',
  ])('is answered when it asks for %s', async (operation) => {
    const { status, xml } = await call(guessedRequest(operation, await delegatedToken()));
    expect(status).toBe(200);
    expect(xml).toContain(`<${operation}Response><${operation}Result>`);
  });
});

describe('a client out of its mind', () => {
  it('is answered, whatever it sends, and the tenant goes on serving', async () => {
    const token = await delegatedToken();
    const sane = [configuration, provision].map((message) => withToken(message ?? Buffer.alloc(0), token));
    await fc.assert(
      fc.asyncProperty(nearMessages(fc.constantFrom(...sane)), async (message) => {
        const { status } = await send(
          '/provisioningservice.svc',
          { 'content-type': 'application/soap+msbin1' },
          message,
        );
        expect([200, 400, 500]).toContain(status);
      }),
      { numRuns: 400 },
    );
    const { status } = await call(sane[0] ?? Buffer.alloc(0));
    expect(status).toBe(200);
  });
});

describe('sign-in as a user', () => {
  it('answers instance discovery for the hosts it is called by', async () => {
    const answer = await send('/common/discovery/instance?api-version=1.1&authorization_endpoint=x', {}, '', 'GET');
    expect(JSON.parse(answer.body.toString('utf8'))).toMatchObject({
      tenant_discovery_endpoint: `${sandbox.authority}/${sandbox.tenantId}/v2.0/.well-known/openid-configuration`,
    });
    const realm = await send(`/common/UserRealm/a@corp.contoso.test?api-version=1.0`, {}, '', 'GET');
    expect(JSON.parse(realm.body.toString('utf8'))).toMatchObject({ account_type: 'Managed' });
  });

  it('serves Microsoft’s own library: device code, then silently by refresh token', async () => {
    const ca = readFileSync(sandbox.ca);
    const network = {
      async sendGetRequestAsync<T>(url: string) {
        return parsed<T>(await exchange(url, 'GET', {}, '', ca));
      },
      async sendPostRequestAsync<T>(url: string, options?: { body?: string; headers?: Record<string, string> }) {
        return parsed<T>(await exchange(url, 'POST', options?.headers ?? {}, options?.body ?? '', ca));
      },
    };
    const application = new PublicClientApplication({
      auth: {
        clientId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        authority: `${sandbox.authority}/${sandbox.tenantId}`,
        knownAuthorities: [new URL(sandbox.authority).host],
      },
      system: { networkClient: network },
    });
    let told = '';
    const result = await application.acquireTokenByDeviceCode({
      scopes: ['https://graph.windows.net/.default'],
      deviceCodeCallback: ({ message }) => {
        told = message;
      },
    });
    expect(told).toContain('confirms the code');
    expect(result?.account?.username).toMatch(/^admin@sandbox/);
    const account = result?.account;
    if (account === null || account === undefined) throw new Error('no account');
    const silent = await application.acquireTokenSilent({ account, scopes: ['https://graph.microsoft.com/.default'] });
    const users = await send(
      '/v1.0/users?$select=id&$top=100',
      { authorization: `Bearer ${silent.accessToken}` },
      '',
      'GET',
    );
    expect(users.status).toBe(200);
    const { status } = await call(withToken(configuration ?? Buffer.alloc(0), result?.accessToken ?? ''));
    expect(status).toBe(200);
  });

  it('turns synchronization on by Graph v1.0 with a user’s token, as those clients do', async () => {
    const token = await delegatedToken('https://graph.microsoft.com');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await send(
      `/v1.0/organization/${sandbox.tenantId}`,
      headers,
      JSON.stringify({ OnPremisesSyncEnabled: true }),
      'PATCH',
    );
    expect(answer.status).toBe(204);
  });

  it('takes a device code once, from the client it was made for', async () => {
    const start = await form(`/${sandbox.tenantId}/oauth2/v2.0/devicecode`, {
      client_id: adminClient,
      scope: 'https://graph.windows.net/.default offline_access',
    });
    const poll = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(start['device_code']),
      scope: 'https://graph.windows.net/.default',
    };
    const path = `/${sandbox.tenantId}/oauth2/v2.0/token`;
    expect(await form(path, { ...poll, client_id: 'another' })).toMatchObject({ error: 'bad_verification_code' });
    expect(await form(path, { ...poll, client_id: adminClient })).toMatchObject({ error: 'authorization_pending' });
    const done = await form(path, { ...poll, client_id: adminClient });
    expect(done).toMatchObject({ token_type: 'Bearer' });
    expect(await form(path, { ...poll, client_id: adminClient })).toMatchObject({ error: 'bad_verification_code' });
    const again = { grant_type: 'refresh_token', client_id: adminClient, refresh_token: String(done['access_token']) };
    expect(await form(path, again)).toMatchObject({ error: 'invalid_grant' });
    expect(await form(path, { ...again, refresh_token: String(done['refresh_token']) })).toMatchObject({
      token_type: 'Bearer',
    });
  });
});

function exchange(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  ca: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function parsed<T>({ status, body }: Answer): { headers: Record<string, string>; status: number; body: T } {
  return { headers: {}, status, body: JSON.parse(body.toString('utf8')) as T };
}
