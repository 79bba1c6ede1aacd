import { parseArgs } from 'node:util';
import type { Bench } from './measure.ts';
import type { BenchRow } from './row.ts';

/** `npm run bench -- NAMES [--quick] [--json] [--seed N]`: the table (or the JSON) on stdout, what goes on on stderr. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  B1: async () => (await import('./b1.ts')).b1,
  B2: async () => (await import('./b2.ts')).b2,
  B3: async () => (await import('./engine.ts')).b3,
  B4: async () => (await import('./engine.ts')).b4,
  B5: async () => (await import('./b5.ts')).b5,
  B6: async () => (await import('./daemon.ts')).b6,
  B7: async () => (await import('./daemon.ts')).b7,
  MODULE: async () => (await import('./module.ts')).module,
  PLAN: async () => (await import('./engine.ts')).plan,
  PHS: async () => (await import('./phs.ts')).phs,
  RULES: async () => (await import('./rules.ts')).rules,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
  },
});

function number(value: number | null): string {
  if (value === null) return '';
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function table(rows: readonly BenchRow[]): string {
  const head = ['bench', 'what', 'median', 'min', 'max', 'unit', 'reference', 'ratio', 'goal', 'holds', 'runs'];
  const cells = rows.map((row) => [
    row.bench,
    row.what,
    number(row.value),
    number(row.min),
    number(row.max),
    row.unit,
    number(row.reference),
    number(row.ratio),
    row.goal === null ? '' : `<= ${row.goal}`,
    row.holds === null ? '' : row.holds ? 'yes' : 'no',
    String(row.runs),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => (i === 1 || i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0)))
      .join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

function machines(rows: readonly BenchRow[]): string {
  const facts = rows.map(
    ({ machine: m }) =>
      `${m.cpu}, ${m.cores} cores, ${m.memoryGb} GB, ${m.os}, Node ${m.node}, seed ${m.seed}, TLS ${m.tls ? 'on' : 'off'}`,
  );
  return [...new Set(facts)].join('\n');
}

const names = positionals.map((name) => name.toUpperCase());
const unknown = names.filter((name) => benches[name] === undefined);
if (names.length === 0 || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no bench ${unknown.join(', ')}`);
  console.error(
    `usage: npm run bench -- NAMES [--quick] [--json] [--seed N]    names: ${Object.keys(benches).join(' ')}`,
  );
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const name of names) {
  const bench = await benches[name]?.();
  if (bench === undefined) continue;
  rows.push(
    ...(await bench({
      quick: values.quick,
      runs: values.quick ? 1 : 5,
      seed: Number.parseInt(values.seed, 10),
      note: (text) => console.error(`${name}: ${text}`),
    })),
  );
}
console.log(values.json ? JSON.stringify(rows, null, 2) : `${machines(rows)}\n\n${table(rows)}`);
