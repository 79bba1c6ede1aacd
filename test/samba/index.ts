/**
 * A real Active Directory domain controller for tests: Samba, provisioned in a temporary folder and bound to one
 * loopback address, so that several forests run side by side.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { Client } from 'ldapts';

const run = promisify(execFile);
const adminPassword = 'Sync-Test.1';
const startsWithin = 60_000;

export interface ForestOptions {
  /** `CORP.CONTOSO.TEST` */
  readonly realm: string;
  /** `CORP` */
  readonly netbios: string;
}

export interface Forest extends AsyncDisposable {
  readonly realm: string;
  /** `corp.contoso.test` */
  readonly domain: string;
  readonly address: string;
  readonly ldapsUrl: string;
  readonly ldapUrl: string;
  /** The authority that signed the domain controller's certificate, PEM. */
  readonly caFile: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly baseDn: string;
  /** Bound as the administrator, for making changes. */
  readonly client: Client;
  readonly folder: string;
  readonly pid: number;
  sambaTool(...args: readonly string[]): Promise<string>;
  /** Ends the server at once, as a power cut does. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
}

export async function startForest(options: ForestOptions): Promise<Forest> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-samba-'));
  const address = await freeAddress();
  const domain = options.realm.toLowerCase();
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    // The server is the leader of its own process group; its workers end with it.
    process.kill(-ending.pid, 'SIGKILL');
    await ended;
  };
  const start = async (): Promise<void> => {
    const log = openSync(join(folder, 'samba.log'), 'a');
    server = spawn('samba', ['-s', join(folder, 'forest/etc/smb.conf'), '-i', '--debug-stdout'], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    await serves(address, 636, server, folder);
  };
  // A test process that dies must not leave a server behind.
  const atExit = (): void => {
    if (server?.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', atExit);
  try {
    await provision(options, address, folder);
    await start();
    const caFile = join(folder, 'forest/private/tls/ca.pem');
    const client = new Client({
      url: `ldaps://${address}`,
      tlsOptions: { ca: readFileSync(caFile), checkServerIdentity: () => undefined },
      autoRebind: true,
      strictDN: false,
    });
    const adminUser = `administrator@${domain}`;
    await client.bind(adminUser, adminPassword);
    return {
      realm: options.realm,
      domain,
      address,
      ldapsUrl: `ldaps://${address}`,
      ldapUrl: `ldap://${address}`,
      caFile,
      adminUser,
      adminPassword,
      baseDn: domain
        .split('.')
        .map((label) => `DC=${label}`)
        .join(','),
      client,
      folder,
      get pid() {
        return server?.pid ?? 0;
      },
      async sambaTool(...args) {
        const { stdout } = await run('samba-tool', [...args, '-s', join(folder, 'forest/etc/smb.conf')]);
        return stdout;
      },
      kill: stop,
      start,
      async [Symbol.asyncDispose]() {
        await client.unbind().catch(() => undefined);
        await stop();
        process.off('exit', atExit);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stop();
    process.off('exit', atExit);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Provisioning takes seconds: a fresh forest of each realm is kept as an archive and only re-addressed. */
async function provision({ realm, netbios }: ForestOptions, address: string, folder: string): Promise<void> {
  const cache = join(import.meta.dirname, '../../node_modules/.cache/samba');
  const { stdout: version } = await run('samba', ['--version']);
  const archive = join(cache, `${realm}-${version.trim().replaceAll(/[^\w.-]/g, '_')}.tar`);
  const target = join(folder, 'forest');
  if (!existsSync(archive)) {
    const fresh = join(folder, 'fresh');
    await run('samba-tool', [
      'domain',
      'provision',
      `--realm=${realm}`,
      `--domain=${netbios}`,
      '--server-role=dc',
      '--dns-backend=NONE',
      `--adminpass=${adminPassword}`,
      '--use-rfc2307',
      '--host-name=dc1',
      '--host-ip=127.0.0.2',
      `--targetdir=${fresh}`,
      '--option=interfaces=127.0.0.2/8',
      '--option=bind interfaces only=yes',
      '--option=server services=ldap,rpc,kdc,drepl,cldap',
    ]);
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(fresh, 'home'), fresh);
    const unfinished = `${archive}.${process.pid}.${randomBytes(4).toString('hex')}`;
    await run('tar', ['-cf', unfinished, '-C', fresh, '.']);
    renameSync(unfinished, archive);
    rmSync(fresh, { recursive: true });
  }
  mkdirSync(target);
  await run('tar', ['-xf', archive, '-C', target]);
  const home = readFileSync(join(target, 'home'), 'utf8');
  const file = join(target, 'etc/smb.conf');
  // What is left at its default is one for the machine: a second server finds the first one's pid file and gives up.
  const own = ['pid directory', 'ncalrpc dir', 'ntp signd socket directory', 'winbindd socket directory'].map(
    (setting) => `\t${setting} = ${target}/run`,
  );
  mkdirSync(join(target, 'run'), { mode: 0o755 });
  const settings = readFileSync(file, 'utf8').replaceAll(home, target).replaceAll('127.0.0.2', address);
  writeFileSync(
    file,
    settings.replace('[global]', `[global]\n${own.join('\n')}`).replace('/var/log/samba/log.%m', `${target}/log.%m`),
  );
}

/** A loopback address nobody listens on; a quick look-up is enough, since the range is large and drawn at random. */
async function freeAddress(): Promise<string> {
  for (;;) {
    const [a = 0, b = 0, c = 0] = randomBytes(3);
    const address = `127.${1 + (a % 250)}.${b}.${1 + (c % 250)}`;
    const probe = createServer().listen(636, address);
    const free = await Promise.race([
      once(probe, 'listening').then(() => true),
      once(probe, 'error').then(() => false),
    ]);
    if (free) {
      probe.close();
      await once(probe, 'close');
      return address;
    }
  }
}

async function serves(host: string, port: number, server: ChildProcess, folder: string): Promise<void> {
  const deadline = Date.now() + startsWithin;
  for (;;) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(
        `samba does not serve on ${host}:${port}\n${readFileSync(join(folder, 'samba.log'), 'utf8').slice(-4000)}`,
      );
    }
    // The port alone says little: a server that is just being killed still takes connections.
    const socket = connect({ port, host, rejectUnauthorized: false });
    const answered = await Promise.race([
      once(socket, 'secureConnect').then(() => true),
      once(socket, 'error').then(() => false),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
    await sleep(50);
  }
}
