import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, VolumeSource, VolumeTenant } from '../../test/bench/volume.ts';
import { memoryFolder } from '../../test/model/folder.ts';
import { checkConfiguration } from '../config/index.ts';
import { connectorName, domainDn } from '../model/index.ts';
import { NtHash, type PasswordEvent, type PasswordReader } from '../password/index.ts';
import { compileRules } from '../rules/index.ts';
import { openState } from '../state/index.ts';
import type { PasswordResult, PasswordUpload, PasswordWrite, TargetError } from '../target/index.ts';
import { PasswordRefusedError, PasswordSyncInactiveError, ServiceBusyError } from '../target/index.ts';
import { engineOver } from './open.ts';
import { supportOf } from './support.ts';

const signal = new AbortController().signal;

let memory: ReturnType<typeof memoryFolder>;
beforeEach(() => {
  memory = memoryFolder();
});
afterEach(() => memory[Symbol.dispose]());

/** A tenant that takes passwords, unless it is told what to say instead. */
class Tenant extends VolumeTenant {
  readonly taken: string[] = [];
  /** Refuses the first user it is told of, from then on. */
  refuses = false;
  #refused = '';
  down: TargetError | undefined;
  pings = 0;
  readonly on = new Set<string>();

  readonly features = {
    read: async () => this.on,
    change: async (on: readonly string[]) => {
      for (const name of on) this.on.add(name);
      return this.on;
    },
  };

  readonly passwords: PasswordUpload = {
    batch: 50,
    send: (passwords) => this.#send(passwords),
    ping: async () => {
      if (this.down !== undefined) throw this.down;
      this.pings += 1;
    },
  };

  async *#send(passwords: readonly PasswordWrite[]): AsyncGenerator<readonly PasswordResult[]> {
    if (this.down !== undefined) throw this.down;
    yield passwords.map(({ user }): PasswordResult => {
      const requestId = undefined;
      if (this.refuses && this.#refused === '') this.#refused = user.anchor;
      if (this.refuses && user.anchor === this.#refused)
        return { user, requestId, outcome: 'failed', error: new PasswordRefusedError('user', 9, 'no') };
      this.taken.push(user.anchor);
      return { user, requestId, outcome: 'done' };
    });
  }
}

/** A domain that tells of a password once: afterwards, by its cookie, of nothing. */
class Reader implements PasswordReader {
  readonly #source: VolumeSource;
  readonly #users: number;
  readonly cookies: (string | undefined)[] = [];
  hang: Promise<void> | undefined;

  constructor(source: VolumeSource, users: number) {
    this.#source = source;
    this.#users = users;
  }

