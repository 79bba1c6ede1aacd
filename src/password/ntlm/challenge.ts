import { ByteReader } from '../bytes/byte-reader.ts';
import { EncryptionRefusedError } from '../errors.ts';

/** [MS-NLMP] 2.2.2.5 */
export const ntlmFlag = {
  unicode: 0x1,
  oem: 0x2,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSessionSecurity: 0x80000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

export const offeredFlags = Object.values(ntlmFlag).reduce((all, flag) => (all | flag) >>> 0, 0);

export const signature = Buffer.from('NTLMSSP\0', 'ascii');

/** Kinds of the pairs in a challenge's target information ([MS-NLMP] 2.2.2.1). */
export const avId = { end: 0, dnsComputerName: 3, flags: 6, timestamp: 7 } as const;

export interface NtlmChallenge {
  readonly flags: number;
  readonly serverChallenge: Buffer;
  /** The pairs as they came, without the closing one. */
  readonly targetInformation: Buffer;
  readonly pairs: ReadonlyMap<number, Buffer>;
}

const needed = ntlmFlag.unicode | ntlmFlag.sign | ntlmFlag.seal | ntlmFlag.extendedSessionSecurity | ntlmFlag.key128;

/** Reads the server's CHALLENGE. */
export function decodeChallenge(token: Uint8Array, server: string): NtlmChallenge {
  const reader = new ByteReader(token, server, 'NTLM challenge');
  if (!reader.take(8).equals(signature)) reader.fail('it has no NTLM signature');
  reader.expect(reader.u32(), 2, 'the type');
  reader.skip(8);
  const flags = (reader.u32() & offeredFlags) >>> 0;
  const serverChallenge = reader.take(8);
  reader.skip(8);
  const length = reader.u16();
  reader.skip(2);
  const offset = reader.u32();
  const information = new ByteReader(token, server, 'target information of the NTLM challenge');
  information.skip(offset);
  return { flags, serverChallenge, ...pairsOf(new ByteReader(information.take(length), server, 'NTLM pairs')) };
}

function pairsOf(reader: ByteReader): Pick<NtlmChallenge, 'targetInformation' | 'pairs'> {
  const pairs = new Map<number, Buffer>();
  while (reader.remaining > 0) {
    const start = reader.offset;
    const id = reader.u16();
    const value = reader.take(reader.u16());
    if (id === avId.end) return { targetInformation: reader.bytes.subarray(0, start), pairs };
    pairs.set(id, value);
  }
  return { targetInformation: reader.bytes, pairs };
}

/** Refuses a challenge that would leave hashes badly protected. */
export function needStrength({ flags }: NtlmChallenge, server: string): void {
  if ((flags & needed) === needed) return;
  throw new EncryptionRefusedError(
    server,
    'its NTLM has no 128-bit sealing with extended session security',
    'Use Kerberos to sign in for replication, or set "Minimum session security for NTLM SSP" on the domain controller.',
  );
}
