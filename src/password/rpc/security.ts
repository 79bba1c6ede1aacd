import type { PasswordError } from '../errors.ts';

/** One fragment on its way: the packet in one buffer, the stub inside it. The verifier's eight bytes follow the stub. */
export interface Fragment {
  readonly bytes: Buffer;
  readonly stubStart: number;
  readonly stubEnd: number;
}

/** Signs in, and seals and unseals what goes over one connection. Holds keys: whoever opened it wipes it. */
export interface RpcSecurity {
  readonly authType: number;
  /** Does it protect the packet's header where both sides say so? */
  readonly offersHeaderSigning: boolean;
  /** Bytes of the token that follows a sealed stub. */
  readonly tokenLength: number;
  /** The token of the bind. */
  begin(): Uint8Array;
  /** The answer to the server's token, and the packet it goes in: `auth3` has no reply. */
  proceed(
    token: Uint8Array,
    headerSigning: boolean,
  ): { readonly by: 'auth3' | 'alterContext'; readonly token: Uint8Array };
  /** Encrypts the stub in place and gives the token. */
  seal(fragment: Fragment): Uint8Array;
  /** Decrypts the stub in place; throws where the fragment is not authentic, or not the next one. */
  unseal(fragment: Fragment, token: Uint8Array): void;
  /** What a refusal of the bind or of the first call means in terms of signing in. */
  explain(status: number): PasswordError | undefined;
  /** What secrets inside replies are encrypted with; known once signed in. */
  readonly sessionKey: Uint8Array;
  wipe(): void;
}
