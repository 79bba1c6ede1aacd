import type { CycleListener, Progress } from '../../src/engine/index.ts';
import type { Terminal } from '../commands/command.ts';

const barWidth = 24;

/** Shows a cycle's progress: a bar that is drawn over where somebody is looking, else a line for each phase. */
export function progressOn({
  err,
  live,
  columns,
}: Pick<Terminal, 'err' | 'live' | 'columns'>): CycleListener & Disposable {
  let before: Progress | undefined;
  let drawn = false;
  const line = ({ phase, connector, done, total }: Progress): string => {
    const of = total === undefined ? '' : `/${total.toLocaleString('en')}`;
    return `${phase.padEnd(8)} ${done.toLocaleString('en')}${of}${connector === undefined ? '' : `  ${connector}`}`;
  };
  const draw = (progress: Progress): void => {
    const { done, total } = progress;
    const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
    const filled = share === undefined ? 0 : Math.round(share * barWidth);
    const bar = share === undefined ? ' '.repeat(barWidth) : '█'.repeat(filled) + '░'.repeat(barWidth - filled);
    err(`\r\u001B[K${`${bar} ${line(progress)}`.slice(0, columns - 1)}`);
    drawn = true;
  };
  const clear = (): void => {
    if (drawn) err('\r\u001B[K');
    drawn = false;
  };
  return {
    started({ id, type, preview }) {
      if (!live) err(`cycle ${id} (${type}${preview ? ', preview' : ''})\n`);
    },
    progress(_cycle, progress) {
      if (live) draw(progress);
      else if (before !== undefined && (before.phase !== progress.phase || before.connector !== progress.connector))
        err(`${line(before)}\n`);
      before = progress;
    },
    [Symbol.dispose]() {
      clear();
      if (!live && before !== undefined) err(`${line(before)}\n`);
    },
  };
}
