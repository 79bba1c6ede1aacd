/** The configuration document: its schema, reading it, and the secrets and files it refers to. */

/** The right name that was probably meant. */
export { nearestName as nearest } from '../rules/index.ts';
export { checkConfiguration, configurationJsonSchema } from './check.ts';
export { checkReferences, type SecretPlaces } from './check-references.ts';
export { checkRules } from './check-rules.ts';
export type {
  ClauseConfiguration,
  Configuration,
  DirectoryExtensionConfiguration,
  DomainConfiguration,
  FilterConfiguration,
  ForestConfiguration,
  JoinConfiguration,
  MappingConfiguration,
  SecretReference,
} from './document.ts';
export { durationPattern, parseDuration } from './duration.ts';
export * from './errors.ts';
export {
  type ImportedConfiguration,
  type ImportedFile,
  type ImportedItem,
  importConfiguration,
  UnknownExportError,
} from './import/index.ts';
export {
  type LoadedConfiguration,
  loadConfiguration,
  readConfiguration,
  resolveBytes,
  resolveFile,
  resolvePath,
  resolveSecret,
  type Vault,
} from './load.ts';
