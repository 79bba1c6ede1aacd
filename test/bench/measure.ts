import { cpus, release, totalmem, type } from 'node:os';
import type { BenchMachine, BenchRow } from './row.ts';

export interface BenchContext {
  /** Smaller data, fewer runs: does the bench still work? Not for figures. */
  readonly quick: boolean;
  readonly runs: number;
  readonly seed: number;
  /** Says on stderr what is going on. */
  note(text: string): void;
}

/** Measures what its name says and gives its rows; leaves no process and no file behind. */
export type Bench = (context: BenchContext) => Promise<readonly BenchRow[]>;

export function machine(seed: number, tls: boolean): BenchMachine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.version,
    seed,
    tls,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Seconds `work` takes, by the monotonic clock. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/**
 * Repeats one round of all measurements that belong together, so that a slow spell of the machine touches ours and the
 * reference alike.
 */
export async function rounds<Round>(runs: number, round: () => Promise<Round>): Promise<readonly Round[]> {
  const all: Round[] = [];
  for (let run = 0; run < runs; run += 1) all.push(await round());
  return all;
}

export interface Figure {
  readonly bench: string;
  readonly what: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly reference?: readonly number[] | undefined;
  readonly goal?: number | undefined;
  readonly machine: BenchMachine;
}

export function row({ bench, what, unit, values, reference, goal, machine }: Figure): BenchRow {
  const value = median(values);
  const against = reference === undefined ? null : median(reference);
  const ratio = against === null ? null : value / against;
  return {
    bench,
    what,
    value,
    unit,
    reference: against,
    ratio,
    goal: goal ?? null,
    holds: goal === undefined ? null : (ratio ?? value) <= goal,
    min: Math.min(...values),
    max: Math.max(...values),
    runs: values.length,
    machine,
  };
}
