export { loseDeltaTokens } from './delta.ts';
export { findDirectoryRole, openDirectoryRoles } from './directory-roles.ts';
export { allRoles } from './permissions.ts';
export { graphService, type Served } from './service.ts';
export { initialProperties } from './write.ts';
