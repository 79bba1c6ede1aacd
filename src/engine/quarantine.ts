import { type Configuration, parseDuration } from '../config/index.ts';
import type { ErrorReport } from '../model/index.ts';
import { WrongPasswordError } from '../source/index.ts';
import {
  ApplicationUnknownError,
  CertificateRefusedError,
  FederatedTokenRefusedError,
  SecretExpiredError,
  SecretRefusedError,
  SignInBlockedError,
} from '../target/index.ts';
import { FailureThresholdError } from './errors.ts';

/** How something that keeps failing (a connector, the tenant) is doing. */
export interface Quarantine {
  /** Failures in a row. */
  readonly failures: number;
  /** When the series began. */
  readonly since: string;
  /** When a cycle nobody asked for tries it again; earlier only by hand. Null while it is not in quarantine. */
  readonly retryAt: string | null;
  readonly error: ErrorReport;
}

/** Trying again at once makes these worse: an account is locked, a tenant takes us for an attacker. */
const atOnce: ReadonlySet<string> = new Set(
  [
    WrongPasswordError,
    SecretRefusedError,
    SecretExpiredError,
    CertificateRefusedError,
    FederatedTokenRefusedError,
    ApplicationUnknownError,
    SignInBlockedError,
    FailureThresholdError,
  ].map(({ code }) => code),
);

type Settings = Configuration['quarantine'];

/** After one more failure: from the configured number on it is in quarantine, and tried ever more rarely. */
export function afterFailure(
  before: Pick<Quarantine, 'failures' | 'since'> | undefined,
  error: ErrorReport,
  now: Date,
  { failures: allowed, waits }: Settings,
): Quarantine {
  const failures = (before?.failures ?? 0) + 1;
  const since = before?.since ?? now.toISOString();
  const first = atOnce.has(error.code) ? 1 : allowed;
  if (failures < first) return { failures, since, retryAt: null, error };
  const wait = waits[Math.min(failures - first, waits.length - 1)] ?? '1d';
  return { failures, since, retryAt: new Date(now.getTime() + parseDuration(wait)).toISOString(), error };
}

/** Is it to be left alone by a cycle that nobody asked for? */
export function isResting(quarantine: Pick<Quarantine, 'retryAt'> | undefined, now: Date): boolean {
  return quarantine?.retryAt != null && quarantine.retryAt > now.toISOString();
}
