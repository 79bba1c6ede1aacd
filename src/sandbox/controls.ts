import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { Directory } from './directory/index.ts';
import type { Profile, SandboxProfile } from './profile.ts';
import type { Applications } from './sign-in/index.ts';

/** What tests and benches hold in hand of a running tenant. */
export interface SandboxControls {
  readonly tenantId: string;
  readonly counters: Readonly<Counters>;
  readonly clock: Clock;
  /** The directory behind Graph, to look into and to write as other services do. */
  readonly directory: Directory;
  readonly applications: Applications;
  profile(): Profile;
  /** Lays a change over the profile, at once. */
  changeProfile(change: SandboxProfile): void;
  /** A further application with its own secret, holding these roles of Graph. */
  addApplication(
    displayName: string,
    roles: readonly string[],
  ): { readonly clientId: string; readonly clientSecret: string };
  /** Makes an object a member of a directory role, by the role's name. */
  grantDirectoryRole(displayName: string, objectId: string): void;
  /** From now on delta queries start over. */
  loseDeltaTokens(): void;
}
