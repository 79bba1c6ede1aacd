import { type Dn, parseObjectGuid, parseSid, type Reference } from '../model/index.ts';

const extended = /^<GUID=([0-9a-fA-F-]{36})>;(?:<SID=([^>]+)>;)?/;

/** Is this a DN as LDAP_SERVER_EXTENDED_DN_OID makes the server write it ([MS-ADTS] 3.1.1.3.4.1.5)? */
export function isExtendedDn(value: string): boolean {
  return value.startsWith('<GUID=') && extended.test(value);
}

/** Takes `<GUID=...>;<SID=...>;CN=...` apart; a plain DN is a reference without GUID. */
export function parseExtendedDn(value: string): Reference {
  const match = extended.exec(value);
  if (match === null) return { dn: value as Dn };
  const [prefix, guid, sid] = match;
  return {
    dn: value.slice(prefix.length) as Dn,
    guid: guid === undefined ? undefined : parseObjectGuid(guid),
    sid: sid === undefined ? undefined : parseSid(sid),
  };
}
