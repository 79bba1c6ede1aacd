/** The configuration document: its schema, reading it, and the secrets and files it refers to. */
export { checkConfiguration, configurationJsonSchema } from './check.ts';
export type {
  Configuration,
  DomainConfiguration,
  ForestConfiguration,
  MappingConfiguration,
  SecretReference,
} from './document.ts';
export * from './errors.ts';
export { type LoadedConfiguration, loadConfiguration, resolveFile, resolvePath, resolveSecret } from './load.ts';
export { nearest } from './nearest.ts';
