export { type Directory, openDirectory } from './directory.ts';
export { domainPattern, type TenantDomain } from './domains.ts';
export { keyRule } from './keys.ts';
export type { LinkAttribute } from './links.ts';
export {
  cloudSid,
  type DirectoryKind,
  type DirectoryObject,
  directoryKinds,
  isUnified,
  type Properties,
  type PropertyChanges,
  type PropertyValue,
  text,
  texts,
} from './object.ts';
export type { Condition, SqlValue } from './objects.ts';
export { DirectoryRefusal, ObjectQuotaReached, ValueTaken } from './refusals.ts';
export type { DirectoryWriter } from './writer.ts';
