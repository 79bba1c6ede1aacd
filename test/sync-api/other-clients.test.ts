import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { exchanges } from '../wire/exchanges.ts';
import { nearMessages } from '../wire/messages.ts';
import { adminClient, type RawClient, rawClient, withToken } from './raw-client.ts';
import { anchor, openSyncWorld, type SyncWorld } from './world.ts';

/** The sandbox as clients of other makers meet it: what they send and what they look for. */
let world: SyncWorld;
let sandbox: Sandbox;
let client: RawClient;
beforeAll(async () => {
  world = await openSyncWorld();
  sandbox = world.sandbox;
  client = rawClient(sandbox);
});
afterAll(() => {
  client[Symbol.dispose]();
  return world[Symbol.asyncDispose]();
});

const [configuration, provision, unknown] = exchanges.map(({ request }) => request);

describe('a WCF client', () => {
  it('reads the company configuration, whose members carry no prefix', async () => {
    const { status, type, xml } = await client.call(
      withToken(configuration ?? Buffer.alloc(0), await client.delegatedToken()),
    );
    expect(status).toBe(200);
    expect(type).toBe('application/soap+msbin1');
    expect(xml).toContain('<s:Body><GetCompanyConfigurationResponse><GetCompanyConfigurationResult><AllowedFeatures>');
    expect(xml).toContain('<DirSyncFeatures>41016</DirSyncFeatures>');
    expect(xml).toContain(
      '<PreventAccidentalDeletion><DeletionPrevention>EnabledForCount</DeletionPrevention><ThresholdCount>500</ThresholdCount>',
    );
    expect(xml).toContain('<Writeback><UnifiedGroupContainer i:nil="true"></UnifiedGroupContainer>');
    expect(xml).toContain(`<TenantId>${sandbox.tenantId}</TenantId>`);
  });

  it('finds results under b:, and nil where there is no error', async () => {
    const { xml } = await client.call(withToken(provision ?? Buffer.alloc(0), await client.delegatedToken()));
    expect(xml).toContain('<b:SyncObjectResults><b:AzureADSyncObjectResult>');
    // Its user has no name: one object is refused, and the call is not.
    expect(xml).toMatch(/<b:ResultCode>Failure<\/b:ResultCode><b:ResultErrorCode>DataValidationFailed</);
    expect(xml).toContain('<b:SourceAnchor>Vvl6blILG0/Cr/8TWOe9pg==</b:SourceAnchor>');
  });

  it('gets a fault as status 500 with code, reason and detail', async () => {
    const { status, xml } = await client.call(withToken(unknown ?? Buffer.alloc(0), await client.delegatedToken()));
    expect(status).toBe(500);
    expect(xml).toContain('<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en-US">');
    expect(xml).toContain('<s:Detail><AdminWebServiceFault><ErrorDescription>The operation Fail is not known.');
  });

  it('is denied without a token of the service', async () => {
    for (const token of ['tok.en.x', await client.delegatedToken('https://graph.microsoft.com')]) {
      const { xml } = await client.call(withToken(configuration ?? Buffer.alloc(0), token));
      expect(xml).toContain('Access to Azure Active Directory has been denied. Contact Technical Support.');
    }
  });

  it('is told of another host by a redirection fault', async () => {
    sandbox.changeProfile({ syncApi: { redirects: [sandbox.graphUrl, 'https://other.test:1'] } });
    const { status, xml } = await client.call(
      withToken(configuration ?? Buffer.alloc(0), await client.delegatedToken()),
    );
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

  function syncRequest(operation: string): Buffer {
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
        plainElement('SyncOperation', utf16(operation)),
        end,
      ]),
    );
    return plainElement('syncRequest', Buffer.concat([plainElement('SyncObjects', Buffer.concat([object, end])), end]));
  }

  it('is understood by the schema, whatever the records', async () => {
    const { xml } = await client.call(
      guessedRequest('ProvisionAzureADSyncObjects', await client.delegatedToken(), syncRequest('Set')),
    );
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
    const { xml } = await client.call(
      guessedRequest(
        'ReadBackAzureADSyncObjects2',
        await client.delegatedToken(),
        plainElement('isFullSync', Buffer.from([0x87])),
      ),
    );
    expect(xml).toContain(
      '<b:ResultObjects><b:AzureADSyncObject><b:PropertyValues><c:KeyValueOfstringanyType><c:Key>CloudAnchor</c:Key><c:Value i:type="d:string">User_',
    );
    expect(xml).toContain(`<c:Key>SourceAnchor</c:Key><c:Value i:type="d:string">${anchorText}</c:Value>`);
    expect(xml).toContain('<c:Key>AccountEnabled</c:Key><c:Value i:type="d:boolean">true</c:Value>');
    expect(xml).toContain('<c:Key>CountryCode</c:Key><c:Value i:type="d:long">276</c:Value>');
    expect(xml).not.toContain('<c:Key>GivenName</c:Key>');
  });

  it('sees in the first form of the read-back which properties are empty', async () => {
    const full = plainElement('isFullSync', Buffer.from([0x87]));
    const { xml } = await client.call(
      guessedRequest('ReadBackAzureADSyncObjects', await client.delegatedToken(), full),
    );
    expect(xml).toContain('<c:Key>CountryCode</c:Key><c:Value i:type="d:long">276</c:Value>');
    expect(xml).toContain('<c:Key>GivenName</c:Key><c:Value i:nil="true"></c:Value>');
    expect(xml).not.toContain('<c:Key>DeviceId</c:Key>');
  });

  it('does nothing by an operation that there is not', async () => {
    const { xml } = await client.call(
      guessedRequest('ProvisionAzureADSyncObjects', await client.delegatedToken(), syncRequest('Destroy')),
    );
    expect(xml).toContain('<b:ResultErrorCode>DataValidationFailed</b:ResultErrorCode>');
    expect(xml).toContain('There is no operation Destroy.');
  });

  it('makes an account for synchronization and signs in with it', async () => {
    const { xml } = await client.call(
      guessedRequest('GetServiceAccount', await client.delegatedToken(), plainElement('identifier', utf16('Sync_PC1'))),
    );
    const [, password = ''] = /<Password>([^<]+)</.exec(xml) ?? [];
    const [, username = ''] = /<UserName>([^<]+)</.exec(xml) ?? [];
    const answer = await client.form('/organizations/oauth2/token', {
      grant_type: 'password',
      client_id: adminClient,
      resource: 'https://graph.windows.net',
      username,
      password,
    });
    const { status } = await client.call(guessedRequest('Capabilities', String(answer['access_token'])));
    expect(status).toBe(200);
  });

  it.each([
    'GetDeviceConfiguration',
    'GetWindowsCredentialsSyncConfig',
    'GetKerberosDomainSyncConfig',
    'GetKerberosDomain',
    'GetMonitoringTenantCertificate',
  ])('is answered when it asks for %s', async (operation) => {
    const { status, xml } = await client.call(guessedRequest(operation, await client.delegatedToken()));
    expect(status).toBe(200);
    expect(xml).toContain(`<${operation}Response><${operation}Result>`);
  });
});

describe('a client out of its mind', () => {
  it('is answered, whatever it sends, and the tenant goes on serving', async () => {
    const token = await client.delegatedToken();
    const sane = [configuration, provision].map((message) => withToken(message ?? Buffer.alloc(0), token));
    await fc.assert(
      fc.asyncProperty(nearMessages(fc.constantFrom(...sane)), async (message) => {
        const { status } = await client.send(
          '/provisioningservice.svc',
          { 'content-type': 'application/soap+msbin1' },
          message,
        );
        expect([200, 400, 500]).toContain(status);
      }),
      { numRuns: 400 },
    );
    const { status } = await client.call(sane[0] ?? Buffer.alloc(0));
    expect(status).toBe(200);
  });
});
