import { EncryptionRefusedError, type PasswordError, SignInRefusedError } from '../errors.ts';
import type { Fragment, RpcSecurity } from '../rpc/security.ts';
import { authenticate, encodeNegotiate, type NtlmAccount, type NtlmInputs } from './authenticate.ts';
import { avId, decodeChallenge, needStrength, ntlmFlag } from './challenge.ts';
import { NtlmSealing, tokenLength } from './sealing.ts';

const status = { accessDenied: 5, securityPackage: 0x721, protocolError: 0x1c01000b } as const;

interface SignedIn {
  readonly sessionKey: Buffer;
  readonly sending: NtlmSealing;
  readonly receiving: NtlmSealing;
}

/** NTLMv2 with sign and seal for one connection. */
export class NtlmSecurity implements RpcSecurity {
  readonly authType = 10;
  readonly offersHeaderSigning = false;
  readonly tokenLength = tokenLength;
  readonly #server: string;
  readonly #account: NtlmAccount;
  readonly #inputs: NtlmInputs;
  readonly #negotiate = encodeNegotiate();
  #serverName: string | undefined;
  #signedIn: SignedIn | undefined;

  constructor(server: string, account: NtlmAccount, inputs: NtlmInputs) {
    this.#server = server;
    this.#account = account;
    this.#inputs = inputs;
  }

  /** What the server calls itself: a hint, which NTLM proves nothing of. */
  get serverName(): string | undefined {
    return this.#serverName;
  }

  get sessionKey(): Uint8Array {
    return this.#needed().sessionKey;
  }

  begin(): Uint8Array {
    return this.#negotiate;
  }

  proceed(token: Uint8Array): { readonly by: 'auth3'; readonly token: Uint8Array } {
    const challenge = decodeChallenge(token, this.#server);
    needStrength(challenge, this.#server);
    this.#serverName = challenge.pairs.get(avId.dnsComputerName)?.toString('utf16le');
    const { message, sessionKey } = authenticate(this.#account, this.#inputs, this.#negotiate, token, challenge);
    const exchanged = (challenge.flags & ntlmFlag.keyExchange) !== 0;
    this.#signedIn = {
      sessionKey,
      sending: new NtlmSealing(sessionKey, 'client', exchanged),
      receiving: new NtlmSealing(sessionKey, 'server', exchanged),
    };
    return { by: 'auth3', token: message };
  }

  seal(fragment: Fragment): Uint8Array {
    return this.#needed().sending.seal(fragment);
  }

  unseal(fragment: Fragment, token: Uint8Array): void {
    this.#needed().receiving.unseal(fragment, token, this.#server);
  }

  explain(code: number): PasswordError | undefined {
    const { user, domain } = this.#account;
    const name = domain === '' ? user : `${domain}\\${user}`;
    if (code === status.protocolError || code === status.accessDenied) {
      return new SignInRefusedError(this.#server, name, 'the user or the password is wrong, or NTLM is not allowed');
    }
    if (code === status.securityPackage) {
      return new EncryptionRefusedError(
        this.#server,
        'its NTLM refused the session security offered',
        'Use Kerberos to sign in for replication.',
      );
    }
    return undefined;
  }

  wipe(): void {
    this.#signedIn?.sending.wipe();
    this.#signedIn?.receiving.wipe();
    this.#signedIn?.sessionKey.fill(0);
  }

  #needed(): SignedIn {
    if (this.#signedIn === undefined) throw new Error('not signed in yet');
    return this.#signedIn;
  }
}
