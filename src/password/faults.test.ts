import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Forest, startForest } from '../../test/samba/index.ts';
import { type Fate, type RelayOptions, startRelay } from '../../test/samba/relay.ts';
import { createReplicator, createUser, createUsers } from '../../test/samba/replicators.ts';
import { CloudSyncError } from '../model/index.ts';
import { ntHashOf } from './crypto/md4.ts';
import {
  EncryptionRefusedError,
  FragmentNotAuthenticError,
  FragmentReplayedError,
  KerberosRefusedError,
  MalformedAnswerError,
  NoEndpointError,
  openPasswordReader,
  type PasswordReader,
  type PasswordReaderOptions,
  ReplicationLostError,
  RpcRefusedError,
  ServerNameNeededError,
  ServerNotProvenError,
  ServiceUnknownError,
  SignInRefusedError,
} from './index.ts';
import { element, fields, generalString, integer, tag, time } from './kerberos/der.ts';
import { encodePrincipal } from './kerberos/principal.ts';

type SignIn = PasswordReaderOptions['signIn'];

const secret = 'Rep.lic8te!';
const canary = 'Canary-Yellow.77';
const bulk = Array.from({ length: 1100 }, (_, i) => ({ name: `user${i}`, password: `Bulk-Pine.${i}` }));
const signal = new AbortController().signal;
const kdc = 88;
const mapper = 135;
const replication = 49153;

let forest: Forest;
/** What errors said in all these tests. */
const said: string[] = [];

beforeAll(async () => {
  forest = await startForest({ realm: 'CORP.CONTOSO.TEST', netbios: 'CORP' });
  await createReplicator(forest, 'svc', secret, ['getChanges', 'getChangesAll']);
  await createUser(forest, 'canary', canary);
  // Enough for a page of many fragments.
  await createBulk(0, 60);
});
afterAll(() => forest[Symbol.asyncDispose]());

const createBulk = (from: number, to: number): Promise<void> =>
  createUsers(
    forest,
    bulk.slice(from, to).map(({ name, password }) => ({ name, ntHash: ntHashOf(password) })),
  );

function open(address: string, signIn: SignIn): PasswordReader {
  return openPasswordReader({
    domain: forest.domain,
    servers: async () => [address],
    user: `svc@${forest.domain}`,
    credential: () => ({ password: secret }),
    signIn,
    now: () => new Date(),
  });
}

const relayTo = (fate: RelayOptions['fate'], seen?: RelayOptions['seen']) =>
  startRelay({ to: forest.address, ports: [kdc, mapper, replication], fate, seen });

/** Reads through a relay that does this to what comes; gives the error, and keeps what it says. */
async function failure(signIn: SignIn, fate: RelayOptions['fate']): Promise<CloudSyncError> {
  await using relay = await relayTo(fate);
  await using reader = open(relay.address, signIn);
  try {
    for await (const _ of reader.changes(undefined, signal));
  } catch (error) {
    if (!(error instanceof CloudSyncError)) throw error;
    said.push(inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error.report()), String(error.stack));
    return error;
  }
  throw new Error('the read succeeded');
}

/**
 * Does something to one fragment of the sealed answers: the first is of DRSBind, the second of the controllers, all
 * others are of the page with the hashes.
 */
function toFragment(which: number, act: (bytes: Buffer, verifier: number) => Fate): RelayOptions['fate'] {
  let count = 0;
  return (bytes, port) => {
    if (port !== replication || bytes[2] !== 2) return [bytes];
    count += 1;
    return count === which ? act(bytes, verifierOf(bytes)) : [bytes];
  };
}

/** Does something to the server's token in its answer to a bind of this kind. */
function toToken(signIn: SignIn, act: (bytes: Buffer, token: number) => void): RelayOptions['fate'] {
  return (bytes, port) => {
    const verifier = verifierOf(bytes);
    const authType = signIn === 'ntlm' ? 10 : 16;
    if (port === replication && bytes[2] === 12 && bytes[verifier] === authType) act(bytes, verifier + 8);
    return [bytes];
  };
}

/** Does something to an answer of Kerberos with this tag: 30 of an error, 11 and 13 of tickets. */
function toKerberos(kind: number, act: (bytes: Buffer) => Fate): RelayOptions['fate'] {
  return (bytes, port) => (port === kdc && bytes[4] === tag.application(kind) ? act(bytes) : [bytes]);
}

const verifierOf = (bytes: Buffer): number => bytes.length - bytes.readUInt16LE(10) - 8;

function flip(bytes: Buffer, at: number): readonly Buffer[] {
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  return [bytes];
}

