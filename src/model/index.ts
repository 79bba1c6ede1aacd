/** The words of DESIGN as types: ids, names, values and errors that every room speaks. Pure. */
export { dn, dnKey, domainDn, escapeDnValue, isWithin, parentDn, parseDn, type Rdn, toDn } from './dn.ts';
export {
  CloudSyncError,
  type ErrorClass,
  type ErrorCode,
  type ErrorFacts,
  type ErrorReport,
  type Retry,
} from './error.ts';
export { type EventName, events, type Level, type Log, levels } from './events.ts';
export {
  type ConnectorName,
  connectorName,
  type Dn,
  type DnKey,
  type ObjectGuid,
  type ObjectKind,
  objectGuidFromBytes,
  objectGuidFromHex,
  objectGuidToBytes,
  objectKinds,
  parseObjectGuid,
  parseSid,
  parseSourceAnchor,
  parseTenantId,
  type Sid,
  type SourceAnchor,
  type SourceKind,
  sidFromBytes,
  sidToBytes,
  sourceAnchorFromBytes,
  type TenantId,
} from './ids.ts';
export {
  canonicalJson,
  digestOf,
  parseCanonicalJson,
  type Reference,
  type SourceAttributes,
  type SourceValue,
  sameValue,
  type TenantAttributes,
  type TenantValue,
} from './values.ts';
