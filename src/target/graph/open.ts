import { setTimeout as sleep } from 'node:timers/promises';
import type { TargetEnvironment, TenantAccess } from '../access.ts';
import { httpsFetch } from '../https-fetch.ts';
import { Quota } from '../quota.ts';
import { openSignIn } from '../sign-in.ts';
import type { PermissionCheck, Target } from '../target.ts';
import { applyOperations } from './apply.ts';
import { graphKinds } from './attributes.ts';
import { checkTenant } from './check.ts';
import { graphClient } from './client.ts';
import type { GraphContext } from './context.ts';
import { Extensions } from './extensions.ts';
import { findObject } from './find.ts';
import type { GraphOptions } from './options.ts';
import { checkPermissions } from './permissions.ts';
import { graphProfile } from './profile.ts';
import { readTenant } from './read.ts';
import { readDeleted } from './read-deleted.ts';
import { Recent } from './recent.ts';
import { RoleHolders } from './roles.ts';

export interface GraphTarget extends Target {
  readonly readDeleted: NonNullable<Target['readDeleted']>;
  /** Each permission that is needed, whether the token carries it, and what for. */
  checkPermissions(): Promise<readonly PermissionCheck[]>;
}

/** Writes a tenant through Microsoft Graph. Sends nothing yet: `check` signs in. */
export function openGraphTarget(
  access: TenantAccess,
  environment: TargetEnvironment,
  options: GraphOptions = {},
): GraphTarget {
  const { now, random } = environment;
  const https = httpsFetch({ ca: access.ca, timeout: environment.answerTimeout });
  const fetch = environment.fetch ?? https;
  const wait = environment.sleep ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
  const { origin } = new URL(access.cloud.graph);
  const signIn = openSignIn(access, `${origin}/.default`, fetch, now);
  const context: GraphContext = {
    tenant: access.tenantId,
    origin,
    client: graphClient(origin, signIn, fetch),
    signIn,
    quota: new Quota({ now, sleep: wait }),
    kinds: graphKinds(options),
    options,
    recent: new Recent(now),
    roles: new RoleHolders(),
    extensions: new Extensions(),
    now,
    random,
    sleep: wait,
    log: environment.log ?? (() => undefined),
  };
  return {
    profile: graphProfile(options),
    check: (signal) => checkTenant(context, signal),
    read: (token, signal) => readTenant(context, token, signal),
    readDeleted: (kind, signal) => readDeleted(context, kind, signal),
    apply: (operations, signal) => applyOperations(context, operations, signal),
    find: (object, signal) => findObject(context, object, signal),
    quota: () => context.quota.use,
    async checkPermissions() {
      const { roles } = await signIn.token(false);
      return checkPermissions(roles, options);
    },
    async [Symbol.asyncDispose]() {
      https[Symbol.dispose]();
    },
  };
}
