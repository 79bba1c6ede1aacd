import { type Cycle, type CycleCounts, DirectoryUnreadableError } from '../../src/engine/index.ts';
import { errorLine } from './error-line.ts';

const words: Readonly<Record<Exclude<keyof CycleCounts, 'compared' | 'differing'>, string>> = {
  read: 'read',
  changed: 'changed in the directory',
  skipped: 'skipped',
  created: 'created',
  adopted: 'adopted',
  updated: 'updated',
  disabled: 'disabled',
  deleted: 'deleted',
  restored: 'restored',
  membersAdded: 'members added',
  membersRemoved: 'members removed',
  managersSet: 'managers set',
  held: 'held',
  waiting: 'waiting to be tried again',
  failed: 'failed',
};

/** What a cycle did, in one line: what is zero is left out, but for the number that proves the tenant right. */
export function cycleLine({ id, type, preview, state, counts, startedAt, endedAt }: Cycle): string {
  const done = Object.entries(words).flatMap(([name, word]) => {
    const n = counts[name as keyof typeof words];
    return n === 0 ? [] : [`${n.toLocaleString('en')} ${n === 1 ? word.replace(/^(member|manager)s/, '$1') : word}`];
  });
  const { compared, differing } = counts;
  if (compared > 0)
    done.push(`${differing.toLocaleString('en')} of ${compared.toLocaleString('en')} differed from the tenant`);
  const seconds = endedAt === null ? '' : ` in ${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
  const what = `${type[0]?.toUpperCase()}${type.slice(1)} cycle ${id}${preview ? ' (preview)' : ''}`;
  // What a preview would do is its plan; one that failed may have had much to do.
  if (done.length === 0 && !preview && state === 'succeeded') done.push('nothing to do');
  return `${what} ${state}${seconds}${done.length === 0 ? '' : `: ${done.join(', ')}`}.\n`;
}

/** How fast each phase was that had something to do, in one line. */
export function phaseLine({ phases }: Cycle): string {
  const all = phases.flatMap(({ phase, startedAt, endedAt, done }) => {
    if (endedAt === null || done === 0) return [];
    const seconds = Math.max(Date.parse(endedAt) - Date.parse(startedAt), 1) / 1000;
    const speed = Math.round(done / seconds).toLocaleString('en');
    return [`${phase} ${done.toLocaleString('en')} in ${seconds.toFixed(1)} s (${speed} a second)`];
  });
  return all.length === 0 ? '' : `Phases: ${all.join(', ')}.\n`;
}

/** What to do about what is held, if anything is. */
export function heldLine({ type, preview, heldDigest }: Cycle): string {
  if (heldDigest === null) return '';
  const again = type === 'undo' ? 'undo the cycle again' : 'the next cycle carries it out';
  return preview
    ? `Held, with the digest ${heldDigest}.\n`
    : `Held, with the digest ${heldDigest}: "cloudsync approve ${heldDigest}" lets it go, and ${again}.\n`;
}

/** Why it ended as it did, and what could not be read: one line each. */
export function cycleErrors({ error, connectorErrors }: Cycle): readonly string[] {
  const connectors = connectorErrors.map(({ error }) => errorLine(error));
  // That nothing could be read is said by what could not be read.
  const own =
    error === null || (error.code === DirectoryUnreadableError.code && connectors.length > 0) ? [] : [errorLine(error)];
  return [...own, ...connectors];
}
