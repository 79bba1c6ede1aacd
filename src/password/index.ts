/**
 * Reading NT hashes from domain controllers (MS-DRSR over RPC, signed in by Kerberos or NTLM) and turning them into
 * the form the tenant takes; who sends one and who does not. Nothing secret leaves this room but by
 * `CloudForm.credentialData`, and nothing secret is ever written down here.
 */
export { CloudForm, toCloudForm } from './cloud-form.ts';
export {
  decidePassword,
  type PasswordDecision,
  type PasswordRules,
  type PasswordSkip,
  type PasswordSubject,
  reasonsWithout,
  skipReasons,
} from './decision.ts';
export * from './errors.ts';
export { NtHash } from './nt-hash.ts';
export {
  type AttributeVersion,
  changeDateOf,
  hashOf,
  type PasswordChange,
  type PasswordEvent,
} from './password-change.ts';
export {
  openPasswordReader,
  type PasswordReader,
  type PasswordReaderOptions,
  type ReplicationCredential,
} from './reader.ts';
