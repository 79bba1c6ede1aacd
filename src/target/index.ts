/**
 * Writing tenants: what a target can be told, and the two there are: Microsoft Graph and the synchronization service.
 * Knows nothing of where the wishes come from.
 */
export type { TargetEnvironment, TenantAccess, TenantCredential } from './access.ts';
export { type CloudEndpoints, cloudEndpoints, customCloud } from './clouds.ts';
export * from './errors.ts';
export { type DirectoryExtensions, type ExtensionDefinition, extensionNames } from './extension.ts';
export { type GraphTarget, openGraphTarget } from './graph/open.ts';
export type { GraphOptions } from './graph/options.ts';
export { type Fetch, httpsFetch } from './https-fetch.ts';
export * from './object-errors.ts';
export { targetProfile } from './profile.ts';
export type { QuotaUse } from './quota.ts';
export * from './sign-in-errors.ts';
export * from './sync-api/index.ts';
export * from './target.ts';
