import { stat } from 'node:fs/promises';
import {
  type ConnectorName,
  type Dn,
  dnKey,
  domainDn,
  isWithin,
  type ObjectGuid,
  objectGuidFromBytes,
  parseObjectGuid,
  parseSid,
  type Reference,
  type SourceValue,
  sidFromBytes,
  toDn,
} from '../model/index.ts';
import { isBinary, isReference, kindOf, present } from './attributes.ts';
import { slices } from './entry.ts';
import { FullReadNeededError, IncompleteReadError, LdifError, LdifUnreadableError } from './errors.ts';
import { type LdifRecord, readLdif } from './ldif-reader.ts';
import type { ReadRequest, Source, SourceChange, SourceEvent, Watermark } from './source.ts';

export interface LdifOptions {
  readonly connector: ConnectorName;
  readonly domain: string;
  readonly file: string;
}

const defaultPageSize = 1000;

/** One domain read from an LDIF export: a change of the file is a full read. */
export function openLdif({ connector, domain, file }: LdifOptions): Source {
  const namingContext = domainDn(domain);
  const facts = {
    fqdn: domain.toLowerCase(),
    netbios: (domain.split('.')[0] ?? domain).toUpperCase(),
    sid: undefined,
    namingContext,
  };

  async function* full({ attributes, signal, pageSize = defaultPageSize }: ReadRequest): AsyncIterable<SourceEvent> {
    const before = await stampOf(file);
    const kept = new Map([...attributes, 'cn', 'objectSid'].map((name) => [name.toLowerCase(), name]));
    const seen = new Set<ObjectGuid>();
    let page: SourceChange[] = [];
    let rootSeen = false;
    let objects = 0;
    yield { type: 'begin', mode: 'full', domain: facts, server: file };
    for await (const record of readLdif(file)) {
      signal.throwIfAborted();
      rootSeen ||= dnKey(record.dn) === dnKey(namingContext);
      const changes = readRecord(file, record, namingContext, kept);
      const [object] = changes;
      if (object === undefined) continue;
      if (seen.has(object.guid))
        throw new LdifError(file, record.line, `the objectGUID ${object.guid} is in the file twice`);
      seen.add(object.guid);
      objects += 1;
      page.push(...changes);
      if (objects % pageSize !== 0) continue;
      yield { type: 'page', changes: page };
      page = [];
    }
    yield { type: 'page', changes: page };
    if (!rootSeen) throw new IncompleteReadError(file, `${namingContext} itself is not in it`);
    if ((await stampOf(file)) !== before) throw new IncompleteReadError(file, 'it was changed while it was read');
    yield { type: 'complete', objects, watermark: { kind: 'ldif', stamp: before } };
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
      for await (const event of full(request)) {
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
  { dn, line, attributes }: LdifRecord,
  namingContext: Dn,
  kept: ReadonlyMap<string, string>,
): readonly SourceChange[] {
  const name = toDn(dn);
  if (name === undefined) throw new LdifError(file, line, `"${dn}" is not a distinguished name`);
  if (!isWithin(dnKey(name), dnKey(namingContext))) {
    throw new LdifError(file, line, `${dn} lies outside of ${namingContext}`);
  }
  const byName = new Map([...attributes].map(([key, values]) => [key.toLowerCase(), values]));
  const texts = (attribute: string): string[] => (byName.get(attribute) ?? []).map((value) => value.toString('utf8'));
  const kind = kindOf(texts('objectclass'));
  if (kind === undefined || texts('isdeleted')[0]?.toUpperCase() === 'TRUE') return [];
  const guid = guidOf(byName.get('objectguid')?.[0]);
  if (guid === undefined) throw new LdifError(file, line, `${dn} has no objectGUID`);
  const plain: [string, readonly SourceValue[]][] = [];
  const links: SourceChange[] = [];
  for (const [key, values] of attributes) {
    const attribute = kept.get(key.toLowerCase());
    if (/;range=/i.test(key)) throw new LdifError(file, line, `${key} of ${dn} is cut: not all values are in the file`);
    if (attribute === undefined || key.toLowerCase() === 'distinguishedname') continue;
    if (isReference(attribute))
      links.push(
        ...slices(
          guid,
          attribute,
          values.map((value) => referenceOf(file, line, value)),
          true,
        ),
      );
    else plain.push([attribute, values.map((value) => sourceValueOf(attribute, value))]);
  }
  const usn = texts('usnchanged')[0];
  return [{ type: 'object', guid, kind, dn: name, attributes: present(plain), partial: false, usn }, ...links];
}

function referenceOf(file: string, line: number, value: Buffer): Reference {
  const dn = toDn(value.toString('utf8'));
  if (dn === undefined) throw new LdifError(file, line, `"${value.toString('utf8')}" is not a distinguished name`);
  return { dn };
}

/** ldifde and ldapsearch write a GUID as its bytes, ldbsearch as text. */
function guidOf(value: Buffer | undefined): ObjectGuid | undefined {
  if (value === undefined) return undefined;
  return parseObjectGuid(value.toString('latin1')) ?? objectGuidFromBytes(value);
}

function sourceValueOf(attribute: string, value: Buffer): SourceValue {
  if (attribute.toLowerCase() === 'objectsid') {
    return parseSid(value.toString('latin1')) ?? sidFromBytes(value) ?? new Uint8Array(value);
  }
  return isBinary(attribute) ? new Uint8Array(value) : value.toString('utf8');
}
