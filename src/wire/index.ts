/**
 * The language of the directory synchronization service: .NET binary XML ([MC-NBFX] with the static dictionary of
 * [MC-NBFS], content type `application/soap+msbin1`), and the names and types of its contract. Pure: bytes in,
 * elements out, and back. Target and sandbox both speak it.
 */
export {
  actionOf,
  contentType,
  credentialResults,
  type FeatureName,
  faultCodes,
  featureBits,
  namespaces,
  servicePath,
  syncObjectTypes,
} from './contract.ts';
export { decode, decodeFragment, decodeStream } from './decode.ts';
export { type DictionaryUse, encode } from './encode.ts';
export * from './errors.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type Property, type PropertyKind, type PropertyType, properties, propertyOf } from './properties.ts';
export {
  attributeText,
  booleanOf,
  bytesOf,
  child,
  children,
  childText,
  dateOf,
  find,
  integerOf,
  isNil,
  text,
} from './read.ts';
export {
  attribute,
  element,
  isElement,
  namespace,
  type XmlAttribute,
  type XmlComment,
  type XmlContent,
  type XmlElement,
} from './tree.ts';
export { base64Of, dateTime, textOf, type Value } from './values.ts';
