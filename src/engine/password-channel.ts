import type { CloudSyncError, ObjectGuid } from '../model/index.ts';
import {
  CookieTooOldError,
  changeDateOf,
  decidePassword,
  type PasswordChange,
  type PasswordReader,
  type PasswordRules,
  type PasswordSkip,
  type PasswordSubject,
  reasonsWithout,
  skipReasons,
  toCloudForm,
} from '../password/index.ts';
import { type ConnectorRow, type PasswordSubjectRow, parseAttributes } from '../state/index.ts';
import type { PasswordUpload, PasswordWrite } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import { retryAt } from './escrow.ts';
import { logDecision } from './provisioning-log.ts';

const dueAtOnce = 200;
/** Noted of a password that was sent as one to be changed at the next logon. */
const forced = 'forceChange';

/** Its form is being worked out in the thread pool, many at once. */
type Unsent = Omit<PasswordWrite, 'form'> & { readonly form: Promise<PasswordWrite['form']> };

/** One account's password, on its way or left out. */
interface Decided {
  readonly row: PasswordSubjectRow;
  readonly version: string | null;
  readonly skip: PasswordSkip | undefined;
  readonly write: Unsent | undefined;
}

/** What has become of them so far. */
export interface PasswordCounts {
  accounts: number;
  sent: number;
  skipped: number;
  failed: number;
}

export interface PasswordChannelOptions {
  readonly upload: PasswordUpload;
  readonly rules: PasswordRules;
  readonly connector: ConnectorRow;
  readonly reader: PasswordReader;
  readonly counts: PasswordCounts;
  readonly signal: AbortSignal;
}

/** The way of one domain's passwords to the tenant, from where the last read ended. */
export class PasswordChannel {
  readonly #context: EngineContext;
  readonly #upload: PasswordUpload;
  readonly #rules: PasswordRules;
  readonly #connector: ConnectorRow;
  readonly #reader: PasswordReader;
  readonly #counts: PasswordCounts;
  readonly #signal: AbortSignal;

