import { type Dn, digestOf, type ErrorReport, type TenantAttributes } from '../model/index.ts';
import type { Mapped, ScopeRoots, SourceView } from '../rules/index.ts';
import type { EvaluationRow, IdentityRow, Place, StateTransactor } from '../state/index.ts';
import { breathe } from './breathe.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';
import { desiredOf, writeDesired } from './desired.ts';
import { ScopeRootMissingError } from './errors.ts';
import { joinedIdentity } from './join.ts';
import { GroupTooLargeError, SourceAnchorChangedError } from './object-errors.ts';
import { logDecision } from './provisioning-log.ts';
import { nameOf, viewOf } from './source-view.ts';

const batch = 500;

/**
 * Decides on every source object that changed: whether it takes part, on which anchor, and what it should be in
 * the tenant. Only what came out differently is marked for planning.
 */
export async function evaluate(context: EngineContext, run: CycleRun): Promise<void> {
  const { state, rules } = context;
  const rulesChanged = state.read.facts.get('rulesDigest') !== rules.digest;
  state.transact((tx) => {
    if (rulesChanged) {
      tx.evaluation.markAllDirty();
      tx.facts.set('rulesDigest', rules.digest);
    }
    tx.evaluation.settleOthers();
    const size = sizeOf(context);
    if (size !== undefined) tx.evaluation.markSizes(size.attribute, size.limit);
  });
  const scope = state.transact((tx) => locateScope(context, run, tx));
  const total = state.transact((tx) => tx.evaluation.countDirty());
  // What was left out before and still is, is no news for the log.
  const leftOut = new Set<number>();
  let done = 0;
  let skipped = 0;
  for (let after = 0; ; ) {
    await breathe();
    run.signal.throwIfAborted();
    const rows = state.transact((tx) => {
      const page = tx.evaluation.dirtySources(after, batch);
      for (const row of page) {
        if (row.reason_code === 'targetUnsupported') leftOut.add(row.id);
        if (!scope.blocked.has(row.forest)) skipped += decide(context, run, tx, scope.roots, row) ? 0 : 1;
      }
      return page.map((row) => row.id);
    });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last;
    done += rows.length;
    run.progress({ phase: 'evaluate', done, total });
  }
  run.add({ skipped });
  for (let after = 0; ; ) {
    await breathe();
    run.signal.throwIfAborted();
    const rows = state.transact((tx) => {
      const page = tx.evaluation.staleIdentities(after, batch);
      // A forest whose scope can't be told stays as it is, deletions among it.
      for (const row of page)
        if (row.forest === null || !scope.blocked.has(row.forest))
          settle(context, run, tx, row, { rulesChanged, leftOut });
      return page.map((row) => row.id);
    });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last;
  }
  state.transact((tx) => tx.evaluation.forgetIdentities());
}

/** Decides on one source object and what it is joined in, by itself. */
export function evaluateOne(context: EngineContext, run: CycleRun, source: number): void {
  context.state.transact((tx) => {
    const { roots, blocked } = locateScope(context, run, tx);
    const row = tx.evaluation.source(source);
    if (row === undefined || blocked.has(row.forest)) return;
    const leftOut = new Set(row.reason_code === 'targetUnsupported' ? [source] : []);
    decide(context, run, tx, roots, row);
    const { identity } = tx.evaluation.source(source) ?? row;
    const stale = identity === null ? undefined : tx.evaluation.staleIdentity(identity);
    if (stale !== undefined) settle(context, run, tx, stale, { rulesChanged: false, leftOut });
  });
}

/** Finds the configured scope roots; a forest that lacks one is left as it is, since a lost root looks like mass deletion. */
function locateScope(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
): { readonly roots: ScopeRoots; readonly blocked: ReadonlySet<string> } {
  const current = new Map<string, Dn>();
  const blocked = new Set<string>();
  const groups: { id: number; name: string; nested: boolean; forest: string }[] = [];
  const configured = new Set<string>();
  for (const root of context.rules.scopeRoots) {
    configured.add(`${root.forest}\n${root.dn}`);
    const found = tx.scoping.locate(root.forest, root.dn);
    if (found === undefined) {
      const connectors = context.connectors.filter((connector) => connector.forest === root.forest);
      const error = new ScopeRootMissingError(root.forest, root.dn).report();
      for (const { name } of connectors) {
        if (!run.connectorErrors.some((failed) => failed.connector === name)) run.connectorFailed(name, error);
      }
      context.log('error', 'scopeRootMissing', { cycle: run.id, ...error });
      blocked.add(root.forest);
      run.blockedForests.add(root.forest);
      continue;
    }
    if (found.dn.toLowerCase() !== root.dn.toLowerCase()) {
      context.log('warn', 'scopeRootMoved', { cycle: run.id, configured: root.dn, now: found.dn });
    }
    current.set(root.dn, found.dn);
    if (root.kind === 'group') groups.push({ id: found.id, name: root.dn, nested: root.nested, forest: root.forest });
  }
  tx.scoping.keepRoots(configured);
  if (tx.scoping.mayHaveChanged()) {
    tx.scoping.resolveMembers(
      groups.filter(({ forest }) => !blocked.has(forest)),
      blocked,
    );
  }
  return { roots: { current }, blocked };
}

