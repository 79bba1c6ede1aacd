/**
 * slapd of the distribution, holding what a domain controller would: AD's classes, attributes and rootDSE, loaded by the
 * hundred thousand. It stands in where volume matters; what AD does beyond plain LDAP it does not do.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { baseDn, rootDse } from './directory.ts';

export interface Slapd extends AsyncDisposable {
  /** `ldap://127.3.4.5:3890` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly pid: number;
  /** Ends the server at once. */
  kill(): Promise<void>;
}

const startsWithin = 30_000;
const password = 'slapd-Test.1';

/** Attributes and classes of AD that the distribution's msuser.schema lacks. */
const extraSchema = `
objectidentifier CloudSyncTest 1.3.6.1.4.1.4203.666.9
${[
  'dsServiceName',
  'defaultNamingContext',
  'configurationNamingContext',
  'schemaNamingContext',
  'highestCommittedUSN',
  'supportedCapabilities',
  'extensionAttribute1',
  'mailNickname',
  'targetAddress',
  'msExchHideFromAddressLists',
]
  .map(
    (name, i) =>
      `attributetype ( CloudSyncTest:1.${i + 1} NAME '${name}' EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )`,
  )
  .join('\n')}
attributetype ( CloudSyncTest:1.90 NAME 'thumbnailPhoto' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
${['container', 'domainDNS', 'attributeSchema', 'crossRef', 'nTDSDSA', 'nTDSService', 'settings']
  .map((name, i) => `objectclass ( CloudSyncTest:2.${i + 1} NAME '${name}' SUP top STRUCTURAL MAY ( cn ) )`)
  .join('\n')}
`;

/** Loads the records (LDIF text, in pieces) and serves them. */
export async function startSlapd(records: Iterable<string> | AsyncIterable<string>): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudsync-slapd-'));
  const [a = 0, b = 0] = randomBytes(2);
  const host = `127.${1 + (a % 250)}.${b}.9`;
  const port = 3890;
  const url = `ldap://${host}:${port}`;
  const user = `cn=reader,${baseDn}`;
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'extra.schema'), extraSchema);
  writeFileSync(join(folder, 'root.ldif'), rootDse);
  writeFileSync(
    join(folder, 'slapd.conf'),
    `${['core', 'cosine', 'nis', 'inetorgperson', 'msuser'].map((name) => `include /etc/ldap/schema/${name}.schema`).join('\n')}
include ${folder}/extra.schema
pidfile ${folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
rootDSE ${folder}/root.ldif
sizelimit unlimited
timelimit unlimited
database mdb
suffix "${baseDn}"
rootdn "${user}"
rootpw ${password}
directory ${folder}/data
maxsize 8589934592
dbnosync
index objectClass eq
`,
  );
  const atExit = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', atExit);
  let server: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };
  const stop = async (): Promise<void> => {
    await kill();
    process.off('exit', atExit);
    atExit();
  };
  try {
    await load(folder, records);
    server = spawn('/usr/sbin/slapd', ['-f', join(folder, 'slapd.conf'), '-h', url, '-d', '0'], { stdio: 'ignore' });
    const running = server;
    process.once('exit', () => running.kill('SIGKILL'));
    await serves(host, port, running);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    user,
    password,
    get pid() {
      return server?.pid ?? 0;
    },
    kill,
    [Symbol.asyncDispose]: stop,
  };
}

async function load(folder: string, records: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const loader = spawn('/usr/sbin/slapadd', ['-q', '-s', '-w', '-f', join(folder, 'slapd.conf')], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  loader.stderr.on('data', (text) => {
    said = (said + String(text)).slice(-4000);
  });
  const ended = once(loader, 'exit');
  await pipeline(Readable.from(records), loader.stdin).catch(() => undefined);
  const [code] = await ended;
  if (code !== 0) throw new Error(`slapadd ended with ${code}: ${said}`);
}

async function serves(host: string, port: number, server: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + startsWithin; ; ) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`slapd does not serve on ${host}:${port}`);
    const socket = connect(port, host);
    const answered = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (answered) return;
    await sleep(50);
  }
}
