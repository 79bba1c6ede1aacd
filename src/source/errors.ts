import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what reading a directory can come to. */
export abstract class SourceError extends CloudSyncError {}

export class FullReadNeededError extends SourceError {
  static readonly code: ErrorCode = 'CS2001';
  static readonly title = 'delta cannot resume';
  static readonly retry: Retry = 'later';

  constructor(connector: string, reason: string) {
    super({
      message: `${connector}: the delta cannot resume, since ${reason}.`,
      remedy: 'Nothing to do: the directory is read in full, which changes nothing by itself.',
      object: connector,
    });
  }
}

export class WrongPasswordError extends SourceError {
  static readonly code: ErrorCode = 'CS2002';
  static readonly title = 'directory refused the credential';
  static readonly retry: Retry = 'never';

  constructor(server: string, user: string, reason: string, cause: unknown) {
    super({
      message: `${server} refused to sign ${user} in: ${reason}.`,
      remedy: 'Check the user name and the secret that bind.password refers to, and the state of the account.',
      object: server,
      cause,
    });
  }
}

export class DomainControllerUnreachableError extends SourceError {
  static readonly code: ErrorCode = 'CS2003';
  static readonly title = 'domain controller cannot be reached';
  static readonly retry: Retry = 'later';

  constructor(server: string, reason: string, cause: unknown) {
    super({
      message: `${server} cannot be reached: ${reason}.`,
      remedy: 'Check the name, the port (636 for LDAPS) and the firewall, and that the domain controller is running.',
      object: server,
      cause,
    });
  }
}

export class UntrustedCertificateError extends SourceError {
  static readonly code: ErrorCode = 'CS2004';
  static readonly title = 'certificate is not trusted';
  static readonly retry: Retry = 'never';

  constructor(server: string, reason: string, cause: unknown) {
    super({
      message: `The certificate of ${server} is not trusted: ${reason}.`,
      remedy: 'Name the authority that signed it in tls.ca (a PEM file), or pin the certificate by tls.fingerprint.',
      object: server,
      cause,
    });
  }
}

export class CertificateNameError extends SourceError {
  static readonly code: ErrorCode = 'CS2005';
  static readonly title = 'certificate does not match the server';
  static readonly retry: Retry = 'never';

  constructor(server: string, expected: string, found: string) {
    super({
      message: `The certificate of ${server} is for ${found}, not for ${expected}.`,
      remedy: 'Connect by the name in the certificate, or name it in tls.serverName.',
      object: server,
    });
  }
}

export class ConnectionLostError extends SourceError {
  static readonly code: ErrorCode = 'CS2006';
  static readonly title = 'connection to the domain controller was lost';
  static readonly retry: Retry = 'later';

  constructor(server: string, cause: unknown) {
    super({
      message: `The connection to ${server} was lost during a read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Nothing is deleted because of it; the next cycle reads again. See that the domain controller is up.',
      object: server,
      cause,
    });
  }
}

export class DirectoryTimeoutError extends SourceError {
  static readonly code: ErrorCode = 'CS2007';
  static readonly title = 'domain controller did not answer in time';
  static readonly retry: Retry = 'later';

  constructor(server: string, cause: unknown) {
    super({
      message: `${server} did not answer in time.`,
      remedy: 'See whether the domain controller is overloaded; the next cycle tries again.',
      object: server,
      cause,
    });
  }
}

export class IncompleteReadError extends SourceError {
  static readonly code: ErrorCode = 'CS2008';
  static readonly title = 'read is not provably complete';
  static readonly retry: Retry = 'later';

  constructor(
    server: string,
    reason: string,
    remedy = 'Nothing is deleted because of it. Check the rights of the account and the health of the domain controller.',
  ) {
    super({
      message: `The read from ${server} is not provably complete: ${reason}.`,
      remedy,
      object: server,
    });
  }
}

export class DirectoryRefusedError extends SourceError {
  static readonly code: ErrorCode = 'CS2009';
  static readonly title = 'directory refused a read';
  static readonly retry: Retry = 'later';

  constructor(server: string, cause: unknown) {
    super({
      message: `${server} refused a read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Give the account the right to read the domain, and look at the domain controller for the cause.',
      object: server,
      cause,
    });
  }
}

export class NotActiveDirectoryError extends SourceError {
  static readonly code: ErrorCode = 'CS2010';
  static readonly title = 'server is not a domain controller of the domain';
  static readonly retry: Retry = 'never';

  constructor(server: string, domain: string, reason: string) {
    super({
      message: `${server} is not a domain controller of ${domain}: ${reason}.`,
      remedy: 'Check the domain name and the servers of the domain in the configuration.',
      object: server,
    });
  }
}

export class ClearTextRefusedError extends SourceError {
  static readonly code: ErrorCode = 'CS2011';
  static readonly title = 'clear-text connection refused';
  static readonly retry: Retry = 'never';

  constructor(server: string) {
    super({
      message: `${server} offers no TLS, and a password is never sent in clear text.`,
      remedy: 'Use ldaps://, enable StartTLS on the domain controller, or name the wish with clearText: true.',
      object: server,
    });
  }
}

export class LdifError extends SourceError {
  static readonly code: ErrorCode = 'CS2012';
  static readonly title = 'LDIF file is broken';
  static readonly retry: Retry = 'never';

  constructor(file: string, line: number, reason: string) {
    super({
      message: `${file}, line ${line}: ${reason}.`,
      remedy: 'Export the file again (ldifde, ldapsearch or ldbsearch) as content records with objectGUID.',
      object: file,
    });
  }
}

export class LdifUnreadableError extends SourceError {
  static readonly code: ErrorCode = 'CS2013';
  static readonly title = 'LDIF file cannot be read';
  static readonly retry: Retry = 'later';

  constructor(file: string, cause: unknown) {
    super({
      message: `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      remedy: 'Check the path in the configuration and the rights on the file.',
      object: file,
      cause,
    });
  }
}

export class DirectoryProtocolError extends SourceError {
  static readonly code: ErrorCode = 'CS2014';
  static readonly title = 'server does not keep to LDAP';
  static readonly retry: Retry = 'later';

  constructor(server: string, cause: Error) {
    super({
      message: `${server} sent what is not LDAP: ${cause.message}.`,
      remedy:
        'Nothing is deleted because of it. Check that the address is that of a domain controller, and what lies between.',
      object: server,
      cause,
    });
  }
}
