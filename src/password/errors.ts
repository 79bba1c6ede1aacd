import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what reading passwords can come to. No message, cause or property of one ever holds a hash or a key. */
export abstract class PasswordError extends CloudSyncError {}

const bothRights =
  '"Replicating Directory Changes" and "Replicating Directory Changes All" (control access, this object only)';

/** Win32 8453 or 5: the account lacks a replication right on the head of the domain. */
export class ReplicationDeniedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9001';
  static readonly title = 'replication is denied';
  static readonly retry: Retry = 'never';

  constructor(server: string, user: string, namingContext: string, status: number) {
    super({
      message: `${server} denies ${user} the replication of ${namingContext} (error ${status}).`,
      remedy: `Grant ${user} the rights ${bothRights} on ${namingContext}.`,
      object: namingContext,
    });
  }
}

/** The domain controller cannot go on from where the last read ended: it was restored, or too much time has passed. */
export class CookieTooOldError extends PasswordError {
  static readonly code: ErrorCode = 'CS9002';
  static readonly title = 'password delta cannot resume';
  static readonly retry: Retry = 'later';

  constructor(server: string, reason: string) {
    super({
      message: `The password delta cannot resume on ${server}, since ${reason}.`,
      remedy: 'Nothing to do: all passwords are read again, and only those that changed are sent.',
      object: server,
    });
  }
}

/** A checksum (MIC) over a fragment of an answer is wrong: somebody or something altered it on its way. */
export class FragmentNotAuthenticError extends PasswordError {
  static readonly code: ErrorCode = 'CS9003';
  static readonly title = 'RPC fragment is not authentic';
  static readonly retry: Retry = 'later';

  constructor(server: string, reason: string) {
    super({
      message: `A fragment of an answer of ${server} is not authentic: ${reason}.`,
      remedy: 'Nothing of the answer was used. If it happens again, look for what alters the traffic to this server.',
      object: server,
    });
  }
}

/** A fragment came twice, out of order, or one was left out. */
export class FragmentReplayedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9004';
  static readonly title = 'RPC fragment is out of sequence';
  static readonly retry: Retry = 'later';

  constructor(server: string, expected: bigint, found: bigint) {
    super({
      message: `A fragment of an answer of ${server} has number ${found} where ${expected} is due: it was replayed or one is missing.`,
      remedy: 'Nothing of the answer was used. If it happens again, look for what repeats traffic of this server.',
      object: server,
    });
  }
}

/** What came is not what the protocol allows in this place. */
export class MalformedAnswerError extends PasswordError {
  static readonly code: ErrorCode = 'CS9005';
  static readonly title = 'answer cannot be read';
  static readonly retry: Retry = 'later';

  constructor(server: string, reason: string) {
    super({
      message: `An answer of ${server} cannot be read: ${reason}.`,
      remedy: 'See that the server is a domain controller and that nothing sits between it and this computer.',
      object: server,
    });
  }
}

/** The CRC inside a replicated secret is wrong: it was encrypted for another session, or damaged in the directory. */
export class SecretDamagedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9006';
  static readonly title = 'replicated secret is damaged';
  static readonly retry: Retry = 'later';

  constructor(object: string, reason: string) {
    super({
      message: `The password hash of ${object} cannot be decrypted: ${reason}.`,
      remedy: 'Nothing is sent for this account. If it happens again, reset its password.',
      object,
      attribute: 'unicodePwd',
    });
  }
}

/** There is no hash to send. A placeholder is never sent in its place. */
export class AccountWithoutPasswordError extends PasswordError {
  static readonly code: ErrorCode = 'CS9007';
  static readonly title = 'account has no password';
  static readonly retry: Retry = 'later';

  constructor(object: string) {
    super({
      message: `${object} has no password in the directory.`,
      remedy: 'Set a password for the account; it is sent with the next run.',
      object,
      attribute: 'unicodePwd',
    });
  }
}

/** The domain controller does not accept the user name with this password or key. */
export class SignInRefusedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9008';
  static readonly title = 'domain controller refused the credential';
  static readonly retry: Retry = 'never';

  constructor(server: string, user: string, reason: string) {
    super({
      message: `${server} refused to sign ${user} in: ${reason}.`,
      remedy:
        'Check the user name and the secret that bind.password refers to (or the keytab), and the state of the account.',
      object: server,
    });
  }
}

