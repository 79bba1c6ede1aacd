/**
 * A domain controller's LDAP in a few hundred lines, for what neither Samba nor slapd does: cut long lists of values at
 * 1,500 as Active Directory does, be read-only, refer elsewhere, and misbehave in every way a test asks for.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { objectGuidToBytes, parseObjectGuid } from '../../src/model/index.ts';
import { matches } from './filter.ts';
import {
  dirSyncAsked,
  dirSyncCookie,
  entryMessage,
  messageLength,
  pageAsked,
  pageCookie,
  type Request,
  readRequest,
  resultMessage,
  type SearchRequest,
  type Values,
} from './messages.ts';

export type Attributes = Readonly<Record<string, Values>>;

export interface DoubleEntry {
  readonly dn: string;
  readonly attributes: Attributes;
}

export interface DoubleOptions {
  /** `double.test` */
  readonly domain?: string;
  readonly entries?: readonly DoubleEntry[];
  readonly readOnly?: boolean;
  /** Values of one attribute sent at once, as in AD's MaxValRange. */
  readonly mostValues?: number;
  /** Certificate and key, PEM, to answer StartTLS with. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** What DirSync gives after a cookie; refused when left out. */
  readonly dirSync?: (cookie: string) => DirSyncGiven;
  /** Sends the n-th message of a connection, from 0, as a test would have it. */
  readonly transmit?: (bytes: Buffer, n: number, socket: Socket) => void;
  /** Comes first: true when it has answered, or left unanswered, the request in place of the double. */
  readonly answer?: (request: Request, connection: Connection) => boolean;
}

export interface DirSyncGiven {
  readonly entries: readonly DoubleEntry[];
  readonly cookie: string;
  readonly more?: boolean;
}

export interface Connection {
  send(bytes: Buffer): void;
  end(): void;
}

export interface Double extends AsyncDisposable {
  readonly url: string;
  readonly domain: string;
  readonly baseDn: string;
  readonly searches: readonly (SearchRequest & { readonly id: number })[];
  /** Values of all attributes sent so far. */
  readonly valuesSent: number;
  readonly connections: number;
  /** Sign-ins asked for. */
  readonly binds: number;
  highestUsn: number;
  invocationId: string;
  /** Forgets the searches noted so far. */
  forget(): void;
}

const rangeOption = /^(.+);range=(\d+)-(\d+|\*)$/i;

