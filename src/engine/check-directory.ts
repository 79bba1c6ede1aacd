import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { LoadedConfiguration } from '../config/index.ts';
import {
  NoEndpointError,
  openPasswordReader,
  type PasswordReaderOptions,
  ReplicationDeniedError,
  ReplicationUnreachableError,
  SignInRefusedError,
} from '../password/index.ts';
import {
  CertificateNameError,
  ClearTextRefusedError,
  type ControllerCheck,
  checkControllers,
  DirectoryTimeoutError,
  DomainControllerUnreachableError,
  LdifUnreadableError,
  UntrustedCertificateError,
  WrongPasswordError,
} from '../source/index.ts';
import { type Connector, connectorsOf } from './context.ts';
import { type Finding, failed, passed, warning } from './finding.ts';
import type { Environment } from './open.ts';
import { directoryOptions, ldifOf, passwordOptions } from './open-source.ts';

/** Kerberos takes no more than five minutes. */
const skewAllowed = 300_000;
const skewNoticed = 60_000;
/** Milliseconds a domain controller may take to let itself be connected to: somebody waits for the answer. */
const connectTimeout = 5000;

/**
 * Asks every domain controller what a read needs of it: that it can be reached, trusted and signed in to, that its clock is
 * right, and that the account has the rights, passwords among them where they are synced. Only looks.
 */
export async function checkDirectories(
  configuration: LoadedConfiguration,
  environment: Environment,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const checks = connectorsOf(configuration.document).map(async (connector) => {
    const file = ldifOf(configuration, connector);
    const findings = file === undefined ? checkDomain(configuration, environment, connector, signal) : checkFile(file);
    return await Array.fromAsync(findings);
  });
  return (await Promise.all(checks)).flat();
}

async function* checkFile(file: string): AsyncGenerator<Finding> {
  try {
    await access(file, constants.R_OK);
    yield passed('file', file, 'It is there and can be read.');
  } catch (error) {
    yield failed('file', file, new LdifUnreadableError(file, error));
  }
}

async function* checkDomain(
  configuration: LoadedConfiguration,
  environment: Environment,
  connector: Connector,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const { domain } = connector;
  try {
    const given = { ...directoryOptions(configuration, environment, connector), connectTimeout };
    const servers = await given.servers();
    yield passed('servers', domain, `Its domain controllers are ${servers.join(', ')}.`);
    const replication = configuration.document.passwords.sync
      ? passwordOptions(configuration, environment, connector)
      : undefined;
    const options = { ...given, servers: async () => servers };
    let refused = false;
    for await (const check of checkControllers(options, signal)) {
      yield* ofController(check, options);
      const head = check.facts?.head;
      if (replication === undefined || head === undefined || refused) continue;
      for await (const finding of checkReplication(replication, check.url, head, signal)) {
        refused ||= finding.code === SignInRefusedError.code;
        yield finding;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    yield failed('servers', domain, error);
  }
}

/** Each that comes before what failed has passed. */
const stages = [
  {
    check: 'port',
    causes: [DomainControllerUnreachableError, DirectoryTimeoutError],
    message: 'It takes connections.',
  },
  {
    check: 'tls',
    causes: [UntrustedCertificateError, CertificateNameError, ClearTextRefusedError],
    message: 'Its certificate is trusted and its own.',
  },
  { check: 'signIn', causes: [WrongPasswordError], message: 'It signs the account in.' },
  { check: 'directory', causes: [], message: 'It is a domain controller of the domain, and answers.' },
] as const;

function* ofController(
  { url, problem, facts }: ControllerCheck,
  { user, clearText }: { readonly user: string; readonly clearText: boolean },
): Generator<Finding> {
  const at = stages.findIndex(({ causes }) => causes.some((cause) => problem instanceof cause));
  const failing = problem === undefined ? stages.length : at < 0 ? stages.length - 1 : at;
  for (const { check, message } of stages.slice(0, failing)) {
    yield check === 'tls' && clearText && url.startsWith('ldap:')
      ? warning(check, url, 'The configuration has it spoken to in clear text.', 'Remove clearText from the domain.')
      : passed(check, url, message);
  }
  const stage = stages[failing];
  if (problem !== undefined && stage !== undefined) yield failed(stage.check, url, problem);
  if (facts === undefined) return;
  yield ofClock(url, facts.ahead);
  if (facts.readOnly) {
    yield warning(
      'replicationRight',
      url,
      'It is a read-only domain controller: it gives no changes by DirSync, some attributes not at all, and no passwords.',
      'List a writable domain controller before it.',
    );
    return;
  }
  if (facts.mayReplicate) {
    yield passed('replicationRight', url, `${user} may replicate, so that changes and deletions are told by DirSync.`);
  } else if (facts.seesDeletions) {
    yield warning(
      'replicationRight',
      url,
      `${user} may not replicate: what it may not read is not told as changed.`,
      'Give it the right Replicating Directory Changes on the head of the domain.',
    );
  } else {
    yield warning(
      'replicationRight',
      url,
      `${user} may neither replicate nor see deleted objects: every cycle reads the domain in full.`,
      'Give it the right Replicating Directory Changes on the head of the domain, or let it read the container Deleted Objects.',
    );
  }
}

function ofClock(url: string, ahead: number | undefined): Finding {
  if (ahead === undefined) {
    return warning('clock', url, 'It does not tell the time.', 'Let the account read currentTime of the rootDSE.');
  }
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const gap = `Its clock is ${seconds} seconds ${ahead > 0 ? 'ahead of' : 'behind'} this computer's`;
  const remedy = 'Set both clocks by the same time source (NTP).';
  if (Math.abs(ahead) > skewAllowed) {
    return { ...warning('clock', url, `${gap}; Kerberos allows 300.`, remedy), state: 'failed' };
  }
  if (Math.abs(ahead) > skewNoticed) return warning('clock', url, `${gap}; Kerberos allows 300.`, remedy);
  return passed('clock', url, `${gap}.`);
}

const replicationStages = [
  {
    check: 'replicationPort',
    causes: [ReplicationUnreachableError, NoEndpointError],
    message: 'TCP 135 and the port of the replication service that it names take connections.',
  },
  { check: 'replicationSignIn', causes: [], message: 'The replication service signs the account in.' },
  {
    check: 'passwordRight',
    causes: [ReplicationDeniedError],
    message: 'The account may replicate the domain with its secrets.',
  },
] as const;

async function* checkReplication(
  options: PasswordReaderOptions,
  url: string,
  head: Parameters<ReturnType<typeof openPasswordReader>['check']>[0],
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  await using reader = openPasswordReader({ ...options, servers: async () => [url] });
  let problem: unknown;
  try {
    await reader.check(head, signal);
  } catch (error) {
    signal.throwIfAborted();
    problem = error;
  }
  const at = replicationStages.findIndex(({ causes }) => causes.some((cause) => problem instanceof cause));
  // What is neither a port nor a right is the sign-in: Kerberos, NTLM, clocks, names, encryption.
  const failing = problem === undefined ? replicationStages.length : at < 0 ? 1 : at;
  for (const { check, message } of replicationStages.slice(0, failing)) yield passed(check, url, message);
  const stage = replicationStages[failing];
  if (stage !== undefined) yield failed(stage.check, url, problem);
}
