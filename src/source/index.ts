/** Reading directories: domain controllers over LDAP, and LDIF exports of one. Knows nothing of what becomes of it. */
export { type ActiveDirectoryOptions, openActiveDirectory } from './active-directory.ts';
export { type ControllerCheck, checkControllers } from './check.ts';
export type { DomainControllersOptions } from './domain-controllers.ts';
export * from './errors.ts';
export { findServers } from './find-servers.ts';
export { type LdifOptions, openLdif } from './ldif/ldif.ts';
export type {
  ControllerContact,
  DomainFacts,
  LinkPart,
  ReadRequest,
  Source,
  SourceChange,
  SourceEvent,
  Watermark,
} from './source.ts';
export type { TlsTrust } from './wire/tls.ts';
