import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what keeps the sandbox tenant from serving. What it answers to its clients is the tenant's own language. */
export abstract class SandboxError extends CloudSyncError {}

export class PortTakenError extends SandboxError {
  static readonly code: ErrorCode = 'CS8001';
  static readonly title = 'port of the sandbox is taken';
  static readonly retry: Retry = 'never';

  constructor(host: string, port: number, cause: unknown) {
    super({
      message: `The sandbox tenant cannot listen on ${host}:${port}: another program does.`,
      remedy: 'End that program or name another port; port 0 takes a free one.',
      object: `${host}:${port}`,
      cause,
    });
  }
}

export class ListenError extends SandboxError {
  static readonly code: ErrorCode = 'CS8002';
  static readonly title = 'sandbox cannot listen';
  static readonly retry: Retry = 'never';

  constructor(host: string, port: number, cause: unknown) {
    super({
      message: `The sandbox tenant cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Name an address of this machine and a port this account may use.',
      object: `${host}:${port}`,
      cause,
    });
  }
}

export class SandboxInUseError extends SandboxError {
  static readonly code: ErrorCode = 'CS8003';
  static readonly title = 'data folder of the sandbox is in use';
  static readonly retry: Retry = 'later';

  constructor(folder: string, cause: unknown) {
    super({
      message: `The data folder ${folder} is in use by another sandbox tenant.`,
      remedy: 'End the other one, or name another data folder.',
      object: folder,
      cause,
    });
  }
}

export class SandboxDataError extends SandboxError {
  static readonly code: ErrorCode = 'CS8004';
  static readonly title = 'data of the sandbox cannot be used';
  static readonly retry: Retry = 'never';

  constructor(path: string, reason: string, cause?: unknown) {
    super({
      message: `The sandbox tenant cannot use ${path}: ${reason}.`,
      remedy: 'Make the folder writable for this account, or name a new one: the sandbox makes what it needs.',
      object: path,
      cause,
    });
  }
}

export class SandboxDataTooNewError extends SandboxError {
  static readonly code: ErrorCode = 'CS8005';
  static readonly title = 'data of the sandbox is of a newer version';
  static readonly retry: Retry = 'never';

  constructor(file: string, found: number, known: number) {
    super({
      message: `${file} has schema version ${found}; this program knows up to ${known}.`,
      remedy: 'Run the newer program, or name a new data folder.',
      object: file,
    });
  }
}

export class ProfileError extends SandboxError {
  static readonly code: ErrorCode = 'CS8006';
  static readonly title = 'profile of the sandbox is wrong';
  static readonly retry: Retry = 'never';

  constructor(object: string, reason: string, cause?: unknown) {
    super({
      message: `The sandbox profile ${object} is wrong: ${reason}.`,
      remedy: 'Correct it; the settings and their defaults are listed in docs/sandbox.md.',
      object,
      cause,
    });
  }
}

export class DomainNameError extends SandboxError {
  static readonly code: ErrorCode = 'CS8007';
  static readonly title = 'domain name is wrong';
  static readonly retry: Retry = 'never';

  constructor(name: string) {
    super({
      message: `'${name}' is not a domain name.`,
      remedy: 'Name verified domains as contoso.com, one to each --domain.',
      object: name,
    });
  }
}