const middle = 6;
const nameOf = (dn: string): string => /^CN=([^,]+)/.exec(dn)?.[1] ?? dn;

describe.each(['kerberos', 'ntlm'] as const)('what comes to a client signed in by %s', (signIn) => {
  test.each([
    ['a bit of the stub', () => 40],
    ['a bit of the header', () => 17],
    ['the number of its call', () => 12],
    ['the length of the padding', (verifier: number) => verifier + 2],
    ['a bit of the seal', (verifier: number) => verifier + 8 + 6],
    ['a bit of the checksum', (verifier: number, length: number) => (signIn === 'ntlm' ? verifier + 13 : length - 3)],
  ])('with %s altered is not used', async (_, at) => {
    const error = await failure(
      signIn,
      toFragment(middle, (bytes, verifier) => flip(bytes, at(verifier, bytes.length))),
    );
    const cannotBeRead = error instanceof MalformedAnswerError && /padding|type 2|a seal of/.test(error.message);
    expect(error instanceof FragmentNotAuthenticError || cannotBeRead).toBe(true);
  });

  test('twice was replayed', async () => {
    const error = await failure(
      signIn,
      toFragment(middle, (bytes) => [bytes, Buffer.from(bytes)]),
    );
    expect(error).toBeInstanceOf(FragmentReplayedError);
  });

  test('with one left out is missed', async () => {
    expect(
      await failure(
        signIn,
        toFragment(middle, () => []),
      ),
    ).toBeInstanceOf(FragmentReplayedError);
  });

  test('without its seal is not read', async () => {
    const error = await failure(
      signIn,
      toFragment(middle, (bytes, verifier) => {
        const bare = Buffer.from(bytes.subarray(0, verifier));
        bare.writeUInt16LE(bare.length, 8);
        bare.writeUInt16LE(0, 10);
        return [bare];
      }),
    );
    expect(error).toBeInstanceOf(MalformedAnswerError);
    expect(error.message).toContain('without its seal');
  });

  test('and ends in the middle of a fragment was lost', async () => {
    expect(
      await failure(
        signIn,
        toFragment(middle, () => 'end'),
      ),
    ).toBeInstanceOf(ReplicationLostError);
  });

  test('with another proof of the server is not believed', async () => {
    const error = await failure(
      signIn,
      toToken(signIn, (bytes) => flip(bytes, bytes.length - 30)),
    );
    // With NTLM it is the server that sees, by the MIC, that its own challenge was altered.
    expect(error).toBeInstanceOf(signIn === 'ntlm' ? SignInRefusedError : ServerNotProvenError);
  });

  test('and is of another protocol is told as such', async () => {
    const noise = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    for (const where of [mapper, replication]) {
      const error = await failure(signIn, (bytes, port) => [port === where ? noise : bytes]);
      expect(error).toBeInstanceOf(MalformedAnswerError);
    }
  });

  test('and is a fault is named by its code', async () => {
    const error = await failure(
      signIn,
      toFragment(middle, (bytes) => {
        const fault = Buffer.alloc(32);
        bytes.copy(fault, 0, 0, 24);
        fault[2] = 3;
        fault[3] = 3;
        fault.writeUInt16LE(fault.length, 8);
        fault.writeUInt16LE(0, 10);
        fault.writeUInt32LE(0x1c00001a, 24);
        return [fault];
      }),
    );
    expect(error).toBeInstanceOf(RpcRefusedError);
    expect(error.message).toContain('0x1c00001a');
  });

  test('by a map without the replication service has no endpoint', async () => {
    const error = await failure(signIn, (bytes, port) => {
      if (port !== mapper || bytes[2] !== 2) return [bytes];
      bytes.fill(0, 24 + 20);
      return [bytes];
    });
    expect(error).toBeInstanceOf(NoEndpointError);
  });
});

