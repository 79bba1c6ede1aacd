import { ConfidentialClientApplication, type INetworkModule, type NetworkRequestOptions } from '@azure/msal-node';
import type { TenantAccess } from './access.ts';
import { signingMaterial } from './credential.ts';
import { AnswerLostError, BadAnswerError, TargetError } from './errors.ts';
import type { Fetch } from './https-fetch.ts';
import {
  ApplicationUnknownError,
  CertificateRefusedError,
  ClockOffError,
  FederatedTokenRefusedError,
  SecretExpiredError,
  SecretRefusedError,
  SignInBlockedError,
  SignInFailedError,
  TenantUnknownError,
} from './sign-in-errors.ts';

export interface AccessToken {
  readonly value: string;
  /** The application permissions in it. */
  readonly roles: readonly string[];
}

/** Signs the application in with the client credentials flow and keeps the token until it is about to expire. */
export interface SignIn {
  /** `fresh` asks for a new token though the old one seems good. */
  token(fresh: boolean): Promise<AccessToken>;
}

export function openSignIn(access: TenantAccess, scope: string, fetch: Fetch, now: () => Date): SignIn {
  const { tenantId, cloud, credential } = access;
  let application: { readonly client: ConfidentialClientApplication; readonly material: Material } | undefined;
  let failure: TargetError | undefined;
  let refusal: string | undefined;
  let running: { readonly fresh: boolean; readonly token: Promise<AccessToken> } | undefined;

  type Material = ReturnType<typeof signingMaterial>;
  const network = networkOver(fetch, {
    failed(error) {
      failure = error;
    },
    refused(text) {
      refusal = text;
    },
  });

  function open() {
    if (application !== undefined) return application;
    const material = signingMaterial(credential, now());
    const client = new ConfidentialClientApplication({
      auth: {
        clientId: credential.clientId,
        authority: `${cloud.authority}/${tenantId}`,
        // Asks no public cloud about an authority that is not one of its own.
        ...(cloud.name === 'custom' ? { knownAuthorities: [new URL(cloud.authority).host] } : {}),
        ...material.auth,
      },
      system: { networkClient: network },
    });
    application = { client, material };
    return application;
  }

  async function acquire(fresh: boolean): Promise<AccessToken> {
    const { client, material } = open();
    failure = undefined;
    refusal = undefined;
    try {
      const result = await client.acquireTokenByClientCredential({ scopes: [scope], skipCache: fresh });
      if (result === null || result.accessToken === '') throw new BadAnswerError('the sign-in', 'it holds no token');
      return { value: result.accessToken, roles: rolesOf(result.accessToken) };
    } catch (error) {
      // The next attempt reads the secret anew: an admin may have replaced it.
      application = undefined;
      const known = failure ?? (error instanceof TargetError ? error : undefined);
      // Lost is the sign-in, not the request that waits for it: that one was not sent.
      if (known instanceof AnswerLostError || known instanceof BadAnswerError)
        throw new SignInFailedError(credential.clientId, known.message);
      if (known !== undefined) throw known;
      throw signInError(refusal ?? error, access, material, now());
    }
  }

  return {
    token(fresh) {
      if (running !== undefined && (running.fresh || !fresh)) return running.token;
      const token = acquire(fresh).finally(() => {
        if (running?.token === token) running = undefined;
      });
      running = { fresh, token };
      return token;
    },
  };
}

/** What MSAL would replace by an error of its own. */
interface Overheard {
  failed(error: TargetError): void;
  /** The text of an error answer: of a tenant that is not there, MSAL says only that it found no end points. */
  refused(text: string): void;
}

/** MSAL's way to the network, over ours. */
function networkOver(fetch: Fetch, overheard: Overheard): INetworkModule {
  async function send<T>(method: string, url: string, options: NetworkRequestOptions | undefined) {
    try {
      const { body, headers } = options ?? {};
      const response = await fetch(url, {
        method,
        headers: headers ?? {},
        ...(method === 'POST' ? { body: body ?? '' } : {}),
      });
      const text = await response.text();
      if (response.status >= 400 && text.includes('AADSTS')) overheard.refused(text);
      return {
        headers: Object.fromEntries(response.headers),
        status: response.status,
        body: parse<T>(new URL(url).host, response.status, text),
      };
    } catch (error) {
      if (error instanceof TargetError) overheard.failed(error);
      throw error;
    }
  }
  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  };
}

/** MSAL reads the shape; here it only has to be JSON. */
function parse<T>(host: string, status: number, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new BadAnswerError(`the sign-in at ${host}`, `${status} without JSON`, error);
  }
}

function rolesOf(token: string): readonly string[] {
  const payload = token.split('.')[1];
  if (payload === undefined) return [];
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const roles = typeof claims === 'object' && claims !== null && 'roles' in claims ? claims.roles : undefined;
    return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
  } catch {
    return [];
  }
}

/** By the AADSTS code; its text is the tenant's, and could repeat what was sent. */
function signInError(
  error: unknown,
  { credential: { clientId, kind }, tenantId }: TenantAccess,
  { thumbprint, secrets }: { readonly thumbprint: string | undefined; readonly secrets: readonly string[] },
  now: Date,
): TargetError {
  const text = secrets.reduce(
    (shown, secret) => shown.replaceAll(secret, '***'),
    error instanceof Error ? error.message : String(error),
  );
  const code = text.match(/AADSTS(\d+)/)?.[1];
  const reason = `AADSTS${code}`;
  switch (code) {
    case '7000215':
    case '7000218':
      return new SecretRefusedError(clientId, reason);
    case '7000222':
      return new SecretExpiredError(clientId, reason);
    case '700016':
    case '7000112':
    case '7000229':
    case '500011':
    case '65001':
      return new ApplicationUnknownError(clientId, tenantId, reason);
    case '90002':
    case '900021':
    case '900023':
      return new TenantUnknownError(tenantId, reason);
    case '700027':
    case '700023':
    case '50013':
      return thumbprint === undefined
        ? new FederatedTokenRefusedError(clientId, reason)
        : new CertificateRefusedError(clientId, thumbprint, reason);
    case '700024':
      // A token in a file ages there when nobody renews it; what is signed here is as old as the clock says.
      return kind === 'workloadIdentity'
        ? new FederatedTokenRefusedError(clientId, `${reason}, outside its time`)
        : new ClockOffError(now, reason);
    case '70021':
    case '700211':
    case '700212':
    case '700213':
    case '700222':
    case '7002381':
      return new FederatedTokenRefusedError(clientId, reason);
    case '53000':
    case '53001':
    case '53003':
    case '53011':
    case '530003':
      return new SignInBlockedError(clientId, reason);
    default:
      return new SignInFailedError(clientId, text.split(/\r?\n/, 1)[0] ?? reason);
  }
}
