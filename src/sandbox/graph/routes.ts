import { deletedItemRoutes } from './deleted-items.ts';
import { deltaRoutes } from './delta.ts';
import { directoryObjectRoutes } from './directory-objects.ts';
import { domainRoutes } from './domains.ts';
import { groupRoutes } from './groups.ts';
import { managerRoutes } from './manager.ts';
import { memberRoutes } from './members.ts';
import { onPremisesSynchronizationRoutes, organizationRoutes } from './organization.ts';
import type { Route } from './route.ts';
import { userRoutes } from './users.ts';

/** Every end point, by family. */
export const routes: readonly Route[] = [
  ...userRoutes,
  ...groupRoutes,
  ...memberRoutes,
  ...managerRoutes,
  ...deltaRoutes,
  ...deletedItemRoutes,
  ...directoryObjectRoutes,
  ...organizationRoutes,
  ...onPremisesSynchronizationRoutes,
  ...domainRoutes,
];
