import { randomBytes } from 'node:crypto';
import { type HttpAnswer, type HttpRequest, header, jsonAnswer } from '../../http.ts';
import { resourceOf, SignInRefusal } from '../../sign-in/index.ts';
import type { SyncContext } from '../context.ts';
import { writeRole } from '../names.ts';
import { builtInAdministrator, checkPassword, type SignedIn, stillSignedIn } from './users.ts';

export interface UserSignInContext extends SyncContext {
  isOwnHost(host: string): boolean;
  /** The permissions in Graph that an administrator's token stands for. */
  readonly graphRoles: readonly string[];
  issued(): void;
}

/** What a token is asked for: by scopes, or by the resource as before there were any. */
interface Wish {
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly resource: 'graph' | 'syncApi';
  readonly version: 1 | 2;
}

interface DeviceCode {
  readonly clientId: string;
  readonly wish: Wish;
  readonly expiresAt: number;
  asked: boolean;
}

const deviceCodeLives = 900;
const refreshAudience = 'urn:sandbox:refresh';
const refreshLives = 90 * 86_400;
const deviceGrants = ['urn:ietf:params:oauth:grant-type:device_code', 'device_code'];
const openIdScopes = ['openid', 'profile', 'offline_access', 'email'];

/**
 * Sign-in as a user, for the sandbox alone: by name and password, by device code (which its administrator confirms by
 * itself, after one question) and by refresh token. `undefined` where the path or the grant is none of these.
 */
