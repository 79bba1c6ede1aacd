/** What a figure was measured on and under. */
export interface BenchMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  /** What the data was generated from. */
  readonly seed: number;
  /** Was the wire encrypted? */
  readonly tls: boolean;
}

/** One figure: the median of `runs`, beside its reference measured in turn with it. */
export interface BenchRow {
  /** `B1` */
  readonly bench: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Median of the reference, in the same unit; null where the figure stands alone. */
  readonly reference: number | null;
  /** value / reference */
  readonly ratio: number | null;
  /** Upper bound: of `ratio` where there is a reference, else of `value`; null where there is none. */
  readonly goal: number | null;
  /** Is the goal met? null without one. */
  readonly holds: boolean | null;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
  readonly machine: BenchMachine;
}