export function guidBytes(n: number): Buffer {
  const guid = parseObjectGuid(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
  if (guid === undefined) throw new Error('not a GUID');
  return Buffer.from(objectGuidToBytes(guid));
}

export async function startDouble({
  domain = 'double.test',
  entries = [],
  readOnly = false,
  mostValues = 1500,
  tls,
  dirSync,
  transmit = (bytes, _, socket) => void socket.write(bytes),
  answer = () => false,
}: DoubleOptions = {}): Promise<Double> {
  const baseDn = domain
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',');
  const configuration = `CN=Configuration,${baseDn}`;
  const service = `CN=NTDS Settings,${configuration}`;
  const double = {
    domain,
    baseDn,
    searches: [] as (SearchRequest & { readonly id: number })[],
    valuesSent: 0,
    connections: 0,
    binds: 0,
    highestUsn: 1000,
    invocationId: '11111111-2222-4333-8444-555555555555',
  };
  const frame = (): readonly DoubleEntry[] => [
    {
      dn: '',
      attributes: {
        defaultNamingContext: [baseDn],
        configurationNamingContext: [configuration],
        schemaNamingContext: [`CN=Schema,${configuration}`],
        dsServiceName: [service],
        highestCommittedUSN: [String(double.highestUsn)],
        supportedCapabilities: ['1.2.840.113556.1.4.800', ...(readOnly ? ['1.2.840.113556.1.4.1920'] : [])],
      },
    },
    { dn: service, attributes: { invocationId: [Buffer.from(objectGuidToBytes(guidOf(double.invocationId)))] } },
    { dn: `CN=Partitions,${configuration}`, attributes: {} },
    { dn: `CN=Schema,${configuration}`, attributes: {} },
    { dn: `CN=Directory Service,CN=Windows NT,CN=Services,${configuration}`, attributes: {} },
  ];
  const root: DoubleEntry = {
    dn: baseDn,
    attributes: { objectClass: ['top', 'domainDNS'], objectGUID: [guidBytes(0)], uSNChanged: ['1'] },
  };

  function found({ base, scope, filter }: SearchRequest): readonly DoubleEntry[] | undefined {
    const all = [...frame(), root, ...entries];
    const wanted = base.toLowerCase();
    const [, guid] = /^<guid=([^>]+)>$/.exec(wanted) ?? [];
    const isBase = ({ dn, attributes }: DoubleEntry): boolean =>
      guid === undefined
        ? dn.toLowerCase() === wanted
        : Buffer.compare(
            Buffer.from(attributes['objectGUID']?.[0] ?? ''),
            Buffer.from(objectGuidToBytes(guidOf(guid))),
          ) === 0;
    if (wanted.startsWith('<wkguid='))
      return [{ dn: `CN=Deleted Objects,${baseDn}`, attributes: { objectGUID: [guidBytes(999_999)] } }];
    const bases = all.filter(isBase);
    if (bases.length === 0) return undefined;
    if (scope === 'base') return bases;
    const below = all.filter(
      ({ dn }) => dn !== '' && (dn.toLowerCase() === wanted || dn.toLowerCase().endsWith(`,${wanted}`)),
    );
    return below.filter(({ attributes }) => matches(filter, attributes));
  }

  function select({ attributes }: DoubleEntry, asked: readonly string[]): [string, Values][] {
    const list: [string, Values][] = [];
    for (const name of asked) {
      const [, bare = name, from = '0', to = '*'] = rangeOption.exec(name) ?? [];
      const key = Object.keys(attributes).find((one) => one.toLowerCase() === bare.toLowerCase());
      const values = key === undefined ? undefined : attributes[key];
      if (key === undefined || values === undefined) continue;
      const start = Number(from);
      const stop = Math.min(to === '*' ? values.length : Number(to) + 1, start + mostValues, values.length);
      const whole = start === 0 && stop === values.length;
      if (whole && bare === name) list.push([key, values]);
      else if (start < values.length) {
        // As AD does it: the attribute itself without a value, and beside it the range.
        if (bare === name) list.push([key, []]);
        list.push([`${key};range=${start}-${stop === values.length ? '*' : stop - 1}`, values.slice(start, stop)]);
      }
    }
    for (const [, values] of list) double.valuesSent += values.length;
    return list;
  }

  function search(request: Extract<Request, { type: 'search' }>, connection: Connection): void {
    const { id, controls, attributes } = request;
    const cookie = dirSyncAsked(controls);
    if (cookie !== undefined) {
      const given = dirSync?.(cookie);
      if (given === undefined) connection.send(resultMessage(id, 0x65, 12, 'no DirSync here'));
      else {
        for (const { dn, attributes } of given.entries)
          connection.send(entryMessage(id, dn, Object.entries(attributes)));
        connection.send(resultMessage(id, 0x65, 0, '', [dirSyncCookie(given.more === true, given.cookie)]));
      }
      return;
    }
    const list = found(request);
    if (list === undefined) {
      connection.send(resultMessage(id, 0x65, 32, 'no such object'));
      return;
    }
    const page = pageAsked(controls);
    const start = Number(page?.cookie ?? '') || 0;
    const end = page === undefined ? list.length : Math.min(list.length, start + page.size);
    for (const entry of list.slice(start, end)) connection.send(entryMessage(id, entry.dn, select(entry, attributes)));
    const more = Buffer.from(end < list.length ? String(end) : '');
    connection.send(resultMessage(id, 0x65, 0, '', page === undefined ? [] : [pageCookie(more)]));
  }

  function serve(socket: Socket): void {
    let held = Buffer.alloc(0);
    let sent = 0;
    const connection: Connection = {
      send: (bytes) => {
        transmit(bytes, sent, socket);
        sent += 1;
      },
      end: () => void socket.destroy(),
    };
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let length = messageLength(held); length !== undefined; length = messageLength(held)) {
        const request = readRequest(held.subarray(0, length));
        held = held.subarray(length);
        if (request.type === 'search') double.searches.push(request);
        if (request.type === 'bind') double.binds += 1;
        if (answer(request, connection)) continue;
        if (request.type === 'bind') connection.send(resultMessage(request.id, 0x61, 0));
        else if (request.type === 'search') search(request, connection);
        else if (request.type === 'startTls') {
          connection.send(resultMessage(request.id, 0x78, tls === undefined ? 2 : 0));
          if (tls === undefined) continue;
          socket.removeAllListeners('data');
          serve(new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) }));
        }
      }
    });
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    double.connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  const [a = 0, b = 0] = randomBytes(2);
  const host = `127.${1 + (a % 250)}.${b}.7`;
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(double, {
    url: `ldap://${host}:${port}`,
    forget: () => void double.searches.splice(0),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
}

function guidOf(text: string) {
  const guid = parseObjectGuid(text);
  if (guid === undefined) throw new Error(`${text} is not a GUID`);
  return guid;
}