export function userSignIn(context: UserSignInContext): (request: HttpRequest) => HttpAnswer | undefined {
  const deviceCodes = new Map<string, DeviceCode>();

  function wishOf(form: URLSearchParams, version: 1 | 2): Wish {
    const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const scope = scopes.find((one) => !openIdScopes.includes(one));
    const named = form.get('resource') ?? (scope === undefined ? undefined : resourceOfScope(scope));
    const audience = (named ?? 'https://graph.microsoft.com').replace(/\/+$/, '');
    const resource = resourceOf(audience, context.isOwnHost);
    if (resource === undefined || resource.name === 'exchange') throw new SignInRefusal('resourceUnknown', audience);
    return { audience, scopes, resource: resource.name, version };
  }

  function startDeviceCode(origin: string, form: URLSearchParams, version: 1 | 2): HttpAnswer {
    const clientId = need(form, 'client_id');
    const code = randomBytes(32).toString('base64url');
    const expiresAt = context.clock.now() + deviceCodeLives * 1000;
    for (const [known, { expiresAt: end }] of deviceCodes) if (end < context.clock.now()) deviceCodes.delete(known);
    deviceCodes.set(code, { clientId, wish: wishOf(form, version), expiresAt, asked: false });
    const userCode = randomBytes(6)
      .toString('base64url')
      .replace(/[^A-Za-z0-9]/g, 'X')
      .toUpperCase();
    const verification = `${origin}/common/oauth2/deviceauth`;
    return jsonAnswer(200, {
      user_code: userCode,
      device_code: code,
      ...(version === 1 ? { verification_url: verification } : { verification_uri: verification }),
      expires_in: version === 1 ? String(deviceCodeLives) : deviceCodeLives,
      interval: version === 1 ? '1' : 1,
      message: `The sandbox confirms the code ${userCode} by itself: nothing is to be done at ${verification}.`,
    });
  }

  function redeemDeviceCode(form: URLSearchParams): HttpAnswer {
    const code = form.get('device_code') ?? need(form, 'code');
    const known = deviceCodes.get(code);
    if (known === undefined || known.clientId !== need(form, 'client_id')) throw new SignInRefusal('deviceCodeUnknown');
    if (known.expiresAt < context.clock.now()) throw new SignInRefusal('deviceCodeExpired');
    if (!known.asked) {
      known.asked = true;
      throw new SignInRefusal('authorizationPending');
    }
    deviceCodes.delete(code);
    return tokens(builtInAdministrator(context), known.clientId, known.wish);
  }

  function redeemRefreshToken(form: URLSearchParams, version: 1 | 2): HttpAnswer {
    const checked = context.tokens.check(need(form, 'refresh_token'));
    const refused = (): SignInRefusal => new SignInRefusal('refreshTokenBad');
    if ('problem' in checked || checked.caller.audience !== refreshAudience) throw refused();
    const { userId, appId } = checked.caller;
    const user = userId === undefined ? undefined : stillSignedIn(context, userId);
    if (user === undefined) throw refused();
    return tokens(user, appId, wishOf(form, version));
  }

  function tokens(user: SignedIn, clientId: string, wish: Wish): HttpAnswer {
    const { lifetimeSeconds } = context.profile().tokens;
    const roles = !user.administrator ? [] : wish.resource === 'graph' ? context.graphRoles : [writeRole];
    const issue = (audience: string, granted: readonly string[], seconds: number): string =>
      context.tokens.issue({
        appId: clientId,
        servicePrincipalId: user.id,
        audience,
        roles: granted,
        lifetimeSeconds: seconds,
        user,
      });
    context.issued();
    const seconds = Math.ceil(lifetimeSeconds);
    const now = Math.floor(context.clock.now() / 1000);
    return jsonAnswer(200, {
      token_type: 'Bearer',
      scope:
        wish.version === 1 ? 'user_impersonation' : wish.scopes.filter((scope) => scope !== 'offline_access').join(' '),
      expires_in: wish.version === 1 ? String(seconds) : seconds,
      ext_expires_in: wish.version === 1 ? String(seconds) : seconds,
      ...(wish.version === 1
        ? { expires_on: String(now + seconds), not_before: String(now), resource: wish.audience }
        : {}),
      access_token: issue(wish.audience, roles, lifetimeSeconds),
      refresh_token: issue(refreshAudience, [], refreshLives),
      id_token: context.tokens.issueId(clientId, user, lifetimeSeconds),
      client_info: Buffer.from(JSON.stringify({ uid: user.id, utid: context.tenantId })).toString('base64url'),
    });
  }

  function route(request: HttpRequest): HttpAnswer | undefined {
    const [segment = '', ...rest] = request.path.slice(1).split('/');
    const path = rest.join('/').toLowerCase();
    if (path.startsWith('userrealm/')) return userRealm(context, decodeURIComponent(rest[1] ?? ''));
    if (request.method !== 'POST') return undefined;
    const version = path.startsWith('oauth2/v2.0/') ? 2 : 1;
    const action = path.replace(/^oauth2\/(v2\.0\/)?/, '');
    if (action === path || !['token', 'devicecode'].includes(action)) return undefined;
    const form = new URLSearchParams(request.body);
    const grant = form.get('grant_type') ?? '';
    const own = ['password', 'refresh_token', ...deviceGrants].includes(grant);
    if (action === 'token' && !own) return undefined;
    requireTenant(context, decodeURIComponent(segment));
    if (action === 'devicecode') return startDeviceCode(request.origin, form, version);
    if (grant === 'refresh_token') return redeemRefreshToken(form, version);
    if (grant !== 'password') return redeemDeviceCode(form);
    const user = checkPassword(context, need(form, 'username'), need(form, 'password'));
    return tokens(user, need(form, 'client_id'), wishOf(form, version));
  }

  return (request) => {
    try {
      return route(request);
    } catch (error) {
      if (!(error instanceof SignInRefusal)) throw error;
      return error.answer(new Date(context.clock.now()), header(request.headers, 'client-request-id'));
    }
  };
}

function need(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '') throw new SignInRefusal('missingParameter', name);
  return value;
}

/** `https://graph.windows.net/.default` and `https://graph.microsoft.com/User.Read` name their resource; `User.Read` is Graph's. */
function resourceOfScope(scope: string): string | undefined {
  const at = scope.lastIndexOf('/');
  return at < 0 ? undefined : scope.slice(0, at);
}

function requireTenant({ tenantId, directory }: SyncContext, segment: string): void {
  const name = segment.toLowerCase();
  const known = ['common', 'organizations', tenantId].includes(name) || directory.domains.isVerified(name);
  if (!known) throw new SignInRefusal('tenantUnknown', segment);
}

/** What clients ask before they send a name and a password: nobody here is federated. */
function userRealm({ directory }: SyncContext, name: string): HttpAnswer {
  const domain = name.split('@')[1] ?? '';
  return jsonAnswer(200, {
    ver: '1.0',
    account_type: directory.domains.isVerified(domain) ? 'Managed' : 'Unknown',
    domain_name: domain,
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  });
}