/** Kerberos allows five minutes of difference. */
export class ClockSkewError extends PasswordError {
  static readonly code: ErrorCode = 'CS9009';
  static readonly title = 'clocks differ too much';
  static readonly retry: Retry = 'later';

  constructor(server: string, seconds: number | undefined) {
    const gap = seconds === undefined ? '' : ` by ${Math.abs(seconds)} seconds`;
    const side = seconds === undefined ? '' : seconds > 0 ? ' (this computer is behind)' : ' (this computer is ahead)';
    super({
      message: `The clock of ${server} differs from this computer's${gap}${side}; Kerberos does not allow it.`,
      remedy: 'Set both clocks by the same time source (NTP).',
      object: server,
    });
  }
}

/** The endpoint mapper (TCP 135) knows no port of the replication service. */
export class NoEndpointError extends PasswordError {
  static readonly code: ErrorCode = 'CS9010';
  static readonly title = 'replication service has no endpoint';
  static readonly retry: Retry = 'later';

  constructor(server: string, reason: string) {
    super({
      message: `${server} names no port of its replication service: ${reason}.`,
      remedy:
        'Check that the server is a domain controller and that TCP 135 is open; or set a fixed port for replication (NTDS "TCP/IP Port") and name it.',
      object: server,
    });
  }
}

export class ReplicationUnreachableError extends PasswordError {
  static readonly code: ErrorCode = 'CS9011';
  static readonly title = 'domain controller cannot be reached for replication';
  static readonly retry: Retry = 'later';

  constructor(server: string, port: number, reason: string) {
    super({
      message: `${server} cannot be reached on TCP port ${port}: ${reason}.`,
      remedy:
        'Open TCP 88 (Kerberos), 135 and the port of the replication service (49152-65535 unless fixed) to the domain controller.',
      object: server,
    });
  }
}

export class ReplicationLostError extends PasswordError {
  static readonly code: ErrorCode = 'CS9012';
  static readonly title = 'connection for replication was lost';
  static readonly retry: Retry = 'later';

  constructor(server: string, reason: string) {
    super({
      message: `The connection to ${server} was lost: ${reason}.`,
      remedy: 'The next run goes on from the last page that was read. See that the domain controller is up.',
      object: server,
    });
  }
}

export class ReplicationTimeoutError extends PasswordError {
  static readonly code: ErrorCode = 'CS9013';
  static readonly title = 'domain controller did not answer in time';
  static readonly retry: Retry = 'later';

  constructor(server: string, seconds: number) {
    super({
      message: `${server} sent nothing for ${seconds} seconds.`,
      remedy: 'See whether the domain controller is overloaded; the next run tries again.',
      object: server,
    });
  }
}

/** Any other Win32 code a replication call ends with. */
export class ReplicationRefusedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9014';
  static readonly title = 'replication failed on the domain controller';
  static readonly retry: Retry = 'later';
  readonly status: number;

  constructor(server: string, call: string, status: number, meaning: string | undefined) {
    super({
      message: `${server} answered ${call} with error ${status}${meaning === undefined ? '' : `: ${meaning}`}.`,
      remedy: 'Look into the Directory Service log of the domain controller; the next run tries again.',
      object: server,
    });
    this.status = status;
  }
}

/** AES-256 (Kerberos), or 128-bit sealing with extended session security (NTLM), cannot be had. */
export class EncryptionRefusedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9015';
  static readonly title = 'encryption is not strong enough';
  static readonly retry: Retry = 'never';

  constructor(server: string, reason: string, remedy: string) {
    super({
      message: `${server} does not offer the encryption that password hashes need: ${reason}.`,
      remedy,
      object: server,
    });
  }
}

/** The KDC has no account with the service name of the domain controller. */
export class ServiceUnknownError extends PasswordError {
  static readonly code: ErrorCode = 'CS9016';
  static readonly title = 'Kerberos does not know the domain controller by this name';
  static readonly retry: Retry = 'never';