describe('Kerberos', () => {
  const errorOf = (code: number): Buffer => {
    const message = element(
      tag.application(30),
      fields({
        0: integer(5),
        1: integer(30),
        4: time(new Date()),
        5: integer(0),
        6: integer(code),
        9: generalString('CORP.CONTOSO.TEST'),
        10: encodePrincipal({ type: 2, parts: ['host', 'dc1'] }),
      }),
    );
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    return Buffer.concat([length, message]);
  };

  test.each([
    [7, ServiceUnknownError],
    [14, EncryptionRefusedError],
    [18, SignInRefusedError],
    [60, KerberosRefusedError],
  ])('error %d in place of a ticket is told as what it means', async (code, kind) => {
    expect(
      await failure(
        'kerberos',
        toKerberos(13, () => [errorOf(code)]),
      ),
    ).toBeInstanceOf(kind);
  });

  test('an altered ticket for the service proves nothing', async () => {
    const error = await failure(
      'kerberos',
      toKerberos(13, (bytes) => flip(bytes, bytes.length - 5)),
    );
    expect(error).toBeInstanceOf(ServerNotProvenError);
  });

  test('an altered answer to the sign-in is one that the key does not open', async () => {
    const error = await failure(
      'kerberos',
      toKerberos(11, (bytes) => flip(bytes, bytes.length - 5)),
    );
    expect(error).toBeInstanceOf(SignInRefusedError);
  });

  test('that hangs up was lost', async () => {
    expect(
      await failure(
        'kerberos',
        toKerberos(13, () => 'end'),
      ),
    ).toBeInstanceOf(ReplicationLostError);
  });

  test('believes no server that calls itself by a name outside the domain', async () => {
    const name = Buffer.from('dc1.corp', 'utf16le');
    const error = await failure(
      'kerberos',
      toToken('ntlm', (bytes) => bytes.set(Buffer.from('dc1.evil', 'utf16le'), bytes.indexOf(name))),
    );
    expect(error).toBeInstanceOf(ServerNameNeededError);
    expect(error.message).toContain('dc1.evil.contoso.test');
  });
});

test('NTLM without strong session security is refused before anything is sent', async () => {
  const error = await failure(
    'ntlm',
    toToken('ntlm', (bytes, token) => bytes.writeUInt32LE(0x00008201, token + 20)),
  );
  expect(error).toBeInstanceOf(EncryptionRefusedError);
});

describe('a domain of more than a thousand accounts', () => {
  beforeAll(() => createBulk(60, bulk.length));

  test('comes by pages of one stream, not by calls for each', async () => {
    let calls = 0;
    await using relay = await relayTo(
      (bytes) => [bytes],
      (bytes, port) => {
        if (port === replication && bytes[2] === 0) calls += 1;
      },
    );
    await using reader = open(relay.address, 'kerberos');
    let cookie: string | undefined;
    let right = 0;
    for await (const event of reader.changes(undefined, signal)) {
      if (event.type === 'complete') cookie = event.cookie;
      if (event.type !== 'page') continue;
      for (const { dn, password } of event.changes) {
        const user = bulk[Number(/^CN=user(\d+),/.exec(dn)?.[1] ?? Number.NaN)];
        if (user === undefined || password.kind !== 'hash') continue;
        right += Number(password.hash.use((bytes) => ntHashOf(user.password).equals(bytes)));
      }
    }
    expect(right).toBe(bulk.length);
    // DRSBind, the controllers, and three pages at the most.
    expect(calls).toBeLessThanOrEqual(5);
    calls = 0;
    for await (const event of reader.changes(cookie, signal)) expect(event.type).not.toBe('page');
    expect(calls).toBe(1);
  });

  test('is read to its end, from the last page, after the domain controller failed in the middle', async () => {
    const seen = new Set<string>();
    await using reader = open(forest.address, 'kerberos');
    let cookie: string | undefined;
    const first = async (): Promise<void> => {
      for await (const event of reader.changes(undefined, signal)) {
        if (event.type !== 'page') continue;
        for (const { dn } of event.changes) seen.add(nameOf(dn));
        cookie = event.cookie;
        await forest.kill();
      }
    };
    await expect(first()).rejects.toBeInstanceOf(ReplicationLostError);
    await forest.start();
    let ended = false;
    for await (const event of reader.changes(cookie, signal)) {
      if (event.type === 'page') for (const { dn } of event.changes) seen.add(nameOf(dn));
      ended ||= event.type === 'complete';
    }
    expect(ended).toBe(true);
    // Samba, having lost its own note of the stream, begins it anew: what came twice has the version it had.
    expect(bulk.filter(({ name }) => !seen.has(name))).toEqual([]);
  });
});

test('nothing of all this showed a hash, a password or a key', () => {
  expect(said.length).toBeGreaterThan(60);
  const passwords = [secret, canary, forest.adminPassword, ...bulk.map(({ password }) => password)];
  const text = said.join('\n');
  for (const password of passwords) {
    const hash = ntHashOf(password);
    expect(text).not.toContain(password);
    for (const shape of [hash.toString('hex'), hash.toString('base64'), [...hash].join(', '), [...hash].join(',')]) {
      expect(text.toLowerCase()).not.toContain(shape.toLowerCase());
    }
  }
});
