import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Directory } from '../directory/index.ts';
import type { Profile } from '../profile.ts';
import type { Applications, Tokens } from '../sign-in/index.ts';
import type { PasswordStore } from './passwords.ts';
import type { SyncApiSettings } from './settings.ts';

/** What the synchronization service works with. */
export interface SyncContext {
  readonly tenantId: string;
  readonly directory: Directory;
  readonly applications: Applications;
  readonly tokens: Tokens;
  readonly passwords: PasswordStore;
  readonly clock: Clock;
  readonly counters: Counters;
  profile(): Profile;
  settings(): SyncApiSettings;
  /** Is a token's audience this service? */
  isSyncApi(audience: string): boolean;
}
