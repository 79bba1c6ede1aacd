import { isUtf8 } from 'node:buffer';
import { stat } from 'node:fs/promises';
import {
  type ConnectorName,
  type Dn,
  dnKey,
  domainDn,
  isWithin,
  type ObjectGuid,
  objectGuidFromBytes,
  objectGuidToBytes,
  parseObjectGuid,
  parseSid,
  type Reference,
  type SourceValue,
  sidToBytes,
  toDn,
} from '../../model/index.ts';
import { isBinary, isReference, kindOf, needed, present } from '../attributes.ts';
import { slices } from '../entry.ts';
import { FullReadNeededError, IncompleteReadError, LdifError, LdifUnreadableError } from '../errors.ts';
import { parseExtendedDn, referenceBySid } from '../extended-dn.ts';
import { ReadProof } from '../read-proof.ts';
import type { ReadRequest, Source, SourceChange, SourceEvent, Watermark } from '../source.ts';
import { GuidSet } from './guid-set.ts';
import { type LdifRecord, type LdifValue, printable, readLdif } from './records.ts';

export interface LdifOptions {
  readonly connector: ConnectorName;
  readonly domain: string;
  readonly file: string;
}

/** Changes handed on at once: few enough to be gone before memory is tidied, enough to be worth a durable commit. */
const atOnce = 100;

