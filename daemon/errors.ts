import { CloudSyncError, type ErrorCode, type Retry } from '../src/model/index.ts';

/** The command line asks for something that is not there. Exit code 2. */
export class UsageError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS1101';
  static readonly title = 'wrong command line';
  static readonly retry: Retry = 'never';

  constructor(message: string, remedy: string) {
    super({ message, remedy });
  }
}

export class ObjectNotFoundError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS1102';
  static readonly title = 'no such object';
  static readonly retry: Retry = 'later';

  constructor(name: string) {
    super({
      message: `No object that was read or is in the tenant is called ${name}.`,
      remedy:
        'Give its anchor, DN, user principal name, mail address, tenant id or objectGUID, and run a cycle if it is new.',
      object: name,
    });
  }
}

export class InputFileError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS1103';
  static readonly title = 'input cannot be read';
  static readonly retry: Retry = 'never';

  constructor(what: string, reason: string, cause?: unknown) {
    super({ message: `${what}: ${reason}.`, remedy: 'Correct the input and try again.', object: what, cause });
  }
}

/** What is to be written goes to a folder that cannot be made. */
export class FolderRefusedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS1104';
  static readonly title = 'folder cannot be made';
  static readonly retry: Retry = 'never';

  constructor(folder: string, cause: unknown) {
    super({
      message: `The folder ${folder} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Name a folder this account may write to.',
      object: folder,
      cause,
    });
  }
}

/** One process at a time writes a data folder. The operating system lets go of the lock with the process. */
export class DataFolderInUseError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7001';
  static readonly title = 'data folder is in use';
  static readonly retry: Retry = 'later';

  constructor(folder: string, holder: number | undefined) {
    super({
      message: `The data folder ${folder} is in use by another daemon or cycle${holder === undefined ? '' : ` (process ${holder})`}.`,
      remedy:
        'Ask that daemon (cloudsync dashboard, the PowerShell module or the API), stop it, or give this one a folder of its own with --data.',
      object: folder,
    });
  }
}

export class DataFolderUnusableError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7002';
  static readonly title = 'data folder cannot be used';
  static readonly retry: Retry = 'never';

  constructor(folder: string, cause: unknown) {
    super({
      message: `The data folder ${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Name a folder this account may write to with --data.',
      object: folder,
      cause,
    });
  }
}

/** The state holds people's data, and the tokens open the tenant: no other account of the machine is to read either. */
export class DataFolderOpenError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7015';
  static readonly title = 'data folder is open to other accounts';
  static readonly retry: Retry = 'never';

  constructor(folder: string) {
    super({
      message: `Other accounts of this machine may enter ${folder}, which holds more than CloudSync's own or is another account's.`,
      remedy: 'Name an empty folder or one of its own with --data, or close this one: chmod 700.',
      object: folder,
    });
  }
}

export class PortTakenError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7003';
  static readonly title = 'port is taken';
  static readonly retry: Retry = 'later';

  constructor(host: string, port: number, cause: unknown) {
    super({
      message: `Another program listens on ${host}:${port}.`,
      remedy: 'Stop it, or choose another port with --listen (port 0 takes any that is free).',
      object: `${host}:${port}`,
      cause,
    });
  }
}

export class AddressRefusedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7004';
  static readonly title = 'address cannot be listened on';
  static readonly retry: Retry = 'never';

  constructor(address: string, reason: string, cause?: unknown) {
    super({
      message: `${address} cannot be listened on: ${reason}.`,
      remedy: 'Give --listen a loopback address and a port, as in 127.0.0.1:7373 or [::1]:7373.',
      object: address,
      cause,
    });
  }
}

/** The engine or the sandbox tenant ended while the process went on: a defect, so the process ends as well. */
export class ThreadEndedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7005';
  static readonly title = 'a thread of the daemon ended';
  static readonly retry: Retry = 'later';

  constructor(thread: string, cause: Error) {
    super({
      message: `The ${thread} thread ended: ${cause.message}.`,
      remedy: 'Start the daemon again, which goes on where this one stopped; look at the log and report it.',
      object: thread,
      cause,
    });
  }
}

