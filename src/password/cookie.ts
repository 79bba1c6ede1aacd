import { type ObjectGuid, parseObjectGuid } from '../model/index.ts';
import { fromTheStart, type UpToDateCursor } from './drsr/nc-changes.ts';
import type { ReadFrom } from './drsr/session.ts';
import { CookieTooOldError } from './errors.ts';

/** Where a read of a domain ended, and on which server. */
export interface Cookie {
  readonly server: string;
  readonly domain: string;
  readonly from: ReadFrom & { readonly invocationId: ObjectGuid };
}

const version = 1;
const biggestUsn = 2n ** 64n;

/** Text for the state to keep; it holds no secret. */
export function writeCookie({ server, domain, from }: Cookie): string {
  const { objectUpdate, reserved, propertyUpdate } = from.usn;
  return JSON.stringify({
    version,
    server,
    domain,
    invocationId: from.invocationId,
    usn: [objectUpdate, reserved, propertyUpdate].map(String),
    upToDate: from.upToDate?.map(({ invocationId, usn }) => [invocationId, String(usn)]),
  });
}

/** A text that is no cookie of this domain cannot resume anything. */
export function readCookie(text: string, domain: string): Cookie {
  const unusable = (reason: string) => new CookieTooOldError(domain, reason);
  const found = parse(text);
  if (found === undefined) throw unusable('what was stored of the last read cannot be understood');
  if (found.domain !== domain.toLowerCase()) throw unusable(`it was ${found.domain} that was read last`);
  return found;
}

function parse(text: string): Cookie | undefined {
  const value = json(text);
  if (value === undefined || value['version'] !== version) return undefined;
  const { server, domain } = value;
  const invocationId = guid(value['invocationId']);
  const usns = Array.isArray(value['usn']) ? value['usn'].map(usn) : [];
  const [objectUpdate, reserved, propertyUpdate] = usns;
  const upToDate = value['upToDate'] === undefined ? 'none' : cursors(value['upToDate']);
  if (typeof server !== 'string' || typeof domain !== 'string' || invocationId === undefined) return undefined;
  if (objectUpdate === undefined || reserved === undefined || propertyUpdate === undefined) return undefined;
  if (upToDate === undefined) return undefined;
  const read = { objectUpdate, reserved, propertyUpdate };
  return {
    server,
    domain,
    from: { invocationId, usn: read, upToDate: upToDate === 'none' ? undefined : upToDate },
  };
}

/** On another domain controller the USNs mean nothing, but what was seen of each origin still does. */
export function onAnother(cookie: Cookie, invocationId: ObjectGuid): Cookie['from'] {
  return { invocationId, usn: fromTheStart, upToDate: cookie.from.upToDate };
}

function cursors(value: unknown): readonly UpToDateCursor[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found: UpToDateCursor[] = [];
  for (const entry of value as readonly unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const invocationId = guid(entry[0]);
    const number = usn(entry[1]);
    if (invocationId === undefined || number === undefined) return undefined;
    found.push({ invocationId, usn: number });
  }
  return found;
}

function json(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function guid(value: unknown): ObjectGuid | undefined {
  return typeof value === 'string' ? parseObjectGuid(value) : undefined;
}

function usn(value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return undefined;
  const number = BigInt(value);
  return number < biggestUsn ? number : undefined;
}
