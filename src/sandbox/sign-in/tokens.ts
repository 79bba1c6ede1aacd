import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Facts } from '../directory/facts.ts';
import { isSignedBy, parseJwt, signJwt } from './jwt.ts';

/** Who calls, as a token says it. */
export interface Caller {
  readonly appId: string;
  readonly audience: string;
  readonly roles: ReadonlySet<string>;
  /** Who signed in, when it was not the application itself. */
  readonly userId: string | undefined;
  /** Seconds since 1970. */
  readonly expires: number;
}

export interface TokenRequest {
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly audience: string;
  readonly roles: readonly string[];
  readonly lifetimeSeconds: number;
  /** Left out, the application itself. */
  readonly user?: TokenUser | undefined;
}

export interface TokenUser {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
}

export type TokenCheck = { readonly caller: Caller } | { readonly problem: string };

function userClaims({ userPrincipalName, displayName }: TokenUser): Readonly<Record<string, string>> {
  return {
    appidacr: '0',
    idtyp: 'user',
    name: displayName,
    scp: 'user_impersonation',
    unique_name: userPrincipalName,
    upn: userPrincipalName,
  };
}

/** Tokens are looked at with every request: those that proved good are remembered. */
const remembered = 1_000;

export type Tokens = ReturnType<typeof tokenStore>;

export function tokenStore(facts: Facts, tenantId: string, clock: Clock) {
  const key = createPrivateKey(
    facts.once('signingKey', () =>
      generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ),
  );
  const publicKey = createPublicKey(key);
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 27);
  const known = new Map<string, Caller>();

  function parseCaller(text: string): TokenCheck {
    const jwt = parseJwt(text);
    if (jwt === undefined) return { problem: 'CompactToken parsing failed with error code: 80049217' };
    if (!isSignedBy(jwt, publicKey)) return { problem: 'Signature is invalid.' };
    const { appid, aud, roles, exp, tid, idtyp, oid } = jwt.claims;
    if (typeof appid !== 'string' || typeof aud !== 'string' || typeof exp !== 'number' || tid !== tenantId) {
      return { problem: 'Access token validation failure.' };
    }
    const granted = Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
    const userId = idtyp === 'user' && typeof oid === 'string' ? oid : undefined;
    return { caller: { appId: appid, audience: aud, roles: new Set(granted), userId, expires: exp } };
  }

  return {
    keySet: { keys: [{ ...jwk, use: 'sig', kid, x5t: kid, alg: 'RS256' }] },

    issue({ appId, servicePrincipalId, audience, roles, lifetimeSeconds, user }: TokenRequest): string {
      const seconds = Math.floor(clock.now() / 1000);
      return signJwt(
        { kid, x5t: kid },
        {
          aud: audience,
          iss: `https://sts.windows.net/${tenantId}/`,
          iat: seconds,
          nbf: seconds,
          exp: seconds + Math.ceil(lifetimeSeconds),
          appid: appId,
          ...(user === undefined ? { appidacr: '1', idtyp: 'app' } : userClaims(user)),
          oid: servicePrincipalId,
          sub: servicePrincipalId,
          roles,
          tid: tenantId,
          uti: randomUUID(),
          ver: '1.0',
        },
        key,
      );
    },

    /** Says to a client who has signed in. */
    issueId(clientId: string, user: TokenUser, lifetimeSeconds: number): string {
      const seconds = Math.floor(clock.now() / 1000);
      return signJwt(
        { kid },
        {
          aud: clientId,
          iss: `https://sts.windows.net/${tenantId}/`,
          iat: seconds,
          nbf: seconds,
          exp: seconds + Math.ceil(lifetimeSeconds),
          name: user.displayName,
          oid: user.id,
          preferred_username: user.userPrincipalName,
          upn: user.userPrincipalName,
          sub: user.id,
          tid: tenantId,
          ver: '2.0',
        },
        key,
      );
    },

    check(text: string): TokenCheck {
      let caller = known.get(text);
      if (caller === undefined) {
        const parsed = parseCaller(text);
        if ('problem' in parsed) return parsed;
        caller = parsed.caller;
        if (known.size >= remembered) known.clear();
        known.set(text, caller);
      }
      if (caller.expires * 1000 <= clock.now()) {
        known.delete(text);
        return { problem: 'Lifetime validation failed, the token is expired.' };
      }
      return { caller };
    },
  };
}
