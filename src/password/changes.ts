import {
  epochOffset,
  type NcChangesReply,
  type ReplicatedAttribute,
  type ReplicatedObject,
} from './drsr/nc-changes-reply.ts';
import { type AttributeIds, attributeIds } from './drsr/prefix-table.ts';
import { decryptHashes } from './drsr/secret.ts';
import { SecretDamagedError } from './errors.ts';
import { NtHash } from './nt-hash.ts';
import type { PasswordChange } from './password-change.ts';

/** What an attribute that did not come means: it is as before, or there is none. */
type Absent = 'unchanged' | 'none';

/** The accounts of a reply with their hashes in clear. Whoever takes them wipes the hashes. */
export function changesOf(reply: NcChangesReply, sessionKey: Uint8Array, absent: Absent): readonly PasswordChange[] {
  const ids = attributeIds(reply.prefixes);
  return reply.objects.map((object) => changeOf(object, ids, sessionKey, absent));
}

export function wipe(changes: readonly PasswordChange[]): void {
  for (const { password } of changes) if (password.kind === 'hash') password.hash[Symbol.dispose]();
}

function changeOf(object: ReplicatedObject, ids: AttributeIds, sessionKey: Uint8Array, absent: Absent): PasswordChange {
  const { guid, sid, dn } = object;
  const byId = (id: number): ReplicatedAttribute | undefined => object.attributes.find((one) => one.id === id);
  const control = byId(ids.userAccountControl)?.values[0];
  return {
    guid,
    sid,
    dn,
    // How AD renames what it deletes ([MS-ADTS] 3.1.1.5.5).
    deleted: /^[^,]*\\0ADEL:/.test(dn),
    password: passwordOf(object, byId(ids.unicodePwd), sessionKey, absent),
    pwdLastSet: lastSet(byId(ids.pwdLastSet)?.values[0]),
    userAccountControl: control?.length === 4 ? control.readUInt32LE() : undefined,
  };
}

function passwordOf(
  object: ReplicatedObject,
  attribute: ReplicatedAttribute | undefined,
  sessionKey: Uint8Array,
  absent: Absent,
): PasswordChange['password'] {
  if (attribute === undefined) return absent === 'none' ? { kind: 'none', version: undefined } : { kind: 'unchanged' };
  const { values, version } = attribute;
  const [blob] = values;
  if (blob === undefined) return { kind: 'none', version };
  try {
    return { kind: 'hash', hash: hashIn(blob, object, sessionKey), version };
  } catch (error) {
    if (error instanceof SecretDamagedError) return { kind: 'damaged', error, version };
    throw error;
  } finally {
    blob.fill(0);
  }
}

function hashIn(blob: Buffer, { sid, dn }: ReplicatedObject, sessionKey: Uint8Array): NtHash {
  const rid = sid?.split('-').at(-1);
  if (rid === undefined) throw new SecretDamagedError(dn, 'the account has no SID');
  const [hash, ...others] = decryptHashes(blob, sessionKey, Number(rid), dn);
  if (hash === undefined || others.length > 0) throw new SecretDamagedError(dn, 'it is not one hash');
  return new NtHash(hash);
}

const never = 0x7fff_ffff_ffff_ffffn;

function lastSet(value: Buffer | undefined): PasswordChange['pwdLastSet'] {
  if (value?.length !== 8) return undefined;
  const ticks = value.readBigInt64LE();
  if (ticks === 0n) return 'mustChange';
  return ticks < 0n || ticks === never ? undefined : new Date(Number(ticks / 10_000n) - epochOffset);
}
