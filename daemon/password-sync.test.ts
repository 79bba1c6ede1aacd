import { expect, test } from 'vitest';
import { checkConfiguration } from '../src/config/index.ts';
import type { Cycle, PasswordRun } from '../src/engine/index.ts';
import type { ConnectorName } from '../src/model/index.ts';
import type { CycleEvent } from './cycles.ts';
import { runPasswordSync } from './password-sync.ts';

/** Two domains whose passwords are read and one LDIF file, in virtual time: a second passes when everybody sleeps. */
class World {
  readonly runs: string[] = [];
  readonly moved = new Set<string>();
  readonly failing = new Set<string>();
  readonly hanging = new Map<string, PromiseWithResolvers<void>>();
  readonly logged: string[] = [];
  suspended: { readonly since: string; readonly reason: string } | null = null;
  watch = true;
  seconds = 0;
  configuration = this.configure('3s');
  readonly #stop = new AbortController();
  readonly #sleeping = new Set<() => void>();
  #listener: (event: CycleEvent) => void = () => {};

  configure(interval: string, sync = true) {
    const file = 'cloudsync.yaml';
    const bind = 'bind: { user: u, password: { env: P } }';
    const text = `version: 1
tenant: { id: contoso.test, cloud: sandbox, target: syncApi }
passwords: { sync: ${sync}, interval: ${interval} }
forests:
  - name: f
    domains:
      - { name: a.test, servers: ["ldaps://dc.a.test"], ${bind} }
      - { name: b.test, servers: ["ldaps://dc.b.test"], ${bind} }
      - { name: c.test, ldif: ./c.ldf }
`;
    const { document, errors } = checkConfiguration(file, text);
    if (document === undefined) throw errors[0];
    return { file, folder: '.', text, document, digest: interval };
  }

  cycleEnded(preview = false): void {
    this.#listener({ type: 'ended', cycle: { preview } as Cycle });
  }

  start(): Promise<void> {
    const settings = this;
    return runPasswordSync(
      {
        engine: this,
        cycles: {
          listen: (listener) => {
            this.#listener = listener;
            return { [Symbol.dispose]() {} };
          },
        },
        settings: {
          get suspended() {
            return settings.suspended;
          },
          get schedule() {
            return { delta: '2m', full: '7d', watch: settings.watch };
          },
        },
        log: (_, event, { connector, code }) => this.logged.push(`${event} ${connector} ${code}`),
        sleep: (_, signal) =>
          new Promise((resolve) => {
            const wake = (): void => {
              this.#sleeping.delete(wake);
              resolve();
            };
            if (signal.aborted) return resolve();
            signal.addEventListener('abort', wake, { once: true });
            this.#sleeping.add(wake);
          }),
      },
      this.#stop.signal,
    );
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.settle();
      this.seconds += 1;
      for (const wake of [...this.#sleeping]) wake();
    }
    await this.settle();
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  stop(): void {
    this.#stop.abort();
  }

  async syncPasswords(_: AbortSignal, connector?: ConnectorName): Promise<PasswordRun> {
    const name = String(connector);
    this.runs.push(`${this.seconds} ${name}`);
    await this.hanging.get(name)?.promise;
    this.moved.delete(name);
    const errors = this.failing.has(name) ? [{ connector: name, error: {} as never }] : [];
    return { startedAt: '', endedAt: '', accounts: 0, sent: 0, skipped: 0, failed: 0, errors, heardAt: '' };
  }

  async passwordsMoved(connector: ConnectorName): Promise<boolean> {
    return this.moved.has(connector);
  }

  take(): readonly string[] {
    return this.runs.splice(0);
  }
}

async function running(work: (world: World) => Promise<void>, world = new World()): Promise<void> {
  const ended = world.start();
  await world.settle();
  await work(world);
  world.stop();
  await ended;
}

test('reads the passwords of each domain at the configured interval, and of no file', async () => {
  await running(async (world) => {
    await world.pass(7);
    expect(world.take()).toEqual(['0 f/a.test', '0 f/b.test', '3 f/a.test', '3 f/b.test', '6 f/a.test', '6 f/b.test']);
  });
});

test('reads a domain that moves within a second, and it alone, unless the watch is off', async () => {
  await running(async (world) => {
    world.take();
    world.configuration = world.configure('100s');
    await world.pass(2);
    world.take();
    world.moved.add('f/b.test');
    await world.pass(1);
    expect(world.take()).toEqual(['3 f/b.test']);
    world.watch = false;
    world.moved.add('f/b.test');
    await world.pass(20);
    expect(world.take()).toEqual([]);
  });
});

test('a domain whose controller hangs holds up no other', async () => {
  const world = new World();
  const hang = Promise.withResolvers<void>();
  world.hanging.set('f/a.test', hang);
  await running(async () => {
    await world.pass(7);
    expect(world.take()).toEqual(['0 f/a.test', '0 f/b.test', '3 f/b.test', '6 f/b.test']);
    world.moved.add('f/b.test');
    await world.pass(1);
    expect(world.take()).toEqual(['8 f/b.test']);
    hang.resolve();
  }, world);
});

test('what fails waits for its interval, however much the domain moves', async () => {
  const world = new World();
  world.failing.add('f/a.test');
  await running(async () => {
    world.moved.add('f/a.test');
    world.moved.add('f/b.test');
    await world.pass(2);
    expect(world.take()).toEqual(['0 f/a.test', '0 f/b.test', '1 f/b.test']);
    await world.pass(1);
    expect(world.take()).toContain('3 f/a.test');
  }, world);
});

test('reads again when a cycle has ended, also one that ended meanwhile; a preview makes no users', async () => {
  await running(async (world) => {
    world.configuration = world.configure('100s');
    await world.pass(2);
    world.take();
    world.cycleEnded(true);
    await world.settle();
    expect(world.take()).toEqual([]);
    world.cycleEnded();
    await world.settle();
    expect(world.take()).toEqual(['2 f/a.test', '2 f/b.test']);
    const hang = Promise.withResolvers<void>();
    world.hanging.set('f/a.test', hang);
    world.cycleEnded();
    await world.settle();
    world.cycleEnded();
    await world.settle();
    world.hanging.clear();
    hang.resolve();
    await world.settle();
    expect(world.take().filter((run) => run.endsWith('a.test'))).toEqual(['2 f/a.test', '2 f/a.test']);
  });
});

test('rests while suspended, and goes on within a second', async () => {
  const world = new World();
  world.suspended = { since: '', reason: 'maintenance' };
  await running(async () => {
    await world.pass(10);
    expect(world.take()).toEqual([]);
    world.suspended = null;
    await world.pass(1);
    expect(world.take()).toEqual(['11 f/a.test', '11 f/b.test']);
  }, world);
});

test('goes by another configuration as soon as it is in force', async () => {
  await running(async (world) => {
    world.configuration = world.configure('100s', false);
    await world.pass(200);
    expect(world.take()).toEqual(['0 f/a.test', '0 f/b.test']);
    world.configuration = world.configure('50s');
    await world.pass(52);
    expect(world.take()).toEqual(['201 f/a.test', '201 f/b.test', '251 f/a.test', '251 f/b.test']);
  });
});