export class BackupBrokenError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7006';
  static readonly title = 'backup cannot be used';
  static readonly retry: Retry = 'never';

  constructor(folder: string, reason: string, cause?: unknown) {
    super({
      message: `${folder} is not a sound backup: ${reason}.`,
      remedy: 'Use another one. Without any, the state is rebuilt from the directory and the tenant by anchor.',
      object: folder,
      cause,
    });
  }
}

export class PlaceTakenError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7007';
  static readonly title = 'there is something there already';
  static readonly retry: Retry = 'never';

  constructor(path: string) {
    super({
      message: `${path} is there already, and nothing is overwritten.`,
      remedy: 'Name another place; to restore over a state that is there, add --replace, which moves it aside.',
      object: path,
    });
  }
}

/** The embedded tenant lets no other process look while it runs; a real one is in no backup. */
export class SandboxRunningError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7009';
  static readonly title = 'embedded tenant cannot be copied while it runs';
  static readonly retry: Retry = 'later';

  constructor(file: string, cause: unknown) {
    super({
      message: `The embedded sandbox tenant in ${file} is running, and cannot be copied beside that.`,
      remedy: 'Stop the daemon first; one that writes to a real tenant is backed up while it runs.',
      object: file,
      cause,
    });
  }
}

export class VaultError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7008';
  static readonly title = 'vault cannot be opened';
  static readonly retry: Retry = 'never';

  constructor(file: string, reason: string, cause?: unknown) {
    super({
      message: `The secrets in ${file} cannot be had: ${reason}.`,
      remedy: 'Put the key file back where CLOUDSYNC_VAULT_KEY names it, or remove the vault and set the secrets anew.',
      object: file,
      cause,
    });
  }
}

export class DaemonNotRunningError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7010';
  static readonly title = 'daemon does not run';
  static readonly retry: Retry = 'later';

  constructor(dataDirectory: string, cause: unknown) {
    super({
      message: `No daemon runs on the data folder ${dataDirectory}.`,
      remedy: 'Start it with cloudsync daemon, or name its data folder with --data.',
      object: dataDirectory,
      cause,
    });
  }
}

/** Its own code, cause and remedy are in the message. */
export class DaemonRefusedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7011';
  static readonly title = 'daemon refused the call';
  static readonly retry: Retry = 'later';

  constructor(code: string, detail: string, remedy: string) {
    super({ message: `The daemon refused: ${detail} (${code})`, remedy, object: code });
  }
}

export class BrowserMissingError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7012';
  static readonly title = 'no browser could be opened';
  static readonly retry: Retry = 'never';

  constructor(program: string, cause: unknown) {
    super({
      message: `${program} could not open the link.`,
      remedy: 'Leave --open out, and paste the link into the address bar of a browser on this machine.',
      object: program,
      cause,
    });
  }
}

/** What was under way with the engine of the former configuration and can be begun again. */
export class EngineReplacedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7013';
  static readonly title = 'another configuration came into force meanwhile';
  static readonly retry: Retry = 'later';

  constructor() {
    super({
      message: 'It was given up, since another configuration was put into force.',
      remedy: 'Ask again: it then goes by the configuration that is in force now.',
    });
  }
}

/** Only the daemon writes these files. */
export class DataFileDamagedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7014';
  static readonly title = 'file in the data folder is damaged';
  static readonly retry: Retry = 'never';

  constructor(file: string, remedy: string, cause: unknown) {
    super({
      message: `${file} cannot be understood: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}.`,
      remedy,
      object: file,
      cause,
    });
  }
}

export class UnforeseenError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS7099';
  static readonly title = 'unforeseen error in the daemon';
  static readonly retry: Retry = 'later';

  constructor(cause: unknown) {
    super({
      message: `Something unforeseen went wrong: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Look at the log for the details and report it.',
      cause,
    });
  }
}
