/**
 * The embedded tenant for demos, rehearsals and tests: sign-in and Microsoft Graph over HTTPS with its own
 * certificate authority, as strict as the real one and as moody as its profile says.
 */
export type { SandboxAccess } from './access-file.ts';
export type { Clock } from './clock.ts';
export type { Counters } from './counters.ts';
export type { Directory, DirectoryKind, DirectoryObject } from './directory/index.ts';
export {
  DomainNameError,
  ListenError,
  PortTakenError,
  ProfileError,
  SandboxDataError,
  SandboxDataTooNewError,
  SandboxError,
  SandboxInUseError,
} from './errors.ts';
export type { Exchange } from './exchange.ts';
export { type Profile, readProfile, realisticProfile, type SandboxProfile } from './profile.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts';
