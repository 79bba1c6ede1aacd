import { createHash, randomBytes, randomUUID, timingSafeEqual, X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Directory } from '../directory/index.ts';

/** What signs in, by secret, certificate or another identity provider's token, and what it may then do. */
export interface Credential {
  readonly id: string;
  readonly type: 'secret' | 'certificate' | 'federated';
  /** SHA-256 of a secret in hex, PEM of a certificate, a `FederatedIdentity` as JSON. */
  readonly value: string;
  readonly displayName: string | undefined;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** Whose token stands for the application: a workload identity. */
export interface FederatedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** PEM of the key the issuer signs with; the real tenant asks the issuer for it. */
  readonly publicKey: string;
}

interface CredentialRow {
  readonly id: string;
  readonly type: Credential['type'];
  readonly value: string;
  readonly display_name: string | null;
  readonly starts_at: number;
  readonly ends_at: number;
}

export type Applications = ReturnType<typeof applicationStore>;

const secretLives = 2 * 365 * 86_400_000;

export function applicationStore({ database, objects, transact }: Directory, clock: Clock) {
  const credentials = database.prepare<[string], CredentialRow>(
    'SELECT * FROM credential WHERE app_id = ? ORDER BY id',
  );
  const insert = database.prepare<[string, string, string, string, string | null, number, number]>(
    'INSERT INTO credential VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = database.prepare<[string, string]>('DELETE FROM credential WHERE app_id = ? AND id = ?');
  const roles = database.prepare<[string, string], { role: string }>(
    'SELECT role FROM app_role WHERE app_id = ? AND resource = ? ORDER BY role',
  );
  const grant = database.prepare<[string, string, string]>(
    'INSERT INTO app_role VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const revoke = database.prepare<[string, string, string]>(
    'DELETE FROM app_role WHERE app_id = ? AND resource = ? AND role = ?',
  );

  const find = (kind: 'application' | 'servicePrincipal', appId: string) =>
    objects.byKey('appId', appId).find((object) => object.kind === kind && object.state === 'live');

  return {
    /** Registers an application with its service principal; gives back its client id. */
    register(displayName: string, appId: string = randomUUID()): string {
      transact((writer) => {
        const properties = { appId, displayName, signInAudience: 'AzureADMyOrg' };
        writer.create('application', properties, { atOnce: true });
        writer.create(
          'servicePrincipal',
          {
            appId,
            displayName,
            servicePrincipalType: 'Application',
            accountEnabled: true,
            servicePrincipalNames: [appId],
          },
          { atOnce: true },
        );
      });
      return appId;
    },
    exists: (appId: string): boolean => find('servicePrincipal', appId) !== undefined,
    servicePrincipal: (appId: string) => find('servicePrincipal', appId),
    credentials: (appId: string): readonly Credential[] =>
      credentials.all(appId.toLowerCase()).map((row) => ({
        id: row.id,
        type: row.type,
        value: row.value,
        displayName: row.display_name ?? undefined,
        startsAt: row.starts_at,
        endsAt: row.ends_at,
      })),
    addSecret(
      appId: string,
      secret: string,
      { displayName, endsAt }: { displayName?: string; endsAt?: number } = {},
    ): Credential {
      const now = clock.now();
      const id = randomUUID();
      const ends = endsAt ?? now + secretLives;
      insert.run(id, appId.toLowerCase(), 'secret', digest(secret), displayName ?? null, now, ends);
      return { id, type: 'secret', value: digest(secret), displayName, startsAt: now, endsAt: ends };
    },
    /** `pem`: the certificate alone; the private key stays with the application. */
    addCertificate(appId: string, pem: string, displayName?: string): Credential {
      const certificate = new X509Certificate(pem);
      const id = randomUUID();
      const [starts, ends] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
      insert.run(id, appId.toLowerCase(), 'certificate', certificate.toString(), displayName ?? null, starts, ends);
      return { id, type: 'certificate', value: certificate.toString(), displayName, startsAt: starts, endsAt: ends };
    },
    addFederatedIdentity(appId: string, identity: FederatedIdentity): Credential {
      const id = randomUUID();
      const [value, now] = [JSON.stringify(identity), clock.now()];
      insert.run(id, appId.toLowerCase(), 'federated', value, null, now, Number.MAX_SAFE_INTEGER);
      return { id, type: 'federated', value, displayName: undefined, startsAt: now, endsAt: Number.MAX_SAFE_INTEGER };
    },
    removeCredential: (appId: string, id: string): boolean => remove.run(appId.toLowerCase(), id).changes > 0,
    roles: (appId: string, resource: string): readonly string[] =>
      roles.all(appId.toLowerCase(), resource).map(({ role }) => role),
    grant(appId: string, resource: string, role: string): void {
      grant.run(appId.toLowerCase(), resource, role);
    },
    revoke(appId: string, resource: string, role: string): void {
      revoke.run(appId.toLowerCase(), resource, role);
    },
  };
}

function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function isSecret(credential: Credential, secret: string): boolean {
  return (
    credential.type === 'secret' &&
    timingSafeEqual(Buffer.from(credential.value, 'hex'), Buffer.from(digest(secret), 'hex'))
  );
}

/** In the alphabet of Entra's own, so that what needs escaping somewhere shows. */
export function newSecret(): string {
  return `${randomBytes(3).toString('base64url')}8Q~${randomBytes(24).toString('base64url')}`;
}

/** The identities among credentials. */
export function federatedIdentities(credentials: readonly Credential[]): readonly FederatedIdentity[] {
  return credentials
    .filter(({ type }) => type === 'federated')
    .map(({ value }) => JSON.parse(value) as FederatedIdentity);
}
