import type { Clock } from '../clock.ts';
import type { Profile } from '../profile.ts';
import type { Random } from '../random.ts';
import type { Database } from './database.ts';

/** What every part of the directory works with. */
export interface DirectoryContext {
  readonly database: Database;
  readonly clock: Clock;
  /** As it is now: tests change it while the tenant serves. */
  profile(): Profile;
  readonly random: Random;
}