/** One domain read from an LDIF export: a change of the file is a full read, and one that lacks its end an incomplete one. */
export function openLdif({ connector, domain, file }: LdifOptions): Source {
  const namingContext = domainDn(domain);
  const facts = {
    fqdn: domain.toLowerCase(),
    netbios: (domain.split('.')[0] ?? domain).toUpperCase(),
    sid: undefined,
    namingContext,
  };

  async function* full(request: ReadRequest): AsyncIterable<SourceEvent> {
    const { attributes, signal, pageSize = atOnce, expected } = request;
    const before = await stampOf(file);
    const kept = new Map([...attributes, 'cn', 'objectSid'].map((name) => [name.toLowerCase(), name]));
    const wanted = new Set([...kept.keys(), ...needed.map((name) => name.toLowerCase())]);
    const proof = new ReadProof(file, 'full', namingContext, expected);
    const seen = new GuidSet();
    let page: SourceChange[] = [];
    yield { type: 'begin', mode: 'full', domain: facts, server: file };
    for await (const record of readLdif(file, wanted)) {
      signal.throwIfAborted();
      const changes = readRecord(file, record, namingContext, kept);
      const [object] = changes;
      if (object?.type !== 'object') continue;
      if (!seen.add(object.guid))
        throw new LdifError(file, record.line, `the objectGUID ${object.guid} is in the file twice`);
      proof.object(object.dn, object.kind);
      for (const change of changes) page.push(change);
      if (page.length < Math.min(pageSize, atOnce)) continue;
      yield { type: 'page', changes: page };
      page = [];
    }
    if (page.length > 0) yield { type: 'page', changes: page };
    proof.finish();
    if ((await stampOf(file)) !== before) throw new IncompleteReadError(file, 'it was changed while it was read');
    yield { type: 'complete', objects: proof.objects, watermark: { kind: 'ldif', stamp: before } };
  }

  return {
    connector,
    full,
    async *delta(_request, watermark) {
      const stamp = await stampOf(file);
      if (watermark.kind !== 'ldif' || watermark.stamp !== stamp) {
        throw new FullReadNeededError(connector, `${file} has changed`);
      }
      yield { type: 'begin', mode: 'delta', domain: facts, server: file };
      yield { type: 'complete', objects: 0, watermark };
    },
    async moved(watermark: Watermark) {
      return watermark.kind !== 'ldif' || watermark.stamp !== (await stampOf(file));
    },
    async *one(object, request) {
      for await (const event of full({ ...request, expected: undefined })) {
        if (event.type === 'begin') yield event;
        if (event.type !== 'page') continue;
        const found = event.changes.find(
          (change) =>
            change.type === 'object' &&
            ('guid' in object ? change.guid === object.guid : dnKey(change.dn) === dnKey(object.dn)),
        );
        if (found === undefined) continue;
        yield { type: 'page', changes: event.changes.filter((change) => change.guid === found.guid) };
        return;
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** Size and time of change: what tells one state of a file from another without reading it. */
async function stampOf(file: string): Promise<string> {
  try {
    const { size, mtimeNs } = await stat(file, { bigint: true });
    return `${size}-${mtimeNs}`;
  } catch (error) {
    throw new LdifUnreadableError(file, error);
  }
}

/** The object first, its links after; nothing for what no one asks about. */
function readRecord(
  file: string,
  { dn: recordName, line, attributes }: LdifRecord,
  namingContext: Dn,
  kept: ReadonlyMap<string, string>,
): readonly SourceChange[] {
  // ldbsearch --extended-dn writes them as a domain controller does.
  const { dn, guid: placed } = parseExtendedDn(recordName);
  const name = dnOf(dn);
  if (name === undefined) throw new LdifError(file, line, `"${printable(dn)}" is not a distinguished name`);
  if (!isWithin(dnKey(name), dnKey(namingContext))) {
    throw new LdifError(file, line, `${printable(dn)} lies outside of ${namingContext}`);
  }
  const kind = kindOf((attributes.get('objectclass') ?? []).map(textOf));
  if (kind === undefined || attributes.get('isdeleted')?.map(textOf)[0]?.toUpperCase() === 'TRUE') return [];
  const [written] = attributes.get('objectguid') ?? [];
  const guid = guidOf(written) ?? placed;
  if (guid === undefined || guid === noGuid)
    throw new LdifError(file, line, `${printable(dn)} has ${guidProblem(written)}`);
  const plain: [string, readonly SourceValue[]][] = [];
  const links: SourceChange[] = [];
  for (const [key, values] of attributes) {
    const attribute = kept.get(key);
    if (attribute === undefined || key === 'distinguishedname') continue;
    if (isReference(attribute)) {
      const references = values.map((value) =>
        isBinary(key) ? bySid(file, line, attribute, value) : referenceOf(file, line, value),
      );
      links.push(...slices(guid, attribute, references, true));
    } else plain.push([attribute, values.map((value) => sourceValueOf(key, value))]);
  }
  const [usn] = attributes.get('usnchanged') ?? [];
  return [
    {
      type: 'object',
      guid,
      kind,
      dn: name,
      attributes: present(plain),
      partial: false,
      usn: usn === undefined ? undefined : textOf(usn),
    },
    ...links,
  ];
}

function referenceOf(file: string, line: number, value: LdifValue): Reference {
  const reference = parseExtendedDn(textOf(value));
  if (dnOf(reference.dn) === undefined)
    throw new LdifError(file, line, `"${printable(reference.dn)}" is not a distinguished name`);
  return reference;
}

function bySid(file: string, line: number, attribute: string, value: LdifValue): Reference {
  const bytes = sourceValueOf(attribute, value);
  const reference = typeof bytes === 'string' ? undefined : referenceBySid(bytes);
  if (reference === undefined) throw new LdifError(file, line, `the ${attribute} is no SID`);
  return reference;
}

/** Nearly every DN is of this form, which spares taking it apart. */
const plainDn = /^[A-Za-z]+=[^,=+"\\<>;#\s][^,=+"\\<>;#]*(?:,[A-Za-z]+=[^,=+"\\<>;#\s][^,=+"\\<>;#]*)*$/;

function dnOf(text: string): Dn | undefined {
  return plainDn.test(text) ? (text as Dn) : toDn(text);
}

const noGuid = '00000000-0000-0000-0000-000000000000';

function guidProblem(value: LdifValue | undefined): string {
  if (value === undefined) return 'no objectGUID';
  if (typeof value === 'string') return `the objectGUID "${printable(value)}", which is no GUID`;
  return value.length === 16 ? 'an objectGUID of zeros' : `an objectGUID of ${value.length} bytes; a GUID has 16`;
}

/** ldifde and ldapsearch write a GUID as its bytes, ldbsearch as text. */
function guidOf(value: LdifValue | undefined): ObjectGuid | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string'
    ? parseObjectGuid(value)
    : (objectGuidFromBytes(value) ?? parseObjectGuid(textOf(value)));
}

/** As a domain controller would send it: bytes where they are bytes there, whatever the file shows them as. */
function sourceValueOf(key: string, value: LdifValue): SourceValue {
  if (!isBinary(key)) {
    if (typeof value !== 'string') return isUtf8(value) ? value.toString('utf8') : new Uint8Array(value);
    return value.startsWith('<GUID=') ? parseExtendedDn(value).dn : value;
  }
  if (typeof value !== 'string') return new Uint8Array(value);
  const sid = parseSid(value);
  if (sid !== undefined) return sidToBytes(sid);
  const guid = parseObjectGuid(value);
  return new Uint8Array(guid === undefined ? Buffer.from(value, 'utf8') : objectGuidToBytes(guid));
}

function textOf(value: LdifValue): string {
  return typeof value === 'string' ? value : value.toString('utf8');
}
