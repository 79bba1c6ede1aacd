import { loadConfiguration } from '../../src/config/index.ts';
import { type LogInfo, openEngine } from '../../src/engine/index.ts';
import { UsageError } from '../errors.ts';
import { command, oneOf, stateFolderOf } from './command.ts';

const pageSize = 500;
const columns = [
  'id',
  'at',
  'cycle',
  'action',
  'status',
  'actor',
  'kind',
  'anchor',
  'displayName',
  'dn',
  'tenantId',
] as const;

/** What can have become of what the log tells of. */
const statuses = ['success', 'failure', 'unknown', 'held', 'skipped'] as const;

export const logCommand = command({
  name: 'log',
  usage: ['log [--cycle N] [--action A] [--status S] [--anchor A] [--from TIME] [--to TIME] [--csv]', 'log --verify'],
  summary:
    'The provisioning log, newest first, as JSON lines or CSV; --verify follows its chain of hashes. Only looks, also while a daemon runs.',
  options: {
    cycle: { type: 'string' },
    action: { type: 'string' },
    status: { type: 'string' },
    anchor: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    csv: { type: 'boolean', default: false },
    verify: { type: 'boolean', default: false },
  },
  async run({ values, terminal }) {
    const { env, now, out } = terminal;
    const { action, anchor } = values;
    const status = values.status === undefined ? undefined : oneOf('--status', values.status, statuses);
    if (values.cycle !== undefined && !/^[1-9]\d{0,14}$/.test(values.cycle))
      throw new UsageError(`"${values.cycle}" is not the number of a cycle.`, 'Give it as in --cycle 42.');
    const filter = {
      cycle: values.cycle === undefined ? undefined : Number(values.cycle),
      action,
      status,
      anchor,
      from: isoOf(values.from),
      to: isoOf(values.to),
    };
    const dataDirectory = stateFolderOf(values.data, terminal);
    const configuration = loadConfiguration(values.config);
    const environment = { env, now, log() {} };
    await using engine = await openEngine({ configuration, dataDirectory, mode: 'reader', environment });
    if (values.verify) {
      const { broken } = await engine.verifyLog();
      out(
        broken === null
          ? 'The log is whole.\n'
          : `Entry ${broken} is not what was written, or one before it is missing.\n`,
      );
      return broken === null ? 0 : 1;
    }
    if (values.csv) out(`${[...columns, 'detail'].join(',')}\n`);
    let cursor: string | undefined;
    do {
      const page = await engine.log(filter, cursor, pageSize);
      for (const entry of page.items) out(values.csv ? csvLine(entry) : `${JSON.stringify(entry)}\n`);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return 0;
  },
});

/** As the log writes times; what is none is an error of whoever typed it. */
function isoOf(time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  if (Number.isNaN(Date.parse(time)))
    throw new UsageError(`"${time}" is not a time.`, 'Give it as in 2026-11-25T08:00:00Z.');
  return new Date(time).toISOString();
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is made text. */
export function csvLine(entry: LogInfo): string {
  const cells = [...columns.map((column) => entry[column] ?? ''), JSON.stringify(entry.detail)];
  return `${cells.map((cell) => csvCell(String(cell))).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
