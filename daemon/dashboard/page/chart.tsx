import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { Cycle } from './answers.ts';
import { secondsOf } from './words.ts';

/** Everything a cycle did to the tenant. */
export function changesOf({ counts }: Cycle): number {
  const { created, adopted, updated, disabled, deleted, restored, membersAdded, membersRemoved, managersSet } = counts;
  return created + adopted + updated + disabled + deleted + restored + membersAdded + membersRemoved + managersSet;
}

/** Objects read and changes sent for each second of a cycle. */
export const speedOf = (cycle: Cycle): number =>
  (cycle.counts.read + changesOf(cycle)) / secondsOf(cycle.startedAt, cycle.endedAt ?? cycle.startedAt);

/** Cycles over time: what they changed as bars, how fast they went as a line. The table beside it holds the numbers. */
export function CycleChart({ cycles }: { readonly cycles: readonly Cycle[] }) {
  const place = useRef<HTMLDivElement>(null);
  const ended = cycles.filter(({ endedAt }) => endedAt !== null).toReversed();
  const drawn = ended.map(({ id, endedAt }) => `${id} ${endedAt}`).join();
  useEffect(() => {
    const at = place.current;
    if (at === null) return undefined;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    let plot: uPlot | undefined;
    const draw = (): void => {
      plot?.destroy();
      plot = new uPlot(options(at), data(ended), at);
    };
    draw();
    const sized = new ResizeObserver(() => plot?.setSize({ width: at.clientWidth, height }));
    sized.observe(at);
    dark.addEventListener('change', draw);
    return () => {
      sized.disconnect();
      dark.removeEventListener('change', draw);
      plot?.destroy();
    };
  }, [drawn]);
  const most = ended.toSorted((a, b) => changesOf(b) - changesOf(a))[0];
  return (
    <figure class="chart">
      <div
        ref={place}
        role="img"
        aria-label={`Changes and speed of the last ${ended.length} cycles${most === undefined ? '' : `; the most changes, ${changesOf(most)}, in cycle ${most.id}`}. The table that follows holds the numbers.`}
      />
      <figcaption>
        <span class="key changes">Changes in the tenant</span>{' '}
        <span class="key speed">Objects and changes a second</span>
      </figcaption>
    </figure>
  );
}

const height = 220;

function data(cycles: readonly Cycle[]): uPlot.AlignedData {
  return [
    cycles.map(({ startedAt }) => new Date(startedAt).getTime() / 1000),
    cycles.map(changesOf),
    cycles.map(speedOf),
  ];
}

/** 0, 1, 10, 100... as far as the scale goes. */
function powers(plot: uPlot): number[] {
  const most = plot.scales['changes']?.max ?? 1;
  return [0, ...Array.from({ length: Math.floor(Math.log10(Math.max(most, 1))) + 1 }, (_, i) => 10 ** i)];
}

function options(at: HTMLElement): uPlot.Options {
  // A canvas knows no custom properties: the browser works out what they are for the scheme in use.
  const color = (name: string): string => {
    at.style.color = `var(${name})`;
    return getComputedStyle(at).color;
  };
  const [text, grid, changes, speed] = ['--text', '--grid', '--changes', '--speed'].map(color) as [
    string,
    string,
    string,
    string,
  ];
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
  return {
    width: at.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    // Most cycles change little, a first one everything.
    scales: {
      changes: { distr: 4, asinh: 1, range: (_plot, _least, most) => [0, Math.max(most, 1) * 1.5] },
      speed: { range: (_plot, _least, most) => [0, Math.max(most, 1) * 1.1] },
    },
    axes: [
      axis,
      { ...axis, scale: 'changes', splits: powers },
      { ...axis, scale: 'speed', side: 1, grid: { show: false } },
    ],
    series: [
      {},
      {
        scale: 'changes',
        stroke: changes,
        fill: changes,
        points: { show: false },
        paths: uPlot.paths.bars?.({ size: [0.6, 24, 2] }) ?? (() => null),
      },
      { scale: 'speed', stroke: speed, width: 2, points: { show: true, size: 6, fill: speed } },
    ],
  };
}
