import type { Clock } from '../clock.ts';
import type { Directory } from '../directory/index.ts';
import type { Profile } from '../profile.ts';
import type { Applications } from '../sign-in/index.ts';

/** What Graph's end points work with. */
export interface GraphContext {
  readonly tenantId: string;
  readonly directory: Directory;
  readonly applications: Applications;
  readonly clock: Clock;
  profile(): Profile;
}
