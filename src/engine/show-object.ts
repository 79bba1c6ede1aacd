import type { ObjectKind } from '../model/index.ts';
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
import type { ObjectInfo, ObjectQuery, ObjectState, SourceObjectInfo } from './shapes.ts';
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
    state: stateOfLeftOut(source.reason_code),
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
  const [refusedLink] = read.objects.refusedLinks(identity.id, 1);
  const error = parseReport(identity.error ?? escrow?.error ?? refusedLink?.error ?? null);
  const [source] = sources;
  return {
    anchor: identity.anchor,
    kind: identity.kind,
    displayName: identity.display_name,
    userPrincipalName: identity.user_principal_name,
    tenantId: tenant?.tenant_id ?? null,
    state: stateOf({
      held: identity.error !== null,
      code: error?.code ?? null,
      unwanted: identity.desired === null,
      absent: tenant === undefined || tenant.soft_deleted === 1,
      reason: source?.reason_code ?? null,
    }),
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
const holding: ReadonlySet<string | null> = new Set(
  [InvalidSoftMatchError, PinnedError, PrivilegedObjectError, SoftMatchHeldError, TenantDriftError].map(
    ({ code }) => code,
  ),
);

/** An identity as far as its state depends on it. */
interface Standing {
  /** Nothing can be made for it that could be sent. */
  readonly held: boolean;
  /** Of the error that holds it, or that it waits with. */
  readonly code: string | null;
  /** It should not be in the tenant. */
  readonly unwanted: boolean;
  readonly absent: boolean;
  /** Why its first source object is where it is; null where no directory holds it any more. */
  readonly reason: string | null;
}

export function stateOf({ held, code, unwanted, absent, reason }: Standing): ObjectState {
  if (held) return 'held';
  if (code !== null) return holding.has(code) ? 'held' : 'failed';
  if (!unwanted) return absent ? 'pending' : 'synced';
  if (reason !== null) return stateOfLeftOut(reason);
  return absent ? 'deleted' : 'pending';
}

export function stateOfLeftOut(reason: string): ObjectState {
  return reason === 'targetUnsupported' ? 'unsupported' : 'outOfScope';
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

export function isObjectKind(kind: string): kind is ObjectKind {
  return objectKinds.some((known) => known === kind);
}
