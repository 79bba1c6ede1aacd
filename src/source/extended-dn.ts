import { type Dn, type ObjectGuid, parseSid, type Reference, sidFromBytes } from '../model/index.ts';

const prefix = '<GUID=';
const guidEnd = prefix.length + 36;
const extended = /^<GUID=[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}>;(?:<SID=([^>]+)>;)?/;

/** Is this a DN as LDAP_SERVER_EXTENDED_DN_OID makes the server write it ([MS-ADTS] 3.1.1.3.4.1.5)? */
export function isExtendedDn(value: string): boolean {
  // Asked of every value there is, and nearly always answered by its first letter.
  return value.charCodeAt(0) === prefix.charCodeAt(0) && extended.test(value);
}

/** Takes `<GUID=...>;<SID=...>;CN=...` apart; a plain DN is a reference without GUID. */
export function parseExtendedDn(value: string): Reference {
  const match = value.charCodeAt(0) === prefix.charCodeAt(0) ? extended.exec(value) : null;
  if (match === null) return { dn: value as Dn };
  const [head, sid] = match;
  return {
    dn: value.slice(head.length) as Dn,
    guid: value.slice(prefix.length, guidEnd).toLowerCase() as ObjectGuid,
    sid: sid === undefined ? undefined : parseSid(sid),
  };
}

/** An object named by its SID alone, in the form in which LDAP takes it for a DN ([MS-ADTS] 3.1.1.3.1.2.4). */
export function referenceBySid(value: Uint8Array): Reference | undefined {
  const sid = sidFromBytes(value);
  return sid === undefined ? undefined : { dn: `<SID=${sid}>` as Dn, sid };
}
