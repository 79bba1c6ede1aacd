/** The directory synchronization service on the tenant's directory, and the sign-in that is only of use with it. */
export type { SyncContext } from './context.ts';
export { writeRole } from './names.ts';
export { isPassword, type PasswordStore, passwordStore } from './passwords.ts';
export { type SyncRequest, type SyncServed, syncService } from './service.ts';
export { type SyncApiSettings, syncApiSettings } from './settings.ts';
export { type UserSignInContext, userSignIn } from './sign-in/user-sign-in.ts';
