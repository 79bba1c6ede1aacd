export { loseDeltaTokens } from './delta.ts';
export { allRoles } from './permissions.ts';
export { graphService, type Served } from './service.ts';
