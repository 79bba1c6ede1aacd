import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import {
  type LoadedConfiguration,
  loadConfiguration,
  readConfiguration,
  type SecretPlaces,
} from '../../src/config/index.ts';
import type { CloudSyncError, Log } from '../../src/model/index.ts';
import { ConfigurationChangedError, ConfigurationFileChangedError } from '../api/errors.ts';
import type { Cycles } from '../cycles.ts';
import { writePrivate } from '../data-folder.ts';
import type { EngineHost } from '../engine-host.ts';
import type { ScheduleSettings } from '../schedule.ts';
import { configurationErrors, configurationErrorsHere } from './check.ts';
import { type AppliedConfiguration, ConfigurationHistory, documentOf } from './history.ts';

export interface InForceOptions {
  readonly dataDirectory: string;
  readonly engine: EngineHost;
  readonly cycles: Cycles;
  readonly settings: ScheduleSettings;
  /** Hears of each configuration before it comes into force. */
  readonly known: (configuration: LoadedConfiguration) => void;
  /** Where the secrets are that a configuration names. */
  readonly secrets: SecretPlaces;
  readonly now: () => Date;
  readonly log: Log;
}

/** What a text is called that came with a request: it is in no file yet. */
const sent = 'configuration';

/** The configuration the daemon runs by: replaced only as a whole, only when it is right, and kept by version. */
export class ConfigurationInForce {
  readonly history: ConfigurationHistory;
  readonly #options: InForceOptions;
  #applied: AppliedConfiguration;

  constructor(options: InForceOptions) {
    this.#options = options;
    this.history = new ConfigurationHistory(options.dataDirectory);
    const { configuration } = options.engine;
    this.#applied = this.#note(configuration, 'start');
  }

  get applied(): AppliedConfiguration {
    return this.#applied;
  }

  get loaded(): LoadedConfiguration {
    return this.#options.engine.configuration;
  }

  /** Another text in the place of this one: checked, its paths taken from the same folder, and not put into force. */
  parse(text: string): LoadedConfiguration {
    const { file, folder } = this.loaded;
    requireRight(text);
    const digest = createHash('sha256').update(text).digest('hex');
    return { document: documentOf({ file, text }), text, file, folder, digest };
  }

  /** What is wrong with a text, and what it names that is not on this machine. */
  problems(text: string): readonly CloudSyncError[] {
    return configurationErrorsHere(sent, text, this.loaded.folder, this.#options.secrets);
  }

  /** Writes the text to the configuration file and puts it into force, if the digest of what is in force now is one meant. */
  async replace(text: string, isMeant: (digest: string) => boolean, actor: string): Promise<AppliedConfiguration> {
    const { file } = this.loaded;
    if (!isMeant(this.#applied.digest)) throw new ConfigurationChangedError();
    if (readConfiguration(file) !== this.#applied.text) throw new ConfigurationFileChangedError(file);
    requireRight(text);
    return this.#options.cycles.alone(async () => {
      const before = this.#applied.text;
      const { mode } = statSync(file);
      writePrivate(file, text, mode & 0o777);
      try {
        return await this.#putIntoForce(actor);
      } catch (error) {
        writePrivate(file, before, mode & 0o777);
        throw error;
      }
    });
  }

  /** Puts into force what is in the file now. */
  reload(actor: string): Promise<AppliedConfiguration> {
    return this.#options.cycles.alone(() => this.#putIntoForce(actor));
  }

  async #putIntoForce(actor: string): Promise<AppliedConfiguration> {
    const { engine, settings, known } = this.#options;
    const configuration = loadConfiguration(this.loaded.file);
    if (configuration.digest === this.#applied.digest) return this.#applied;
    known(configuration);
    await engine.replace(configuration, actor);
    settings.configure(configuration.document.schedule);
    this.#applied = this.#note(configuration, actor);
    return this.#applied;
  }

  #note(configuration: LoadedConfiguration, actor: string): AppliedConfiguration {
    const { now, log } = this.#options;
    const { file, text } = configuration;
    const applied = this.history.note(file, text, { at: now(), actor });
    log('info', 'configurationInForce', { version: applied.version, digest: applied.digest, actor });
    return applied;
  }
}

function requireRight(text: string): void {
  const [wrong] = configurationErrors(sent, text);
  if (wrong !== undefined) throw wrong;
}