  async *changes(cookie: string | undefined): AsyncIterable<PasswordEvent> {
    this.cookies.push(cookie);
    await this.hang;
    yield { type: 'begin', mode: cookie === undefined ? 'full' : 'delta', server: 'dc' };
    if (cookie === undefined) {
      const changes = Array.from({ length: this.#users }, (_, n) => this.#change(n));
      yield { type: 'page', changes, cookie: 'page' };
    }
    yield { type: 'complete', cookie: 'end', accounts: this.#users };
  }

  #change(n: number) {
    const { guid } = this.#source.user(n);
    const version = { origin: 'dc', usn: '7', changed: new Date(0) };
    return {
      guid,
      dn: `CN=user${n}`,
      sid: undefined,
      deleted: false,
      userAccountControl: 512,
      pwdLastSet: undefined,
      password: { kind: 'hash', hash: new NtHash(Buffer.alloc(16, n + 1)), version },
    } as never;
  }

  async one(guid: string) {
    for (let n = 0; n < this.#users; n += 1) if (this.#source.user(n).guid === guid) return this.#change(n);
    return undefined;
  }

  async check() {}
  async [Symbol.asyncDispose]() {}
}

function open(more = '') {
  const names = ['a', 'b'].map((name) => connectorName('f', `${name}.test`));
  const [a, b] = names as [(typeof names)[0], (typeof names)[0]];
  const { document, errors } = checkConfiguration(
    'test.yaml',
    `version: 1
tenant: { id: volume, cloud: sandbox, target: syncApi }
forests: [{ name: f, domains: [{ name: a.test, ldif: ./a.ldf }, { name: b.test, ldif: ./b.ldf }] }]
passwords: { sync: true }
${more}`,
  );
  if (document === undefined) throw errors[0];
  const state = openState(join(memory.path, 'state.db'));
  const tenant = new Tenant();
  const sources = new Map([
    [a, new VolumeSource(a, { users: 3, groups: [] })],
    [b, new VolumeSource(b, { users: 0, groups: [] })],
  ]);
  const position = { at: 1 };
  for (const source of sources.values()) Object.assign(source, { position: async () => String(position.at) });
  const readers = new Map(
    [...sources].map(([name, source]) => [name, new Reader(source, name === a ? 3 : 0)] as const),
  );
  const clock = { now: Date.parse('2026-11-25T08:00:00Z') };
  const engine = engineOver({
    configuration: document,
    rules: compileRules(document, supportOf(tenant.profile)),
    state,
    target: tenant,
    connectors: names.map((name) => ({ name, forest: 'f', domain, domainDn: domainDn(domain) })),
    source: async (name) => sources.get(name) ?? Promise.reject(new Error(name)),
    passwords: (name) => readers.get(name),
    now: () => new Date(clock.now),
    log() {},
  });
  return {
    a,
    b,
    position,
    engine,
    tenant,
    clock,
    reader: (name: typeof a) => readers.get(name) as Reader,
    cycle: () =>
      engine.runCycle({ type: 'full', preview: false, trigger: 'manual' }, signal, { started() {}, progress() {} }),
    later(minutes: number) {
      clock.now += minutes * 60_000;
    },
    [Symbol.dispose]: () => state[Symbol.dispose](),
  };
}

describe('a tenant that takes no passwords', () => {
  it('for a while costs nobody his turn: the next run reads the same ones again and sends them', async () => {
    using world = open();
    await world.cycle();
    world.tenant.down = new ServiceBusyError('ProvisionCredentials', 60_000);
    const outage = await world.engine.syncPasswords(signal);
    expect(outage).toMatchObject({ sent: 0, failed: 0, errors: [{ connector: world.a, error: { code: 'CS4104' } }] });
    world.tenant.down = undefined;
    expect(await world.engine.syncPasswords(signal)).toMatchObject({ sent: 3, failed: 0, errors: [] });
    expect(world.reader(world.a).cookies).toEqual([undefined, undefined]);
    expect(new Set(world.tenant.taken).size).toBe(3);
  });

  it('since its switch was turned off says so, and has it turned on by the next run', async () => {
    using world = open();
    await world.cycle();
    world.tenant.down = new PasswordSyncInactiveError('volume');
    const { errors } = await world.engine.syncPasswords(signal);
    expect(errors.map(({ error }) => error.code)).toEqual([PasswordSyncInactiveError.code]);
    expect((await world.engine.status()).passwords).toMatchObject({ errors: [{ connector: world.a }] });
    world.tenant.down = undefined;
    world.tenant.on.clear();
    expect(await world.engine.syncPasswords(signal)).toMatchObject({ sent: 3, errors: [] });
    expect([...world.tenant.on]).toEqual(['passwordHashSync']);
  });
});

it('tries again the one password that was refused, soon at first and then less and less often', async () => {
  using world = open();
  await world.cycle();
  world.tenant.refuses = true;
  expect(await world.engine.syncPasswords(signal)).toMatchObject({ sent: 2, failed: 1, errors: [] });
  const again: number[] = [];
  for (let minute = 1; minute <= 120; minute += 1) {
    world.later(1);
    const { sent, failed } = await world.engine.syncPasswords(signal);
    expect(sent).toBe(0);
    if (failed > 0) again.push(minute);
  }
  expect(again).toEqual([2, 12, 42, 102]);
  world.tenant.refuses = false;
  world.later(6 * 60);
  expect(await world.engine.syncPasswords(signal)).toMatchObject({ sent: 1, failed: 0 });
});

it('gives each domain its own way: one that hangs holds up no other, and is not read twice at once', async () => {
  using world = open();
  await world.cycle();
  const hang = Promise.withResolvers<void>();
  world.reader(world.a).hang = hang.promise;
  const first = world.engine.syncPasswords(signal, world.a);
  expect(await world.engine.syncPasswords(signal, world.b)).toMatchObject({ errors: [] });
  const second = world.engine.syncPasswords(signal);
  await new Promise((resolve) => setImmediate(resolve));
  expect(world.reader(world.b).cookies).toHaveLength(2);
  hang.resolve();
  expect(await first).toMatchObject({ sent: 3 });
  expect(await second).toMatchObject({ sent: 3 });
  expect(world.reader(world.a).cookies).toHaveLength(1);
});

it('has moved only since it was read, which in staging it never is', async () => {
  for (const [more, moves] of [
    ['', true],
    ['staging: true', false],
  ] as const) {
    using world = open(more);
    await world.cycle();
    await world.engine.syncPasswords(signal);
    expect(await world.engine.passwordsMoved(world.a, signal)).toBe(false);
    world.position.at += 1;
    expect(await world.engine.passwordsMoved(world.a, signal)).toBe(moves);
  }
});

describe('a sign of life', () => {
  it('goes half an hour after the last word, once for all domains', async () => {
    using world = open();
    await world.cycle();
    await world.engine.syncPasswords(signal);
    world.later(29);
    await world.engine.syncPasswords(signal);
    expect(world.tenant.pings).toBe(0);
    world.later(2);
    await world.engine.syncPasswords(signal);
    expect(world.tenant.pings).toBe(1);
  });

  it('goes neither before the first cycle nor in staging', async () => {
    for (const more of ['', 'staging: true']) {
      using world = open(more);
      if (more !== '') await world.cycle();
      await world.engine.syncPasswords(signal);
      world.later(60);
      await world.engine.syncPasswords(signal);
      expect([world.tenant.pings, world.tenant.on.size]).toEqual([0, 0]);
    }
  });
});