/** Decides on one source object; says whether it takes part. */
function decide(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  roots: ScopeRoots,
  row: EvaluationRow,
): boolean {
  const { evaluation } = tx;
  const view = viewOf(row);
  const out = (reason: { code: string; text: string }): false => {
    if (reason.code !== row.reason_code) logSkip(context, run, tx, view, reason);
    evaluation.setScope(row.id, false, reason, row.identity);
    if (row.identity !== null) evaluation.markStale(row.identity);
    return false;
  };
  if (!context.configuration.objects.includes(row.kind)) {
    return out({ code: 'kindNotConfigured', text: `Objects of kind ${row.kind} are not listed under objects.` });
  }
  const decision = context.rules.scope(view, roots);
  if (decision.in === undefined) {
    // Nobody can tell whether it takes part: it stays as it was, and what it is joined in is held.
    evaluation.setScope(row.id, row.in_scope === 1, decision.reason, row.identity);
    if (row.identity !== null) evaluation.hold(row.identity, decision.error, nameOf(view));
    return row.in_scope === 1;
  }
  if (!decision.in) return out(decision.reason);
  const support = context.target.profile.kinds[row.kind];
  if (!support.supported) return out({ code: 'targetUnsupported', text: support.reason });
  const anchor = context.rules.anchor(view);
  if (anchor.anchor === undefined) return out(anchor.reason);
  const others = evaluation.joinedBy(row.id, context.rules.joinKeys(view));
  if (others.length > 0) {
    const joined = joinedIdentity(context, tx, row, others, anchor.anchor);
    evaluation.setScope(row.id, true, decision.reason, joined ?? row.identity);
    if (joined !== undefined) evaluation.markStale(joined);
    return true;
  }
  const former = row.identity === null ? undefined : evaluation.anchorOf(row.identity);
  if (row.identity !== null && former !== undefined && former.anchor !== anchor.anchor) {
    if (former.known === 1) {
      evaluation.setScope(row.id, row.in_scope === 1, decision.reason, row.identity);
      evaluation.hold(
        row.identity,
        new SourceAnchorChangedError(row.dn, former.anchor, anchor.anchor).report(),
        nameOf(view),
      );
      return true;
    }
    evaluation.markStale(row.identity);
  }
  const identity = evaluation.ensureIdentity(row.kind, anchor.anchor, nameOf(view));
  evaluation.setScope(row.id, true, decision.reason, identity);
  evaluation.markStale(identity);
  return true;
}

/** What takes no part is logged when that becomes so, not with every cycle in which it stays so. */
function logSkip(
  { now }: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  view: SourceView,
  reason: { readonly code: string; readonly text: string },
): void {
  logDecision(tx, {
    at: now().toISOString(),
    cycle: run.id,
    action: 'skip',
    status: 'skipped',
    actor: run.actor,
    kind: view.kind,
    displayName: nameOf(view),
    dn: view.dn,
    detail: { connector: view.connector, objectGuid: view.guid, reason },
  });
}