  constructor(context: EngineContext, { upload, rules, connector, reader, counts, signal }: PasswordChannelOptions) {
    this.#context = context;
    this.#upload = upload;
    this.#rules = rules;
    this.#connector = connector;
    this.#reader = reader;
    this.#counts = counts;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    try {
      await this.#changes(this.#connector.password_cookie ?? undefined);
    } catch (error) {
      if (!(error instanceof CookieTooOldError)) throw error;
      this.#context.log('info', 'fullPasswordReadNeeded', { connector: this.#connector.name, reason: error.message });
      await this.#changes(undefined);
    }
    await this.#due();
  }

  async #changes(cookie: string | undefined): Promise<void> {
    const { state } = this.#context;
    for await (const event of this.#reader.changes(cookie, this.#signal)) {
      if (event.type === 'begin') continue;
      if (event.type === 'page') await this.#take(event.changes, event.cookie);
      else state.transact((tx) => tx.passwords.resume(this.#connector.id, event.cookie));
    }
  }

  /** What was left out and may go now, and what failed and is due: each account by itself, as it is now. */
  async #due(): Promise<void> {
    const { state, now } = this.#context;
    const noReasons = reasonsWithout(this.#rules);
    for (let after = ''; ; ) {
      const guids = state.transact((tx) =>
        tx.passwords.due(this.#connector.id, after, now().toISOString(), noReasons, dueAtOnce),
      );
      const last = guids.at(-1);
      if (last === undefined) return;
      after = last;
      const changes: PasswordChange[] = [];
      try {
        for (const guid of guids) {
          const change = await this.#reader.one(guid, this.#signal);
          if (change === undefined) state.transact((tx) => tx.passwords.forget(this.#connector.id, guid));
          else changes.push(change);
        }
        await this.#take(changes, undefined);
      } finally {
        for (const { password } of changes) if (password.kind === 'hash') password.hash[Symbol.dispose]();
      }
    }
  }

  /** Decides on accounts, sends what is to be sent, and notes both with the place the next read resumes at. */
  async #take(changes: readonly PasswordChange[], cookie: string | undefined): Promise<void> {
    const { state } = this.#context;
    this.#signal.throwIfAborted();
    const decided: Decided[] = [];
    for (const change of changes) {
      if (change.deleted) {
        state.transact((tx) => tx.passwords.forget(this.#connector.id, change.guid));
        continue;
      }
      const one = await this.#decide(change);
      if (one !== undefined) decided.push(one);
    }
    const failed = await this.#send(decided);
    state.transact((tx) => {
      for (const one of decided) this.#note(tx, one, failed.get(one.row.guid));
      if (cookie !== undefined) tx.passwords.resume(this.#connector.id, cookie);
    });
  }

  async #decide(change: PasswordChange): Promise<Decided | undefined> {
    const { state } = this.#context;
    const row = state.transact((tx) => tx.passwords.subject(this.#connector.id, change.guid));
    if (row === undefined) {
      this.#notReadYet(change.guid);
      return undefined;
    }
    this.#counts.accounts += 1;
    if (change.password.kind === 'unchanged') return await this.#decideAsItIs(change.guid, row);
    const { version } = change.password;
    const text = version === undefined ? null : `${version.origin} ${version.usn}`;
    const attributes = parseAttributes(row.attributes);
    const first = (name: string): string | undefined => {
      const [value] = attributes[name] ?? [];
      return typeof value === 'string' ? value : undefined;
    };
    if (change.password.kind === 'damaged') {
      this.#context.log('error', 'passwordDamaged', {
        connector: this.#connector.name,
        ...change.password.error.report(),
      });
    }
    const hash = change.password.kind === 'hash' ? change.password.hash : undefined;
    const decision = decidePassword(
      {
        objectClass: (attributes['objectClass'] ?? ['user']).filter((value) => typeof value === 'string'),
        sid: change.sid,
        sAMAccountName: first('sAMAccountName'),
        userAccountControl: change.userAccountControl ?? Number(first('userAccountControl') ?? 0),
        adminDescription: first('adminDescription'),
        synced: row.kind === 'user' && row.in_scope === 1 && row.tenant_id !== null && row.anchor !== null,
        signsIn: row.signs_in === 1,
        password: kindOf(change),
        mustChange: change.pwdLastSet === 'mustChange',
      },
      this.#rules,
    );
    if (!decision.send) return { row, version: text, skip: decision.reason, write: undefined };
    if (hash === undefined || row.anchor === null) return undefined;
    // The same value again: it is there already.
    const sameForce = (row.reason === forced) === decision.forceChangeOnLogon;
    if (row.state === 'sent' && text !== null && row.version === text && sameForce) return undefined;
    const form = toCloudForm(hash);
    // Whoever awaits it hears of it.
    form.catch(() => {});
    const write: Unsent = {
      user: { kind: 'user', anchor: row.anchor, id: row.tenant_id ?? undefined },
      changedAt: changeDateOf(change) ?? this.#context.now(),
      form,
      forceChangeOnLogon: decision.forceChangeOnLogon,
    };
    return { row, version: text, skip: undefined, write };
  }

  /** The directory's own read has not come to it: it is due once it is in the tenant. */
  #notReadYet(guid: ObjectGuid): void {
    const { state, now } = this.#context;
    const waiting = { version: null, state: 'skipped', reason: 'notSynced', failures: 0, retryAt: null } as const;
    state.transact((tx) =>
      tx.passwords.note({ connector: this.#connector.id, guid, at: now().toISOString(), ...waiting }),
    );
  }

  /** Something else of the account changed: when its password has not been sent, it is looked at as it is now. */
  async #decideAsItIs(guid: ObjectGuid, row: PasswordSubjectRow): Promise<Decided | undefined> {
    // That it must be changed may have been taken back.
    if (row.state === 'sent' && row.reason !== forced) return undefined;
    const whole = await this.#reader.one(guid, this.#signal);
    if (whole === undefined || whole.password.kind === 'unchanged') return undefined;
    try {
      this.#counts.accounts -= 1;
      return await this.#decide(whole);
    } finally {
      if (whole.password.kind === 'hash') whole.password.hash[Symbol.dispose]();
    }
  }

  /** Sends the writes; the errors of those that failed, by account. */
  async #send(decided: readonly Decided[]): Promise<ReadonlyMap<ObjectGuid, CloudSyncError>> {
    const byAnchor = new Map(
      decided.flatMap(({ row, write }) => (write === undefined ? [] : [[write.user.anchor, row]])),
    );
    const unsent = decided.flatMap(({ write }) => (write === undefined ? [] : [write]));
    const writes = await Promise.all(unsent.map(async ({ form, ...write }) => ({ ...write, form: await form })));
    const failed = new Map<ObjectGuid, CloudSyncError>();
    if (writes.length === 0) return failed;
    for await (const results of this.#upload.send(writes, this.#signal)) {
      for (const result of results) {
        const row = byAnchor.get(result.user.anchor);
        if (result.outcome === 'failed' && row !== undefined) failed.set(row.guid, result.error);
      }
    }
    return failed;
  }

  #note(
    tx: Parameters<Parameters<EngineContext['state']['transact']>[0]>[0],
    { row, version, skip, write }: Decided,
    error: CloudSyncError | undefined,
  ): void {
    const { now, configuration } = this.#context;
    const at = now();
    const base = { connector: this.#connector.id, guid: row.guid, version, at: at.toISOString() };
    const status = write === undefined ? 'skipped' : error === undefined ? 'success' : 'failure';
    if (write === undefined) {
      this.#counts.skipped += 1;
      tx.passwords.note({ ...base, state: 'skipped', reason: skip ?? null, failures: 0, retryAt: null });
    } else if (error === undefined) {
      this.#counts.sent += 1;
      tx.passwords.note({
        ...base,
        state: 'sent',
        reason: write.forceChangeOnLogon ? forced : null,
        failures: 0,
        retryAt: null,
      });
    } else {
      this.#counts.failed += 1;
      const failures = (row.failures ?? 0) + 1;
      const later =
        error.retryAfter === undefined
          ? retryAt({ failures, firstAt: at.toISOString() }, at, { ...configuration.retry, ...configuration.passwords })
          : new Date(at.getTime() + error.retryAfter).toISOString();
      tx.passwords.note({ ...base, state: 'failed', reason: error.code, failures, retryAt: later });
    }
    if (status === 'skipped' && row.state === 'skipped') return;
    logDecision(tx, {
      at: at.toISOString(),
      action: 'password',
      status,
      actor: 'passwords',
      kind: row.kind,
      anchor: row.anchor,
      displayName: row.display_name,
      dn: row.dn,
      detail: {
        connector: this.#connector.name,
        ...(write === undefined ? {} : { changedAt: write.changedAt.toISOString() }),
        ...(skip === undefined ? {} : { reason: { code: skip, text: skipReasons[skip] } }),
        ...(error === undefined ? {} : { error: error.report() }),
      },
    });
  }
}

function kindOf({ password }: PasswordChange): PasswordSubject['password'] {
  switch (password.kind) {
    case 'hash':
      return password.hash.isOfEmptyPassword ? 'empty' : 'hash';
    case 'damaged':
      return 'damaged';
    default:
      return 'none';
  }
}
