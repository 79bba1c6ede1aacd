/** The directory synchronization service on the tenant's directory, and the sign-in that is only of use with it. */
export { activate } from './features.ts';
export { writeRole } from './names.ts';
export { passwordStore } from './passwords.ts';
export { syncService } from './service.ts';
export { userSignIn } from './sign-in/user-sign-in.ts';
