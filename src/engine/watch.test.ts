import { join } from 'node:path';
import { expect, it } from 'vitest';
import { domain, VolumeSource, VolumeTenant } from '../../test/bench/volume.ts';
import { memoryFolder } from '../../test/model/folder.ts';
import { checkConfiguration } from '../config/index.ts';
import { connectorName, domainDn } from '../model/index.ts';
import { compileRules } from '../rules/index.ts';
import { DomainControllerUnreachableError } from '../source/index.ts';
import { openState } from '../state/index.ts';
import { engineOver } from './open.ts';
import { supportOf } from './support.ts';

it('a domain in quarantine is watched no more until its time has come, and cycles say that it was left out', async () => {
  using memory = memoryFolder();
  const [a, b] = [connectorName('f', 'a.test'), connectorName('f', 'b.test')];
  const { document, errors } = checkConfiguration(
    'test.yaml',
    `version: 1
tenant: { id: volume, cloud: sandbox }
forests: [{ name: f, domains: [{ name: a.test, ldif: ./a.ldf }, { name: b.test, ldif: ./b.ldf }] }]
`,
  );
  if (document === undefined) throw errors[0];
  using state = openState(join(memory.path, 'state.db'));
  const tenant = new VolumeTenant();
  const signal = new AbortController().signal;
  const down = { is: false, asked: 0 };
  const failing = new (class extends VolumeSource {
    override async *delta() {
      if (down.is) throw new DomainControllerUnreachableError('dc.a.test', 'no answer', undefined);
      yield* super.delta();
    }
    override async moved() {
      down.asked += 1;
      return down.is;
    }
  })(a, { users: 0, groups: [] });
  const sources = new Map([
    [a, failing],
    [b, new VolumeSource(b, { users: 3, groups: [] })],
  ]);
  const clock = { now: Date.parse('2026-11-25T08:00:00Z') };
  const log: string[] = [];
  const engine = engineOver({
    configuration: document,
    rules: compileRules(document, supportOf(tenant.profile)),
    state,
    target: tenant,
    connectors: [a, b].map((name) => ({ name, forest: 'f', domain, domainDn: domainDn(domain) })),
    source: async (name) => sources.get(name) ?? Promise.reject(new Error(name)),
    now: () => new Date(clock.now),
    log: (level, event, fields) =>
      log.push(`${level} ${event} ${String(fields['connector'] ?? fields['unread'] ?? '')}`),
  });
  const cycle = () =>
    engine.runCycle({ type: 'delta', preview: false, trigger: 'watch' }, signal, { started() {}, progress() {} });
  await cycle();
  down.is = true;
  for (let failure = 0; failure < 3; failure += 1) {
    expect(await engine.moved(signal)).toBe(true);
    await cycle();
  }
  expect(log.filter((line) => line.includes('connectorQuarantined'))).toEqual([`warn connectorQuarantined ${a}`]);
  const { asked } = down;
  expect(await engine.moved(signal)).toBe(false);
  expect(down.asked).toBe(asked);
  await cycle();
  expect(log.at(-1)).toBe(`warn cycleEnded ${a}`);
  clock.now += 11 * 60_000;
  expect(await engine.moved(signal)).toBe(true);
});
