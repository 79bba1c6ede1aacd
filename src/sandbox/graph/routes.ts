import { applicationRoutes } from './applications.ts';
import { contactRoutes } from './contacts.ts';
import { deletedItemRoutes } from './deleted-items.ts';
import { deltaRoutes } from './delta.ts';
import { deviceRoutes } from './devices.ts';
import { directoryObjectRoutes } from './directory-objects.ts';
import { directoryRoleRoutes } from './directory-roles.ts';
import { domainRoutes } from './domains.ts';
import { extensionPropertyRoutes } from './extension-properties.ts';
import { groupRoutes } from './groups.ts';
import { managerRoutes } from './manager.ts';
import { memberRoutes } from './members.ts';
import { onPremisesSynchronizationRoutes, organizationRoutes } from './organization.ts';
import { roleEligibilityRoutes } from './role-eligibility.ts';
import type { Route } from './route.ts';
import { syncBehaviorRoutes } from './sync-behavior.ts';
import { bulkUploadRoutes } from './synchronization/bulk-upload.ts';
import { jobRoutes } from './synchronization/jobs.ts';
import { provisioningLogRoutes } from './synchronization/provisioning-log.ts';
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
  ...contactRoutes,
  ...deviceRoutes,
  ...syncBehaviorRoutes,
  ...directoryRoleRoutes,
  ...roleEligibilityRoutes,
  ...applicationRoutes,
  ...extensionPropertyRoutes,
  ...jobRoutes,
  ...bulkUploadRoutes,
  ...provisioningLogRoutes,
];
