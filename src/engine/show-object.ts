import type { ErrorReport, ObjectKind } from '../model/index.ts';
import { objectKinds } from '../model/index.ts';
import type { Rules } from '../rules/index.ts';
import { type IdentityRow, knownOf, parseAttributes, type SourceRow, type StateReader } from '../state/index.ts';
import { readDesired } from './desired.ts';
import {
  InvalidSoftMatchError,
  PinnedError,
  PrivilegedObjectError,
  SoftMatchHeldError,
  TenantDriftError,
} from './object-errors.ts';
import type { ObjectInfo, ObjectQuery, SourceObjectInfo } from './shapes.ts';
import { parseReport, showAttribute, showValue } from './show.ts';
import { viewOf } from './source-view.ts';

/** Finds an identity, or a source object that is none, by any of its names. */
export function findObject(read: StateReader, rules: Rules, query: ObjectQuery): ObjectInfo | undefined {
  const { objects } = read;
  const source =
    query.by === 'dn'
      ? objects.sourceByDn(query.value)
      : query.by === 'objectGuid'
        ? objects.sourceByGuid(query.value.toLowerCase())
        : undefined;
  if (source !== undefined) return showSource(read, rules, source);
  const identity =
    query.by === 'anchor'
      ? objects.identityByAnchor(query.value)
      : query.by === 'userPrincipalName'
        ? objects.identityByUserPrincipalName(query.value)
        : query.by === 'tenantId'
          ? objects.identityByTenantId(query.value.toLowerCase())
          : query.by === 'mail'
            ? objects.identityByMail(query.value)
            : undefined;
  if (identity !== undefined) return showIdentity(read, rules, identity);
  // Whoever asks why somebody is not there knows the name, not the place in the directory.
  if (query.by !== 'userPrincipalName' && query.by !== 'mail') return undefined;
  const left = objects.leftOutBy(query.by, query.value);
  return left === undefined ? undefined : showSource(read, rules, left);
}

export function showSource(read: StateReader, rules: Rules, source: SourceRow): ObjectInfo {
  const identity = source.identity === null ? undefined : read.objects.identity(source.identity);
  if (identity !== undefined) return showIdentity(read, rules, identity);
  const attributes = parseAttributes(source.attributes);
  const name = attributes['displayName']?.[0] ?? attributes['cn']?.[0] ?? source.dn;
  const principal = attributes['userPrincipalName']?.[0];
  return {
    anchor: null,
    kind: source.kind,
    displayName: typeof name === 'string' ? name : source.dn,
    userPrincipalName: typeof principal === 'string' ? principal : null,
    tenantId: null,
    state: source.reason_code === 'targetUnsupported' ? 'unsupported' : 'outOfScope',
    reason: { code: source.reason_code, text: source.reason },
    error: null,
    sources: [sourceInfo(read, source)],
    desired: {},
    tenant: null,
  };
}

export function showIdentity(read: StateReader, rules: Rules, identity: IdentityRow): ObjectInfo {
  const tenant = read.objects.tenantOf(identity.id);
  const escrow = read.objects.escrowOf(identity.id);
  const sources = read.objects.sourcesOf(identity.id);
  const error = parseReport(identity.error) ?? parseReport(escrow?.error ?? null);
  const [source] = sources;
  return {
    anchor: identity.anchor,
    kind: identity.kind,
    displayName: identity.display_name,
    userPrincipalName: identity.user_principal_name,
    tenantId: tenant?.tenant_id ?? null,
    state: stateOf(identity, source, tenant === undefined || tenant.soft_deleted === 1, error),
    reason:
      source === undefined
        ? { code: identity.cause, text: 'No directory holds it any more.' }
        : { code: source.reason_code, text: source.reason },
    error,
    sources: sources.map((one) => sourceInfo(read, one)),
    desired: desiredWithLineage(rules, identity, sources),
    tenant:
      tenant === undefined
        ? null
        : Object.fromEntries(
            Object.entries(knownOf(tenant).attributes).map(([name, value]) => [
              name,
              showAttribute(name, value, rules.redacted[identity.kind]),
            ]),
          ),
  };
}

/** What the engine or a person holds, though no tenant has refused it. */
const holding: ReadonlySet<string> = new Set(
  [InvalidSoftMatchError, PinnedError, PrivilegedObjectError, SoftMatchHeldError, TenantDriftError].map(
    ({ code }) => code,
  ),
);

function stateOf(
  identity: IdentityRow,
  source: SourceRow | undefined,
  absent: boolean,
  error: ErrorReport | null,
): string {
  if (identity.error !== null) return 'held';
  if (error !== null) return holding.has(error.code) ? 'held' : 'failed';
  if (identity.desired === null) {
    if (source?.reason_code === 'targetUnsupported') return 'unsupported';
    if (source !== undefined) return 'outOfScope';
    return absent ? 'deleted' : 'pending';
  }
  return absent ? 'pending' : 'synced';
}

/** What should be in the tenant, mapped again so that each value can say which mapping of which connector gave it. */
function desiredWithLineage(rules: Rules, identity: IdentityRow, sources: readonly SourceRow[]): ObjectInfo['desired'] {
  if (identity.desired === null) return {};
  const views = sources.flatMap((source) =>
    source.in_scope === 1 && isObjectKind(source.kind) ? [viewOf({ ...source, kind: source.kind })] : [],
  );
  const mapped = views.length === 0 ? undefined : rules.map(identity.kind, views);
  const { always, create } = readDesired(identity.desired);
  return Object.fromEntries(
    Object.entries({ ...create, ...always }).map(([attribute, value]) => {
      const lineage = mapped?.values[attribute]?.lineage;
      return [
        attribute,
        {
          value: showAttribute(attribute, value, rules.redacted[identity.kind]),
          mapping: lineage?.mapping ?? '',
          connector: lineage?.connector ?? '',
        },
      ];
    }),
  );
}

function sourceInfo(read: StateReader, source: SourceRow): SourceObjectInfo {
  return {
    connector: source.connector,
    server: read.connectors.byName(source.connector)?.server ?? null,
    guid: source.guid,
    kind: source.kind,
    dn: source.dn,
    attributes: Object.fromEntries(
      Object.entries(parseAttributes(source.attributes)).map(([name, values]) => [name, values.map(showValue)]),
    ),
    inScope: source.in_scope === 1,
    reason: { code: source.reason_code, text: source.reason },
    readAt: source.read_at,
    usn: source.usn,
  };
}

function isObjectKind(kind: string): kind is ObjectKind {
  return objectKinds.some((known) => known === kind);
}