/** Maps an identity afresh from all that is joined in it. */
function settle(
  context: EngineContext,
  run: CycleRun,
  tx: StateTransactor,
  identity: IdentityRow,
  { rulesChanged, leftOut }: { readonly rulesChanged: boolean; readonly leftOut: ReadonlySet<number> },
): void {
  const { evaluation } = tx;
  const rows = evaluation.sourcesInScope(identity.id);
  const views = rows.map(viewOf);
  settleSignIn(context, tx, rows, views);
  const [first] = views;
  const place: Place = { forest: first?.domain.forest ?? null, dn: first?.dn ?? null };
  if (first === undefined) {
    if (identity.desired === null) {
      evaluation.settle(identity.id, place);
      return;
    }
    const gone = !evaluation.hasSources(identity.id);
    const cause = gone ? identity.cause : rulesChanged ? 'configurationChanged' : 'leftScope';
    evaluation.setDesired({ ...none(identity), ...place, cause });
    return;
  }
  const mapped = context.rules.map(identity.kind, views);
  const name = nameOf(first);
  const { desired, errors } = desiredOf(context.target.profile, identity.kind, mapped, first.dn);
  const [error] = errors;
  if (error !== undefined) {
    evaluation.hold(identity.id, withObject(error, first.dn), name);
    return;
  }
  const attributes = { ...desired.create, ...desired.always };
  const writable = context.target.profile.writable(identity.kind, { ...mappedValues(mapped), ...attributes });
  if (!writable.writable) {
    const reason = { code: 'targetUnsupported', text: writable.reason };
    tx.evaluation.refuse(identity.id, reason.code, reason.text);
    run.add({ skipped: rows.length });
    for (const [i, view] of views.entries())
      if (!leftOut.has(rows[i]?.id ?? 0)) logSkip(context, run, tx, view, reason);
    if (identity.desired === null) {
      evaluation.settle(identity.id, place);
      return;
    }
    evaluation.setDesired({ ...none(identity), ...place, cause: 'leftScope' });
    return;
  }
  const size = identity.kind === 'group' ? sizeOf(context) : undefined;
  if (size !== undefined && evaluation.hasMoreMembers(identity.id, size.attribute, size.limit)) {
    // What is in the tenant already is not deleted for having grown.
    if (identity.desired !== null) {
      evaluation.hold(identity.id, new GroupTooLargeError(first.dn, size.limit).report(), name);
      return;
    }
    const reason = `It has more than the ${size.limit} members that the tenant takes of a group.`;
    evaluation.refuse(identity.id, 'tooManyMembers', reason);
    evaluation.settle(identity.id, place);
    return;
  }
  const text = writeDesired(desired);
  const hash = digestOf(text);
  if (identity.desired_hash !== null && Buffer.compare(identity.desired_hash, hash) === 0) {
    evaluation.settle(identity.id, place);
    return;
  }
  const keys = context.rules.matchKeys(identity.kind, identity.anchor, mapped);
  const displayName = attributes['displayName'];
  evaluation.setDesired({
    ...place,
    id: identity.id,
    desired: text,
    hash,
    displayName: typeof displayName === 'string' ? displayName : name,
    userPrincipalName: keys.userPrincipalName ?? null,
    mail: keys.primarySmtp?.toLowerCase() ?? null,
    cause:
      identity.desired === null
        ? identity.cause === 'new'
          ? 'new'
          : 'cameIntoScope'
        : rulesChanged
          ? 'configurationChanged'
          : 'sourceChanged',
    linksChanged: identity.desired === null ? 1 : 0,
  });
}

/** How many members a group may have, and under which attribute they are; nothing where the tenant takes any number. */
function sizeOf({ rules, target }: EngineContext): { readonly attribute: string; readonly limit: number } | undefined {
  const limit = target.profile.membersPerGroup;
  const members = rules.references('group').find((reference) => reference.target === 'member');
  return limit === undefined || members === undefined ? undefined : { attribute: members.source, limit };
}

/** Of joined accounts the first in their order gives the sign-in, as it gives what says something of the account. */
function settleSignIn(
  { rules }: EngineContext,
  tx: StateTransactor,
  rows: readonly EvaluationRow[],
  views: readonly SourceView[],
): void {
  const [account] = rules.inOrder(views);
  for (const [i, row] of rows.entries()) {
    const signsIn = views[i] === account;
    if (signsIn !== (row.signs_in === 1)) tx.passwords.signsIn(row.id, signsIn);
  }
}

const none = (identity: IdentityRow) => ({
  id: identity.id,
  desired: null,
  hash: null,
  displayName: identity.display_name,
  userPrincipalName: identity.user_principal_name,
  mail: identity.mail,
  linksChanged: 1,
});

function mappedValues(mapped: Mapped): TenantAttributes {
  return Object.fromEntries(Object.entries(mapped.values).map(([name, { value }]) => [name, value]));
}

function withObject(error: ErrorReport, object: string): ErrorReport {
  return error.object === undefined ? { ...error, object } : error;
}
