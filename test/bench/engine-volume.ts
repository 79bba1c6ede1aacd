import { checkConfiguration } from '../../src/config/index.ts';
import { type Cycle, engineOver, type StartCycle, supportOf } from '../../src/engine/index.ts';
import { connectorName, domainDn } from '../../src/model/index.ts';
import { compileRules } from '../../src/rules/index.ts';
import { openState } from '../../src/state/index.ts';
import { domain, VolumeSource, VolumeTenant } from './volume.ts';

/**
 * `engine-volume.ts FILE JSON`: the engine over a made-up directory of the shape in JSON, in a process of its own. Runs the steps
 * named there (`preview`, `first`, `empty`, `delta`, `member`) and prints what each took, read and wrote.
 */

interface Task {
  readonly users: number;
  readonly groups: readonly number[];
  readonly nested?: boolean;
  readonly steps: readonly string[];
}

export interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Changes made in the directory before it. */
  readonly changes: number;
  readonly read: number;
  readonly writes: number;
  readonly operations: number;
  /** The most the process has ever held. */
  readonly bytes: number;
}

const [file = '', text = '{}'] = process.argv.slice(2);
const { users, groups, nested = false, steps } = JSON.parse(text) as Task;
const name = connectorName('volume', domain);
const { document, errors } = checkConfiguration(
  'bench.yaml',
  `version: 1
tenant: { id: volume, cloud: sandbox }
forests: [{ name: volume, domains: [{ name: ${domain}, ldif: ./none.ldf }] }]
safety: { deletes: off, scopeLosses: off, disables: off, renames: off, attributeChanges: off, memberRemovals: off, managerRemovals: off, memberRemovalsPerGroup: off }
`,
);
if (document === undefined) throw errors[0];
using state = openState(file);
const source = new VolumeSource(name, { users, groups, nested });
const tenant = new VolumeTenant();
const engine = engineOver({
  configuration: document,
  rules: compileRules(document, supportOf(tenant.profile)),
  state,
  target: tenant,
  connectors: [{ name, forest: 'volume', domain, domainDn: domainDn(domain) }],
  source: async () => source,
  now: () => new Date(),
  log() {},
});

function cycle(request: Partial<StartCycle> = {}): Promise<Cycle> {
  const whole = { type: 'delta', preview: false, trigger: 'manual', ...request } as const;
  return engine.runCycle(whole, new AbortController().signal, { started() {}, progress() {} });
}

/** Edits the directory for a step; how many changes that is. */
function edit(step: string): number {
  const percent = Math.floor(users / 100);
  switch (step) {
    case 'delta':
      for (let n = 0; n < percent; n += 1) source.change(source.deleted(n));
      for (let n = 0; n < percent; n += 1) source.change(source.user(users + n));
      for (let n = percent; n < 6 * percent; n += 1) source.change(source.user(n, 'Moved'));
      return 7 * percent;
    case 'member':
      source.change(source.member(0, users - 1, false));
      return 1;
    default:
      return 0;
  }
}

const done: Step[] = [];
for (const step of steps) {
  const changes = edit(step);
  const before = { read: source.read, writes: tenant.writes };
  const start = process.hrtime.bigint();
  const ended = await cycle(step === 'preview' ? { preview: true } : {});
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (ended.state !== 'succeeded') throw new Error(JSON.stringify(ended.error));
  done.push({
    step,
    seconds,
    changes,
    read: source.read - before.read,
    writes: tenant.writes - before.writes,
    operations: state.read.journal.count(ended.id),
    bytes: process.resourceUsage().maxRSS * 1024,
  });
}
console.log(JSON.stringify(done));
