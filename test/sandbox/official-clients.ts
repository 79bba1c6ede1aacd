import { readFileSync } from 'node:fs';
import { ConfidentialClientApplication, type Configuration } from '@azure/msal-node';
import { Client } from '@microsoft/microsoft-graph-client';

/**
 * A program as an administrator would write one with Microsoft's own libraries, untouched: it runs in a process of its
 * own, which trusts the sandbox's authority by NODE_EXTRA_CA_CERTS, and prints what it got as JSON.
 */
interface Task {
  readonly graphUrl: string;
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** PEM with the certificate and its key. */
  readonly certificate?: { readonly thumbprintSha256: string; readonly privateKey: string };
  readonly userPrincipalName: string;
}

const task: Task = JSON.parse(readFileSync(0, 'utf8'));
const { host } = new URL(task.authority);

const auth: Configuration['auth'] = {
  clientId: task.clientId,
  authority: `${task.authority}/${task.tenantId}`,
  knownAuthorities: [host],
  ...(task.clientSecret === undefined ? {} : { clientSecret: task.clientSecret }),
  ...(task.certificate === undefined ? {} : { clientCertificate: task.certificate }),
};
const application = new ConfidentialClientApplication({ auth });
const scopes = [`${task.graphUrl}/.default`];

const client = Client.initWithMiddleware({
  baseUrl: task.graphUrl,
  customHosts: new Set([new URL(task.graphUrl).hostname]),
  authProvider: {
    async getAccessToken() {
      const result = await application.acquireTokenByClientCredential({ scopes });
      return result?.accessToken ?? '';
    },
  },
});

const created = await client.api('/users').post({
  accountEnabled: true,
  displayName: 'Client',
  mailNickname: 'client',
  userPrincipalName: task.userPrincipalName,
  passwordProfile: { password: 'Kf8-sLw2_qPz5' },
});
const found = await client.api('/users').filter(`userPrincipalName eq '${task.userPrincipalName}'`).select('id').get();
const batch = await client.api('/$batch').post({
  requests: [
    {
      id: '1',
      method: 'PATCH',
      url: `/users/${created.id}`,
      headers: { 'Content-Type': 'application/json' },
      body: { city: 'Ulm' },
    },
    { id: '2', method: 'GET', url: '/organization?$select=id' },
  ],
});
const delta = await client.api('/users/delta').select('id,city').get();
await client.api(`/users/${created.id}`).delete();
const gone = await client
  .api(`/users/${created.id}`)
  .get()
  .catch((error: { statusCode?: number; code?: string }) => ({
    statusCode: error.statusCode,
    code: error.code,
  }));
console.log(JSON.stringify({ created, found, batch, delta, gone }));
