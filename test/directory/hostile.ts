import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect } from 'vitest';
import { connectorName, type ObjectGuid, type SourceKind } from '../../src/model/index.ts';
import { openActiveDirectory, SourceError, type SourceEvent, type Watermark } from '../../src/source/index.ts';
import { request } from '../samba/connect.ts';
import { type Double, type DoubleEntry, guidBytes, startDouble } from './index.ts';
import { resultMessage } from './messages.ts';

/** What a hostile, broken or half-dead server may do with one of its messages. */
export type Mischief =
  | { readonly kind: 'flip'; readonly at: number; readonly mask: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly at: number; readonly afterwards: 'close' | 'silence' | 'goOn' }
  | { readonly kind: 'replace'; readonly bytes: Uint8Array }
  | { readonly kind: 'nest'; readonly depth: number; readonly tag: number }
  | { readonly kind: 'announce'; readonly head: readonly number[] }
  | { readonly kind: 'repeat'; readonly times: number }
  | { readonly kind: 'dribble' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'close' | 'reset' | 'notice' | 'code'; readonly code: number }
  | { readonly kind: 'bloat'; readonly megabytes: number };

const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const noise = fc.uint8Array({ minLength: 1, maxLength: 64 });

/** Silence costs the whole time-out: it comes seldom. */
export const mischief: fc.Arbitrary<Mischief> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.record({ kind: fc.constant('flip' as const), at, mask: fc.integer({ min: 1, max: 255 }) }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('insert' as const), at, bytes: noise }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      at,
      afterwards: fc.constantFrom('close' as const, 'goOn' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), at, afterwards: fc.constant('silence' as const) }),
  },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('replace' as const), bytes: noise }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('nest' as const),
      depth: fc.integer({ min: 1, max: 5000 }),
      tag: fc.constantFrom(0x30, 0x31, 0x64, 0xa0),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('announce' as const),
      head: fc.constantFrom(
        [0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        [0x30, 0x84, 0x20, 0, 0, 0],
        [0x30, 0x80],
        [0x30, 0x88, 1, 1, 1, 1, 1, 1, 1, 1],
        [0x30, 0x84, 0, 0, 0, 0],
        [0x30, 0x00],
      ),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('repeat' as const), times: fc.integer({ min: 2, max: 50 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('dribble' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('close' as const, 'reset' as const, 'notice' as const, 'code' as const),
      code: fc.integer({ min: -1, max: 130 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('bloat' as const), megabytes: fc.integer({ min: 1, max: 3 }) }),
  },
);

/** Does it to a message, and says what the connection is left as. */
function play(what: Mischief, bytes: Buffer, socket: Socket): void {
  const place = 'at' in what ? Math.floor(what.at * bytes.length) : 0;
  switch (what.kind) {
    case 'flip': {
      const copy = Buffer.from(bytes);
      copy[place] = (copy[place] ?? 0) ^ what.mask;
      socket.write(copy);
      break;
    }
    case 'insert':
      socket.write(Buffer.concat([bytes.subarray(0, place), what.bytes, bytes.subarray(place)]));
      break;
    case 'cut':
      socket.write(bytes.subarray(0, place));
      if (what.afterwards === 'close') socket.end();
      break;
    case 'replace':
      socket.write(what.bytes);
      break;
    case 'nest':
      socket.write(nested(what.depth, what.tag));
      break;
    case 'announce':
      socket.write(Buffer.from(what.head));
      socket.write(bytes);
      break;
    case 'repeat':
      for (let i = 0; i < what.times; i += 1) socket.write(bytes);
      break;
    case 'dribble':
      for (const byte of bytes) socket.write(Buffer.of(byte));
      break;
    case 'drop':
      break;
    case 'close':
      socket.end();
      break;
    case 'reset':
      socket.resetAndDestroy();
      break;
    case 'notice':
      socket.write(resultMessage(0, 0x78, what.code, 'going down'));
      break;
    case 'code':
      // Ends what is asked for early, whatever it was: ids count up from 1.
      for (const tag of [0x61, 0x65]) socket.write(resultMessage(idOf(bytes), tag, what.code, 'because'));
      break;
    case 'bloat':
      socket.write(
        Buffer.concat([bytes.subarray(0, place), Buffer.alloc(what.megabytes * 2 ** 20, 0x41), bytes.subarray(place)]),
      );
      break;
    default:
      what satisfies never;
  }
}

function idOf(message: Buffer): number {
  const head = (message[1] ?? 0) < 0x80 ? 2 : 2 + ((message[1] ?? 0) & 0x7f);
  return message.readIntBE(head + 2, message[head + 1] ?? 1);
}

function nested(depth: number, tag: number): Buffer {
  let bytes = Buffer.from([0x02, 0x01, 0x01]);
  for (let i = 0; i < depth; i += 1) {
    const { length } = bytes;
    bytes = Buffer.concat([
      Buffer.from(length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]),
      bytes,
    ]);
  }
  return Buffer.concat([
    Buffer.from([0x30, 0x82, (bytes.length + 3) >> 8, (bytes.length + 3) & 0xff, 0x02, 0x01, 0x05]),
    bytes,
  ]);
}

const base = 'DC=double,DC=test';
const people: readonly DoubleEntry[] = Array.from({ length: 12 }, (_, i) => ({
  dn: `CN=u${i},${base}`,
  attributes: {
    objectClass: ['top', 'person', 'user'],
    objectGUID: [guidBytes(1 + i)],
    cn: [`u${i}`],
    uSNChanged: ['5'],
  },
}));
const group: DoubleEntry = {
  dn: `CN=g,${base}`,
  attributes: {
    objectClass: ['top', 'group'],
    objectGUID: [guidBytes(50)],
    cn: ['g'],
    member: people.map(({ dn }) => dn),
    uSNChanged: ['5'],
  },
};
const changed: readonly DoubleEntry[] = [
  { dn: `CN=u1,${base}`, attributes: { objectGUID: [guidBytes(2)], displayName: ['new'], department: [] } },
  {
    dn: `CN=g,${base}`,
    attributes: {
      objectGUID: [guidBytes(50)],
      'member;range=1-1': [`CN=u1,${base}`],
      'member;range=0-0': [`CN=u2,${base}`],
    },
  },
  { dn: `CN=u3\\0ADEL:x,CN=Deleted Objects,${base}`, attributes: { objectGUID: [guidBytes(4)], isDeleted: ['TRUE'] } },
];

export interface Attack {
  readonly read: 'full' | 'dirSync' | 'usn';
  /** Which message of the connection it happens to; from then on to all of them with `onwards`. */
  readonly message: number;
  readonly onwards: boolean;
  readonly mischief: Mischief;
}

export const attack: fc.Arbitrary<Attack> = fc.record({
  read: fc.constantFrom('full', 'dirSync', 'usn'),
  message: fc.integer({ min: 0, max: 30 }),
  onwards: fc.boolean(),
  mischief,
});

export interface Battlefield extends AsyncDisposable {
  /** Lets the attack happen and holds what comes of it to the promise. */
  survive(attack: Attack): Promise<'complete' | string>;
}

const readTimeout = 120;

/** A domain of a few objects behind a server that does what it is told to. */
export async function openBattlefield(): Promise<Battlefield> {
  let current: Attack | undefined;
  const double: Double = await startDouble({
    entries: [...people, group],
    mostValues: 5,
    dirSync: (cookie) => ({ entries: cookie === 'now' ? changed : [], cookie: 'now' }),
    transmit(bytes, n, socket) {
      if (socket.destroyed || socket.writableEnded) return;
      if (current === undefined || n < current.message || (n > current.message && !current.onwards))
        socket.write(bytes);
      else play(current.mischief, bytes, socket);
    },
  });
  const moment = {
    server: double.url,
    invocationId: double.invocationId,
    highestUsn: '1',
    at: new Date().toISOString(),
  };
  const watermarks: Readonly<Record<'dirSync' | 'usn', Watermark>> = {
    dirSync: { kind: 'dirSync', ...moment, cookie: Buffer.from('now').toString('base64'), objectSecurity: false },
    usn: { kind: 'usn', ...moment },
  };
  const known = (guid: ObjectGuid): SourceKind => (guid.endsWith('50') ? 'group' : 'user');

  async function survive(attack: Attack): Promise<string> {
    current = attack;
    // What the double has noted of earlier attacks is no part of what they leave behind.
    double.forget();
    await using source = openActiveDirectory({
      connector: connectorName('test', double.domain),
      domain: double.domain,
      servers: async () => [double.url],
      user: 'reader',
      password: () => 'secret',
      tls: {},
      clearText: true,
      now: () => new Date(),
      connectTimeout: readTimeout,
      readTimeout,
      retryDelays: [],
    });
    const asked = request({ pageSize: 4, known, attributes: ['cn', 'displayName', 'department', 'member'] });
    const events = attack.read === 'full' ? source.full(asked) : source.delta(asked, watermarks[attack.read]);
    const seen: SourceEvent['type'][] = [];
    let roots = 0;
    try {
      for await (const event of events) {
        seen.push(event.type);
        if (event.type !== 'page') continue;
        for (const change of event.changes)
          if (change.type === 'object' && change.dn.toLowerCase() === base.toLowerCase()) roots += 1;
      }
    } catch (error) {
      // One clear error, with the server's name and nothing said to be complete.
      expect(error).toBeInstanceOf(SourceError);
      if (!(error instanceof SourceError)) throw error;
      expect(`${error.message} ${error.object}`).toMatch(/ldap:\/\/127\.|test\/double\.test/);
      expect(seen).not.toContain('complete');
      return error.code;
    }
    expect(seen.at(-1)).toBe('complete');
    expect(seen.filter((type) => type === 'complete')).toHaveLength(1);
    if (attack.read === 'full') expect(roots).toBeGreaterThan(0);
    return 'complete';
  }

  return { survive, [Symbol.asyncDispose]: () => double[Symbol.asyncDispose]() };
}
