/** One number Prometheus gets. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The text of /metrics, taken apart. */
export class Metrics {
  readonly series: readonly Series[];

  constructor(text: string) {
    this.series = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', is = '']) => [label, is]),
      ),
      value: Number(value),
    }));
  }

  /** Of the first that has these labels, among others. */
  value(name: string, labels: Series['labels'] = {}): number | undefined {
    const wanted = Object.entries(labels);
    return this.series.find((one) => one.name === name && wanted.every(([label, is]) => one.labels[label] === is))
      ?.value;
  }

  labelsOf(name: string): ReadonlySet<string> {
    return new Set(this.series.filter((one) => one.name === name).flatMap(({ labels }) => Object.keys(labels)));
  }
}
