import {
  ClockSkewError,
  EncryptionRefusedError,
  KerberosRefusedError,
  type PasswordError,
  ServiceUnknownError,
  SignInRefusedError,
} from '../errors.ts';
import type { KerberosError } from './kdc-messages.ts';

/** RFC 4120 7.5.9 */
export const kerberosCode = {
  clientUnknown: 6,
  serviceUnknown: 7,
  etypeUnknown: 14,
  clientRevoked: 18,
  keyExpired: 23,
  preAuthenticationFailed: 24,
  preAuthenticationNeeded: 25,
  badIntegrity: 31,
  ticketExpired: 32,
  skew: 37,
  modified: 41,
} as const;

const signInReasons: Readonly<Record<number, string>> = {
  [kerberosCode.clientUnknown]: 'there is no such user',
  [kerberosCode.clientRevoked]: 'the account is disabled, expired or locked',
  [kerberosCode.keyExpired]: 'the password has expired',
  [kerberosCode.preAuthenticationFailed]: 'the password or the key is wrong',
  [kerberosCode.badIntegrity]: 'the password or the key is wrong',
};

const meanings: Readonly<Record<number, string>> = {
  12: 'the domain’s policy does not allow it',
  [kerberosCode.ticketExpired]: 'the ticket has expired',
  [kerberosCode.modified]: 'the message was altered',
  60: 'an error of no closer description',
  68: 'the user belongs to another domain',
};

interface Asked {
  readonly server: string;
  readonly user: string;
  readonly service: string;
  readonly now: Date;
}

/** What an error of the KDC, or of the service in place of its AP-REP, means. */
export function refusal({ code, serverTime }: KerberosError, { server, user, service, now }: Asked): PasswordError {
  const reason = signInReasons[code];
  if (reason !== undefined) return new SignInRefusedError(server, user, reason);
  switch (code) {
    case kerberosCode.skew:
      return new ClockSkewError(server, Math.round((serverTime.getTime() - now.getTime()) / 1000));
    case kerberosCode.serviceUnknown:
      return new ServiceUnknownError(server, service);
    case kerberosCode.etypeUnknown:
      return new EncryptionRefusedError(
        server,
        `Kerberos has no AES-256 key of ${user} or ${service}`,
        aesRemedy(user),
      );
    default:
      return new KerberosRefusedError(server, `${user} a ticket for ${service}`, code, meanings[code]);
  }
}

export function aesRemedy(user: string): string {
  return `Set the password of ${user} anew on a domain controller of functional level 2008 or later, and allow AES-256 in msDS-SupportedEncryptionTypes.`;
}
