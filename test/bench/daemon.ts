import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Attribute, Change } from 'ldapts';
import { type Running, startProgram } from '../daemon/cloudsync.ts';
import { writeSampleLdif } from '../e2e/sample-ldif.ts';
import { openWorld, type World } from '../e2e/world.ts';
import { type Bench, type Figure, machine, row, seconds } from './measure.ts';

/** The daemon as it ships: one bundled file, in a process of its own. */
function bundle(): string {
  const root = join(import.meta.dirname, '../..');
  execFileSync(process.execPath, [join(root, 'build/bundle.ts')], { stdio: 'pipe' });
  return join(root, 'build/out/cloudsync.mjs');
}

interface Daemon extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  readonly secondsToStart: number;
}

async function startDaemon(program: string, world: World): Promise<Daemon> {
  const { folder, configurationFile, sandbox, forest } = world;
  const words = ['daemon', '--listen', '127.0.0.1:0', '--config', configurationFile, '--data', join(folder, 'daemon')];
  const env = { TENANT_SECRET: sandbox.clientSecret, DC_PASSWORD: forest.adminPassword };
  let running: Running | undefined;
  let url = '';
  let tokenFile = '';
  const secondsToStart = await seconds(async () => {
    running = startProgram(program, [...words, '--log-level', 'error'], { cwd: folder, env });
    [, url = '', tokenFile = ''] = await running.said(/listens on (\S+); its token is in (.+)\n/);
  });
  const child = running?.process;
  if (child?.pid === undefined) throw new Error('the daemon did not start');
  return {
    pid: child.pid,
    url,
    token: readFileSync(tokenFile, 'utf8').trim(),
    secondsToStart,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await running?.ended;
    },
  };
}

async function call(daemon: Daemon, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${daemon.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${daemon.token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

/** Waits until no cycle runs and one has succeeded. */
async function settled(daemon: Daemon): Promise<void> {
  for (;;) {
    const { items } = (await call(daemon, 'GET', '/api/v1/cycles')) as { items?: { state: string }[] };
    if (items?.[0]?.state === 'succeeded') return;
    if (items?.[0]?.state === 'failed') throw new Error(JSON.stringify(items[0]));
    await wait(100);
  }
}

/** Processor seconds a process has used, and megabytes it holds, by the kernel's account. */
function usage(pid: number): { readonly processor: number; readonly megabytes: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { processor: (Number(stat[11]) + Number(stat[12])) / 100, megabytes: Number(resident?.[1]) / 1024 };
}

/** B6: being there. What the daemon costs while nothing happens, how soon it is up, and what the API takes while it works. */
export const b6: Bench = async ({ quick, runs, seed, note }) => {
  const on = machine(seed, true);
  const figure = (what: string, unit: string, values: readonly number[], goal: number): Figure => ({
    bench: 'B6',
    what,
    unit,
    values,
    goal,
    machine: on,
  });
  const program = bundle();
  const starts: number[] = [];
  const idle: number[] = [];
  const held: number[] = [];
  {
    await using world = await openWorld();
    for (let run = 0; run < runs; run += 1) {
      await using daemon = await startDaemon(program, world);
      starts.push(daemon.secondsToStart * 1000);
      await settled(daemon);
      await wait(5000);
      const before = usage(daemon.pid);
      const span = quick ? 5 : 30;
      await wait(span * 1000);
      const after = usage(daemon.pid);
      idle.push((100 * (after.processor - before.processor)) / span);
      held.push(after.megabytes);
      note(`idle ${idle.at(-1)?.toFixed(2)} %, ${after.megabytes.toFixed(0)} MB`);
    }
  }
  const answers = await answersWhileImporting(program, quick ? 2000 : 100_000, note);
  return [
    figure('from the start of the process to an API that listens', 'ms', starts, 250),
    figure('of one core, idle, looking at the directory once a second', '%', idle, 0.5),
    figure('resident memory, idle', 'MB', held, 90),
    figure(
      `99th percentile of ${answers.length} status calls while a full cycle runs`,
      'ms',
      [percentile(answers, 99)],
      10,
    ),
  ].map(row);
};

async function answersWhileImporting(program: string, users: number, note: (text: string) => void) {
  await using world = await openWorld();
  const file = join(world.folder, 'export.ldf');
  writeSampleLdif(file, { domain: 'large.contoso.test', users, groups: 20, membersPerGroup: 50 });
  world.configure(
    [''],
    `  - name: large\n    domains: [{ name: large.contoso.test, ldif: "${file}" }]\nstaging: true\n`,
  );
  await using daemon = await startDaemon(program, world);
  const times: number[] = [];
  const ended = settled(daemon).then(() => 'ended' as const);
  note(`asking for the status while ${users} users are read and planned`);
  for (;;) {
    times.push((await seconds(() => call(daemon, 'GET', '/api/v1/status'))) * 1000);
    if ((await Promise.race([ended, wait(20)])) === 'ended') return times;
  }
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

/** B7: from a change in Active Directory to the same in the tenant, as the daemon follows it. */
export const b7: Bench = async ({ quick, seed, note }) => {
  await using world = await openWorld();
  const { client, baseDn, domain } = world.forest;
  const dn = `CN=ada,CN=Users,${baseDn}`;
  const name = `ada@${domain}`;
  await client.add(dn, {
    objectClass: ['user'],
    sAMAccountName: 'ada',
    userPrincipalName: name,
    displayName: 'Ada',
    userAccountControl: '544',
  });
  await using daemon = await startDaemon(bundle(), world);
  await settled(daemon);
  const times: number[] = [];
  for (let i = 0; i < (quick ? 3 : 40); i += 1) {
    const department = `Department ${seed}/${i}`;
    // Anywhere within the second between two looks.
    await wait((i * 137) % 1000);
    const modification = new Attribute({ type: 'department', values: [department] });
    await client.modify(dn, new Change({ operation: 'replace', modification }));
    times.push(
      await seconds(async () => {
        while ((await world.user(name))?.['department'] !== department) await wait(10);
      }),
    );
  }
  note(times.map((time) => time.toFixed(2)).join(' '));
  const on = machine(seed, true);
  const of = `of ${times.length} changes of a user, from the directory to the tenant`;
  return [
    row({
      bench: 'B7',
      what: `95th percentile ${of}`,
      unit: 's',
      values: [percentile(times, 95)],
      goal: 2,
      machine: on,
    }),
    row({ bench: 'B7', what: `median ${of}`, unit: 's', values: times, machine: on }),
  ];
};
