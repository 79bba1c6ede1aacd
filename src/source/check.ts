import { CloudSyncError, type ObjectGuid, objectGuidFromBytes } from '../model/index.ts';
import { mayReplicate } from './dir-sync.ts';
import { type DomainControllersOptions, openSession, type Session } from './domain-controllers.ts';
import { bytesOf } from './entry.ts';
import { WrongPasswordError } from './errors.ts';
import { currentTime } from './since-changed.ts';

/** What one domain controller has shown when it was asked. */
export interface ControllerCheck {
  readonly url: string;
  /** What kept it from being asked further; the facts are of a server that could be asked all. */
  readonly problem: CloudSyncError | undefined;
  readonly facts: ControllerFacts | undefined;
}

export interface ControllerFacts {
  readonly readOnly: boolean;
  /** By how much its clock is ahead of ours, in milliseconds; nothing where it does not tell. */
  readonly ahead: number | undefined;
  readonly mayReplicate: boolean;
  readonly seesDeletions: boolean;
  /** The head of the domain. */
  readonly head: ObjectGuid | undefined;
}

/**
 * Signs in at each domain controller and asks it all that a read needs; reads nothing else. A credential that was refused
 * is not tried at the next one: a handful of tries locks the account.
 */
export async function* checkControllers(
  options: DomainControllersOptions,
  signal: AbortSignal,
): AsyncGenerator<ControllerCheck> {
  for (const url of await options.servers()) {
    signal.throwIfAborted();
    const check = await checkController(options, url);
    yield check;
    if (check.problem instanceof WrongPasswordError) return;
  }
}

async function checkController(options: DomainControllersOptions, url: string): Promise<ControllerCheck> {
  try {
    const session = await openSession(options, url, options.password());
    await using _ = session.connection;
    return { url, problem: undefined, facts: await factsOf(session, options.now) };
  } catch (error) {
    if (!(error instanceof CloudSyncError)) throw error;
    return { url, problem: error, facts: undefined };
  }
}

async function factsOf(session: Session, now: () => Date): Promise<ControllerFacts> {
  const { connection, facts } = session;
  const told = await currentTime(connection);
  const head = bytesOf(
    await connection.one(facts.domain.namingContext, [{ name: 'objectGUID', form: 'bytes' }]),
    'objectGUID',
  );
  return {
    readOnly: facts.readOnly,
    ahead: told === undefined ? undefined : told - now().getTime(),
    mayReplicate: !facts.readOnly && (await mayReplicate(session)),
    seesDeletions: await session.seesDeletions(),
    head: head === undefined ? undefined : objectGuidFromBytes(head),
  };
}
