import type { TargetEnvironment } from '../access.ts';
import type { Quota } from '../quota.ts';
import type { SignIn } from '../sign-in.ts';
import type { GraphKind } from './attributes.ts';
import type { GraphClient } from './client.ts';
import type { Extensions } from './extensions.ts';
import type { GraphOptions } from './options.ts';
import type { Recent } from './recent.ts';
import type { RoleHolders } from './roles.ts';

/** Everything the Graph target works with, built by hand in `openGraphTarget`. */
export interface GraphContext {
  readonly tenant: string;
  /** Origin of Graph: references to objects are URLs. */
  readonly origin: string;
  readonly client: GraphClient;
  readonly signIn: SignIn;
  readonly quota: Quota;
  readonly kinds: { readonly user: GraphKind; readonly group: GraphKind };
  readonly options: GraphOptions;
  readonly recent: Recent;
  readonly roles: RoleHolders;
  readonly extensions: Extensions;
  readonly now: () => Date;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly log: NonNullable<TargetEnvironment['log']>;
}
