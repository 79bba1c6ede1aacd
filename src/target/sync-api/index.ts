/** The synchronization service as a target: users, groups, contacts, devices and password hashes, as synced objects. */
export * from './errors.ts';
export { openSyncApiTarget } from './open.ts';
export type { SyncApiOptions } from './options.ts';
export { syncApiProfile } from './profile.ts';
