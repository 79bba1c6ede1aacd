import type { ConnectorName, ErrorReport } from '../model/index.ts';
import type { StateReader } from '../state/index.ts';
import type { PasswordUpload } from '../target/index.ts';
import type { Connector, EngineContext } from './context.ts';
import { PasswordsUnsupportedError, reportOf } from './errors.ts';
import { connectorNamed } from './open-source.ts';
import { PasswordChannel, type PasswordCounts } from './password-channel.ts';
import { logDecision } from './provisioning-log.ts';
import type { PasswordRun } from './shapes.ts';
import { SharedRun } from './shared-run.ts';

const hashSync = 'passwordHashSync';
/** What the tenant hears from a sync in which no password has changed. */
const pingEvery = 30 * 60_000;

/** When the tenant last heard of the password sync, whichever domain it was. */
const heardFact = 'passwordsHeardAt';
const runFact = (connector: string) => `passwordSync:${connector}` as const;

/** A run as it is kept: when the tenant was last heard of is of all domains. */
type DomainRun = Omit<PasswordRun, 'heardAt'>;

/**
 * Reads what changed of the passwords in every domain and hands it to the tenant: by replication, each domain by itself, from
 * where the last read ended. The object sync goes before: whose object is not in the tenant yet waits for it.
 */
export class PasswordSync {
  readonly #context: EngineContext;
  readonly #runs: ReadonlyMap<ConnectorName, SharedRun<DomainRun>>;
  /** Where each domain stood before its passwords were last read. */
  readonly #positions = new Map<ConnectorName, string>();

  constructor(context: EngineContext) {
    this.#context = context;
    this.#runs = new Map(
      context.connectors.map(({ name }) => [name, new SharedRun((signal) => this.#domain(name, signal))]),
    );
  }

  /** Of one domain or of all, side by side: one whose controller does not answer holds up no other. */
  async run(signal: AbortSignal, only?: ConnectorName): Promise<PasswordRun> {
    const { target, connectors, state } = this.#context;
    if (target.passwords === undefined) throw new PasswordsUnsupportedError(target.profile.name);
    const names = only === undefined ? connectors.map(({ name }) => name) : [connectorNamed(connectors, only).name];
    const runs = await Promise.all(names.map(async (name) => await this.#runs.get(name)?.join(signal)));
    return together(
      runs.filter((run) => run !== undefined),
      state.read,
    );
  }

  /** Has the domain moved since its passwords were last read here? */
  async moved(name: ConnectorName, signal: AbortSignal): Promise<boolean> {
    // What has not been read yet has its own time: in staging that never comes.
    const before = this.#positions.get(name);
    return before !== undefined && (await this.#position(name, signal)) !== before;
  }

  async #position(name: ConnectorName, signal: AbortSignal): Promise<string | undefined> {
    return await (await this.#context.source(name)).position?.(signal);
  }

  async #domain(name: ConnectorName, signal: AbortSignal): Promise<DomainRun> {
    const { state, target, configuration, now, log } = this.#context;
    const startedAt = now().toISOString();
    const counts = { accounts: 0, sent: 0, skipped: 0, failed: 0 };
    const errors: { readonly connector: string; readonly error: ErrorReport }[] = [];
    // A first run is of use only when the users are there.
    if (target.passwords !== undefined && state.read.cycles.lastPlanned() !== undefined && !configuration.staging) {
      try {
        await this.#send(name, target.passwords, counts, signal);
        await this.#tellAlive(target.passwords, counts.sent, signal);
      } catch (error) {
        signal.throwIfAborted();
        const report = reportOf(error);
        errors.push({ connector: name, error: report });
        log('error', 'passwordsFailed', { connector: name, ...report });
      }
    }
    const run: DomainRun = { startedAt, endedAt: now().toISOString(), ...counts, errors };
    state.transact((tx) => tx.facts.set(runFact(name), JSON.stringify(run)));
    return run;
  }

  async #send(name: ConnectorName, upload: PasswordUpload, counts: PasswordCounts, signal: AbortSignal): Promise<void> {
    const { state, configuration, passwords } = this.#context;
    const connector = state.read.connectors.byName(name);
    const reader = passwords?.(name);
    if (connector?.read_at == null || reader === undefined) return;
    // What moves while it is read is read once more. Passwords come from another service, which may answer where this does not.
    const [position, features] = await Promise.all([
      this.#position(name, signal).catch(() => undefined),
      activated(this.#context, signal),
    ]);
    const rules = {
      selective: configuration.passwords.selective,
      forceChange: features.has('userForcePasswordChangeOnLogon'),
    };
    await new PasswordChannel(this.#context, { upload, rules, connector, reader, counts, signal }).run();
    if (position !== undefined) this.#positions.set(name, position);
  }

  async #tellAlive(upload: PasswordUpload, sent: number, signal: AbortSignal): Promise<void> {
    const { state, now } = this.#context;
    const at = now().toISOString();
    const before = state.read.facts.get(heardFact);
    const isIdle = sent === 0 && before !== undefined;
    if (isIdle && Date.parse(at) - Date.parse(before) < pingEvery) return;
    // Other domains need not tell it again.
    state.transact((tx) => tx.facts.set(heardFact, at));
    if (!isIdle) return;
    try {
      await upload.ping(signal);
    } catch (error) {
      state.transact((tx) => tx.facts.set(heardFact, before));
      throw error;
    }
  }
}

/** The tenant's switches; the one for password hashes is turned on, as the configuration wishes. */
async function activated({ target, state, now }: EngineContext, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const features = (await target.features?.read(signal)) ?? new Set<string>();
  if (target.features === undefined || features.has(hashSync)) return features;
  const changed = await target.features.change([hashSync], [], signal);
  const at = now().toISOString();
  const detail = { on: [hashSync] };
  state.transact((tx) =>
    logDecision(tx, { at, action: 'tenantFeatures', status: 'success', actor: 'passwords', detail }),
  );
  return changed;
}

/** What became of each domain's passwords when they were last read, as one. */
export function lastRun(read: StateReader, connectors: readonly Connector[]): PasswordRun | undefined {
  const runs = connectors.flatMap(({ name }) => {
    const text = read.facts.get(runFact(name));
    return text === undefined ? [] : [JSON.parse(text) as DomainRun];
  });
  return runs.length === 0 ? undefined : together(runs, read);
}

function together(runs: readonly DomainRun[], read: StateReader): PasswordRun {
  const sum = (of: (run: DomainRun) => number): number => runs.reduce((n, run) => n + of(run), 0);
  const byTime = (of: (run: DomainRun) => string): readonly string[] => runs.map(of).sort();
  const startedAt = byTime((run) => run.startedAt)[0] ?? '';
  return {
    startedAt,
    endedAt: byTime((run) => run.endedAt).at(-1) ?? '',
    accounts: sum((run) => run.accounts),
    sent: sum((run) => run.sent),
    skipped: sum((run) => run.skipped),
    failed: sum((run) => run.failed),
    errors: runs.flatMap(({ errors }) => errors),
    heardAt: read.facts.get(heardFact) ?? startedAt,
  };
}
