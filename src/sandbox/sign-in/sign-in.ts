import type { Clock } from '../clock.ts';
import type { Domains } from '../directory/domains.ts';
import { type HttpAnswer, type HttpRequest, header, jsonAnswer } from '../http.ts';
import type { Profile } from '../profile.ts';
import { type Applications, isSecret } from './applications.ts';
import { checkAssertion } from './assertion.ts';
import { SignInRefusal } from './refusals.ts';
import { resourceOf } from './resources.ts';
import type { Tokens } from './tokens.ts';

export interface SignInContext {
  readonly tenantId: string;
  readonly applications: Applications;
  readonly tokens: Tokens;
  readonly domains: Domains;
  readonly clock: Clock;
  profile(): Profile;
  isOwnHost(host: string): boolean;
  issued(): void;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The sign-in service: discovery, keys and tokens. `undefined` where the path is none of its own. */
export function signIn(context: SignInContext): (request: HttpRequest) => HttpAnswer | undefined {
  const { tenantId, domains } = context;

  function tenantOf(segment: string): string {
    const name = segment.toLowerCase();
    if (name === tenantId || domains.isVerified(name)) return tenantId;
    throw new SignInRefusal('tenantUnknown', segment);
  }

  function discovery(origin: string, segment: string): HttpAnswer {
    const tenant = ['common', 'organizations'].includes(segment) ? segment : tenantOf(segment);
    const base = `${origin}/${tenant}`;
    return jsonAnswer(200, {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: `${base}/v2.0`,
      request_uri_parameter_supported: false,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      http_logout_supported: true,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'tid', 'ver'],
      tenant_region_scope: null,
      cloud_instance_name: new URL(origin).host,
      cloud_graph_host_name: new URL(origin).host,
      msgraph_host: new URL(origin).host,
      rbac_url: origin,
    });
  }

  function instanceDiscovery(origin: string): HttpAnswer {
    const { host } = new URL(origin);
    return jsonAnswer(200, {
      tenant_discovery_endpoint: `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    });
  }

  function token(request: HttpRequest, segment: string): HttpAnswer {
    const tenant = tenantOf(segment);
    const form = new URLSearchParams(request.body);
    const need = (name: string): string => {
      const value = form.get(name);
      if (value === null || value === '') throw new SignInRefusal('missingParameter', name);
      return value;
    };
    const grant = need('grant_type');
    if (grant !== 'client_credentials') throw new SignInRefusal('grantUnsupported', grant);
    const basic = basicCredential(header(request.headers, 'authorization'));
    const clientId = (basic?.id ?? need('client_id')).toLowerCase();
    const scope = need('scope');
    const principal = context.applications.servicePrincipal(clientId);
    if (principal === undefined) throw new SignInRefusal('applicationUnknown', clientId);
    const credentials = context.applications.credentials(clientId);
    const assertion = form.get('client_assertion');
    const secret = basic?.secret ?? form.get('client_secret');
    if (assertion !== null && form.get('client_assertion_type') === assertionType) {
      const base = `${request.origin}/${tenant}`;
      const bases = [base, `${request.origin}/${segment}`];
      const audiences = bases.flatMap((one) => [`${one}/oauth2/v2.0/token`, `${one}/v2.0`, `${one}/oauth2/token`]);
      checkAssertion(assertion, clientId, audiences, credentials, new Date());
    } else if (secret !== null) {
      const found = credentials.find((credential) => isSecret(credential, secret));
      if (found === undefined) throw new SignInRefusal('secretWrong', clientId);
      if (found.endsAt < context.clock.now()) throw new SignInRefusal('secretExpired', clientId);
    } else {
      throw new SignInRefusal('credentialMissing');
    }
    const identifier = scope.endsWith('/.default') ? scope.slice(0, -'/.default'.length) : undefined;
    if (identifier === undefined || identifier.includes(' ')) throw new SignInRefusal('scopeWrong', scope);
    const resource = resourceOf(identifier, context.isOwnHost);
    if (resource === undefined) throw new SignInRefusal('resourceUnknown', identifier);
    const { lifetimeSeconds } = context.profile().tokens;
    context.issued();
    return jsonAnswer(200, {
      token_type: 'Bearer',
      expires_in: Math.ceil(lifetimeSeconds),
      ext_expires_in: Math.ceil(lifetimeSeconds),
      access_token: context.tokens.issue({
        appId: clientId,
        servicePrincipalId: principal.id,
        audience: identifier,
        roles: context.applications.roles(clientId, resource.name),
        lifetimeSeconds,
      }),
    });
  }

  function route(request: HttpRequest): HttpAnswer | undefined {
    const [segment = '', ...rest] = request.path.slice(1).split('/');
    const path = rest.join('/').toLowerCase();
    const isPost = request.method === 'POST';
    if (path === 'discovery/instance') return instanceDiscovery(request.origin);
    if (path === 'v2.0/.well-known/openid-configuration' || path === '.well-known/openid-configuration') {
      return discovery(request.origin, decodeURIComponent(segment));
    }
    if (path === 'discovery/v2.0/keys' || path === 'discovery/keys') return jsonAnswer(200, context.tokens.keySet);
    if (path === 'oauth2/v2.0/token' && isPost) return token(request, decodeURIComponent(segment));
    return undefined;
  }

  return (request) => {
    const correlationId = header(request.headers, 'client-request-id');
    try {
      return route(request);
    } catch (error) {
      if (!(error instanceof SignInRefusal)) throw error;
      return error.answer(new Date(context.clock.now()), correlationId);
    }
  };
}

function basicCredential(value: string | undefined): { readonly id: string; readonly secret: string } | undefined {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(value ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: formDecoded(id), secret: formDecoded(secret.join(':')) };
}

/** RFC 6749 2.3.1: both parts are form-encoded before they are joined. */
function formDecoded(text: string): string {
  return new URLSearchParams(`x=${text}`).get('x') ?? '';
}
