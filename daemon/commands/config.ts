import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import {
  type Configuration,
  configurationJsonSchema,
  importConfiguration,
  loadConfiguration,
  readConfiguration,
} from '../../src/config/index.ts';
import { configurationErrorsHere } from '../configurations/check.ts';
import { diffDocuments } from '../configurations/diff.ts';
import { ConfigurationHistory, documentOf } from '../configurations/history.ts';
import { withEngineHere } from '../engine-here.ts';
import { InputFileError, UsageError } from '../errors.ts';
import { errorLine } from '../terminal/error-line.ts';
import { SecretVault } from '../vault/vault.ts';
import { command, dataFolderOf, type ExitCode, oneOf, type Terminal } from './command.ts';

export const configCommand = command({
  name: 'config',
  usage: [
    'config check [--json]',
    'config schema',
    'config diff [OLD NEW] [--effect] [--json]',
    'config import FILE... [--json]',
  ],
  summary:
    'Checks the configuration with line and column; prints its JSON Schema; compares it with the one last in force, or two files with each other, --effect with what it would do to the tenant; makes one of an export of Entra Connect or of a Cloud Sync schema.',
  options: { json: { type: 'boolean', default: false }, effect: { type: 'boolean', default: false } },
  positionals: [1, 100],
  async run({ values, positionals, terminal }) {
    const [word, ...files] = positionals;
    const what = oneOf('The word after "config"', word, ['check', 'schema', 'diff', 'import']);
    switch (what) {
      case 'check':
        return check(values.config, values.json, dataFolderOf(values.data, terminal), terminal);
      case 'schema':
        terminal.out(`${JSON.stringify(configurationJsonSchema(), null, 2)}\n`);
        return 0;
      case 'diff': {
        const [before, after] = sides(files, values.config, dataFolderOf(values.data, terminal));
        const code = diff(before, after, values.json, terminal);
        if (values.effect) await effect(values, terminal);
        return code;
      }
      case 'import':
        return importFiles(files, values.json, terminal);
      default:
        return what satisfies never;
    }
  },
});

function check(file: string, json: boolean, data: string, { out, err, env }: Terminal): ExitCode {
  const vault = new SecretVault(resolve(data), env);
  const secrets = { env, vault: (name: string) => vault.get(name) };
  const found = configurationErrorsHere(file, readConfiguration(file), dirname(resolve(file)), secrets);
  if (json)
    out(`${JSON.stringify({ valid: found.length === 0, errors: found.map((error) => error.report()) }, null, 2)}\n`);
  else if (found.length === 0) out(`${file} is right.\n`);
  else for (const error of found) err(errorLine(error.report()));
  return found.length === 0 ? 0 : 1;
}

/** What is compared: two files, or what was last in force with the configuration file. */
function sides(files: readonly string[], config: string, folder: string): readonly [Configuration, Configuration] {
  const [old, fresh] = files;
  if (old !== undefined && fresh !== undefined)
    return [loadConfiguration(old).document, loadConfiguration(fresh).document];
  if (old !== undefined)
    throw new UsageError(
      '"config diff" compares two files.',
      'Give both, or none to compare with what was last in force.',
    );
  const latest = new ConfigurationHistory(folder).latest();
  if (latest === undefined) {
    throw new InputFileError(folder, 'no configuration has been in force on this data folder');
  }
  return [documentOf(latest), loadConfiguration(config).document];
}

function diff(before: Configuration, after: Configuration, json: boolean, { out }: Terminal): ExitCode {
  const differences = diffDocuments(before, after);
  if (json) {
    out(`${JSON.stringify(differences, null, 2)}\n`);
    return 0;
  }
  if (differences.length === 0) out('No difference.\n');
  for (const { path, ...sides } of differences) {
    if (!('after' in sides)) out(`- ${path}: ${JSON.stringify(sides.before)}\n`);
    else if (!('before' in sides)) out(`+ ${path}: ${JSON.stringify(sides.after)}\n`);
    else out(`~ ${path}: ${JSON.stringify(sides.before)} -> ${JSON.stringify(sides.after)}\n`);
  }
  return 0;
}

/** What the configuration file would do to the tenant, from what was last read. */
async function effect(
  values: { readonly config: string; readonly data?: string | undefined },
  terminal: Terminal,
): Promise<void> {
  const configuration = loadConfiguration(values.config);
  const assessment = await withEngineHere({ configuration, data: values.data, terminal }, (engine) =>
    engine.assess(configuration, terminal.signal),
  );
  const { out } = terminal;
  const { operations } = assessment;
  out(
    operations === 0
      ? 'It would change nothing in the tenant.\n'
      : `It would mean ${operations} ${operations === 1 ? 'operation' : 'operations'} on the tenant:\n`,
  );
  for (const { value, type, n } of assessment.byKind) out(`  ${n} x ${type} ${value}\n`);
  for (const { error } of assessment.cycle.connectorErrors) out(`  ${error.code} ${error.message} ${error.remedy}\n`);
  for (const { error } of assessment.cycle.holds) out(`  held: ${error.message}\n`);
  if (assessment.unreadAttributes.length > 0) {
    out(`  not read yet, so not in here: ${assessment.unreadAttributes.join(', ')}\n`);
  }
  for (const name of assessment.unreadConnectors) out(`  not read yet, so not in here: ${name}\n`);
}

/** Prints the document made of an export; what became of what goes beside it. */
function importFiles(files: readonly string[], json: boolean, { out, err }: Terminal): ExitCode {
  const { document, report } = importConfiguration(files.map((name) => ({ name, text: readConfiguration(name) })));
  if (json) {
    out(`${JSON.stringify({ document, report }, null, 2)}\n`);
    return 0;
  }
  out(stringify(document));
  for (const { outcome, item, detail } of report) err(`${outcome}: ${item}: ${detail}\n`);
  return 0;
}