  constructor(server: string, service: string) {
    super({
      message: `Kerberos of ${server} knows no service ${service}.`,
      remedy:
        'Name the domain controller by its full DNS name, as in dc1.corp.contoso.test, in the servers of the domain.',
      object: server,
    });
  }
}

export class KerberosRefusedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9017';
  static readonly title = 'Kerberos refused';
  static readonly retry: Retry = 'later';

  constructor(server: string, asked: string, status: number, meaning: string | undefined) {
    super({
      message: `Kerberos of ${server} refused ${asked} with error ${status}${meaning === undefined ? '' : `: ${meaning}`}.`,
      remedy: 'Look into the Kerberos (KDC) events of the domain controller.',
      object: server,
    });
  }
}

export class KeytabError extends PasswordError {
  static readonly code: ErrorCode = 'CS9018';
  static readonly title = 'keytab cannot be used';
  static readonly retry: Retry = 'never';

  constructor(user: string, reason: string) {
    super({
      message: `The keytab for ${user} cannot be used: ${reason}.`,
      remedy:
        'Export it again with AES-256 keys (ktpass /crypto AES256-SHA1, or samba-tool domain exportkeytab), or give the password.',
      object: user,
    });
  }
}

/** A bind was rejected or a call ended in a fault. */
export class RpcRefusedError extends PasswordError {
  static readonly code: ErrorCode = 'CS9019';
  static readonly title = 'RPC service refused';
  static readonly retry: Retry = 'later';
  readonly status: number;

  constructor(server: string, what: string, status: number, meaning: string | undefined) {
    super({
      message: `The RPC service of ${server} refused ${what} (0x${status.toString(16).padStart(8, '0')}${meaning === undefined ? '' : `, ${meaning}`}).`,
      remedy: 'See that the server is a domain controller and its replication service (NTDS) runs.',
      object: server,
    });
    this.status = status;
  }
}

/** Mutual authentication failed: what answered does not hold the domain controller's key. */
export class ServerNotProvenError extends PasswordError {
  static readonly code: ErrorCode = 'CS9020';
  static readonly title = 'server did not prove to be the domain controller';
  static readonly retry: Retry = 'never';

  constructor(server: string, reason: string) {
    super({
      message: `What answers as ${server} did not prove to be that domain controller: ${reason}.`,
      remedy: 'Nothing was read. Check the name and the address of the server, and what sits between.',
      object: server,
    });
  }
}

export class UserNameError extends PasswordError {
  static readonly code: ErrorCode = 'CS9021';
  static readonly title = 'user name has no form that replication takes';
  static readonly retry: Retry = 'never';

  constructor(user: string) {
    super({
      message: `${user} cannot sign in for replication: it is neither user@domain nor DOMAIN\\user.`,
      remedy: 'Write bind.user as svc@corp.contoso.test or CORP\\svc.',
      object: user,
    });
  }
}

/** The address of a domain controller is known, its name is not, and Kerberos needs the name. */
export class ServerNameNeededError extends PasswordError {
  static readonly code: ErrorCode = 'CS9022';
  static readonly title = 'name of the domain controller is needed';
  static readonly retry: Retry = 'never';

  constructor(server: string, reason: string) {
    super({
      message: `Kerberos needs the DNS name of the domain controller at ${server}: ${reason}.`,
      remedy: 'Name the domain controller by its full DNS name in the servers of the domain.',
      object: server,
    });
  }
}

/** Several servers were tried, and each had a problem of its own: this tells all, the first being the cause. */
export class NoReplicationServerError extends PasswordError {
  static readonly code: ErrorCode = 'CS9023';
  static readonly title = 'no domain controller gives passwords';
  static readonly retry: Retry = 'later';

  constructor(domain: string, problems: readonly CloudSyncError[]) {
    super({
      message: `No domain controller of ${domain} gives passwords: ${problems.map((problem) => `${problem.code} ${problem.message}`).join(' ') || 'none is known'}`,
      remedy: problems[0]?.remedy ?? 'Name the servers of the domain in the configuration.',
      object: domain,
      cause: problems[0],
    });
  }
}
