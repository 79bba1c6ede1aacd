/** Writing tenants: what a target can be told, and Microsoft Graph as one. Knows nothing of where the wishes come from. */
export type { TargetEnvironment, TenantAccess, TenantCredential } from './access.ts';
export { type CloudEndpoints, cloudEndpoints, customCloud } from './clouds.ts';
export * from './errors.ts';
export { openGraphTarget } from './graph/open.ts';
export type { GraphOptions } from './graph/options.ts';
export { targetProfile } from './profile.ts';
export * from './target.ts';
