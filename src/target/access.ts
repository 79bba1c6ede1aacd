import type { Log } from '../model/index.ts';
import type { CloudEndpoints } from './clouds.ts';

/** Whom the tenant signs in. Secrets are asked for only when they are needed. */
export type TenantCredential = { readonly clientId: string } & (
  | { readonly kind: 'secret'; readonly secret: () => string }
  /** Certificates and their private key as PEM text, in any order; the first certificate is the application's. */
  | { readonly kind: 'certificate'; readonly pem: () => string; readonly passphrase?: (() => string) | undefined }
  | { readonly kind: 'pfx'; readonly pfx: () => Uint8Array; readonly passphrase?: (() => string) | undefined }
  /** A file that holds a token of another identity provider, renewed by the platform (federated credential). */
  | { readonly kind: 'workloadIdentity'; readonly tokenFile: string }
);

/** How to reach and sign in to one tenant. */
export interface TenantAccess {
  readonly tenantId: string;
  readonly cloud: CloudEndpoints;
  readonly credential: TenantCredential;
  /** PEM of the authority to trust in place of the system's, for both end points. */
  readonly ca?: string | undefined;
}

/** What a target takes from outside: time, chance, the network and the log. */
export interface TargetEnvironment {
  readonly now: () => Date;
  /** As `Math.random`: jitter only, never secrets. */
  readonly random: () => number;
  /** Waits that many milliseconds; rejects when aborted. A virtual clock brings its own. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  readonly log?: Log | undefined;
  /** Milliseconds without a byte until an answer counts as lost. */
  readonly answerTimeout?: number | undefined;
  /** In place of HTTPS with the access's authority. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}
