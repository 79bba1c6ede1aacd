import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { NtHash, toCloudForm } from '../../src/password/index.ts';
import {
  BadAnswerError,
  FeaturesUntoldError,
  type Fetch,
  httpsFetch,
  mostDeletes,
  type PasswordResult,
  type PasswordWrite,
  ServiceInternalError,
  type Target,
  TargetError,
} from '../../src/target/index.ts';
import { decode, element, encode, isElement, text, type XmlContent, type XmlElement } from '../../src/wire/index.ts';
import { dn, names, runCycle, sampleDirectory } from './cycles.ts';
import { apply, nextId, openSyncWorld, readAll, ref, type SyncWorld, signal } from './world.ts';

/** Answers that say less than they should, or what makes no sense: nothing is taken for gone, empty or done by them. */

let world: SyncWorld;
const opened: Disposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) one[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

type Edit = (one: XmlElement) => readonly XmlContent[];

const edited = (one: XmlElement, edit: Edit): readonly XmlContent[] =>
  edit({ ...one, content: one.content.flatMap((inner) => (isElement(inner) ? edited(inner, edit) : [inner])) });

/** The target, with the answers to one operation changed on their way. */
function openWith(operation: string, change: (answer: Buffer) => Uint8Array): Target {
  const fetch = httpsFetch({ ca: readFileSync(world.sandbox.ca, 'utf8') });
  opened.push(fetch);
  const changing: Fetch = async (url, init) => {
    const answer = await fetch(url, init);
    if (new Headers(init.headers).get('x-ms-aadmsods-apiaction') !== operation) return answer;
    const body = change(Buffer.from(await answer.arrayBuffer()));
    return new Response(new Uint8Array(body), { status: answer.status, headers: answer.headers });
  };
  return world.open({}, { fetch: changing });
}

const openEdited = (operation: string, edit: Edit): Target =>
  openWith(operation, (answer) => {
    const [envelope] = edited(decode(answer), edit);
    return encode(envelope as XmlElement);
  });

/** Changes the elements of one name. */
const named =
  (name: string, change: Edit): Edit =>
  (one) =>
    one.name === name ? change(one) : [one];
const gone: Edit = () => [];
const says =
  (value: string): Edit =>
  (one) => [element(one.prefix === '' ? one.name : `${one.prefix}:${one.name}`, [], [value])];

async function withUsers(...all: readonly string[]): Promise<void> {
  world = await openSyncWorld();
  await apply(
    world.target,
    ...all.map((name) => ({
      operationId: nextId(),
      type: 'create' as const,
      object: ref('user', name),
      attributes: { userPrincipalName: `${name}@corp.contoso.test`, displayName: name, accountEnabled: true },
    })),
  );
}

const read = 'ReadBackAzureADSyncObjects2';

describe('a read-back', () => {
  it.each([
    ['has no result', named(`${read}Result`, gone)],
    ['has no objects in its result', named('ResultObjects', gone)],
    ['has more to come and not where', (one: XmlElement) => moreWithout(one)],
  ])('that %s is no read of anything', async (_, edit) => {
    await withUsers('ada');
    await expect(readAll(openEdited(read, edit))).rejects.toThrow(BadAnswerError);
  });

  const moreWithout: Edit = (one) =>
    named('MoreObjects', says('true'))(one).flatMap((each) => (isElement(each) ? named('Cookie', gone)(each) : [each]));

  it('that gives the same cookie again and again ends as an error, not as a read', async () => {
    await withUsers('ada');
    let first = '';
    const stuck: Edit = (one) =>
      named(
        'MoreObjects',
        says('true'),
      )(one).flatMap((each) => {
        if (!isElement(each) || each.name !== 'Cookie') return [each];
        first ||= text(each);
        return says(first)(each);
      });
    await expect(readAll(openEdited(read, stuck))).rejects.toThrow(/not where to go on/);
  });

  it('of a tenant without objects is one', async () => {
    world = await openSyncWorld();
    expect(await readAll(world.target)).toMatchObject({ objects: [] });
  });

  it('of another shape does not hide what is to be deleted', async () => {
    world = await openSyncWorld();
    const entries = sampleDirectory();
    await runCycle(world, entries);
    entries.delete(dn('ada'));
    world.sandbox.changeProfile({ faults: { rules: [{ kind: 'wrongShape', path: read, times: 1 }] } });
    expect(await runCycle(world, entries, 'full')).toMatchObject({
      state: 'succeeded',
      counts: { created: 0, deleted: 1 },
    });
    expect(await names(world, 'users')).toEqual(['boss']);
  });

  it('and what is read of it are a value or an error of ours, whatever bytes come', async () => {
    await withUsers('ada');
    let seen: Buffer = Buffer.alloc(0);
    await readAll(openWith(read, (answer) => (seen = answer)));
    let bytes: Buffer = seen;
    const target = openWith(read, () => bytes);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(seen.length - 1), fc.nat(255)), { maxLength: 6 }), async (changes) => {
        bytes = Buffer.from(seen);
        for (const [at, value] of changes) bytes[at] = value;
        const said = await readAll(target).catch((error: unknown) => error);
        if (said instanceof Error) expect(said).toBeInstanceOf(TargetError);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the tenant’s configuration', () => {
  it('that does not tell the features is no reason to turn off all others', async () => {
    world = await openSyncWorld();
    const target = openEdited('GetCompanyConfiguration', named('DirSyncFeatures', gone));
    const before = world.sandbox.counters.syncCalls;
    await expect(target.features?.change(['passwordHashSync'], [], signal)).rejects.toThrow(FeaturesUntoldError);
    expect(world.sandbox.counters.syncCalls - before).toBe(1);
    expect((await world.target.features?.read(signal))?.has('softMatchOnUpn')).toBe(true);
  });

  it('that holds no number where one belongs is none', async () => {
    world = await openSyncWorld();
    for (const edit of [named('DirSyncFeatures', says('many')), named('GetCompanyConfigurationResult', gone)])
      await expect(openEdited('GetCompanyConfiguration', edit).check(signal)).rejects.toThrow(BadAnswerError);
  });

  it('may hold a threshold in per cent, of what was exported last or of what is known to be there', async () => {
    world = await openSyncWorld();
    const percent: Edit = (one) =>
      [...named('DeletionPrevention', says('EnabledForPercentage'))(one)].flatMap((each) =>
        isElement(each) ? named('ThresholdPercentage', says('10'))(each) : [each],
      );
    const { deleteThreshold } = await openEdited('GetCompanyConfiguration', percent).check(signal);
    expect(deleteThreshold).toEqual({ count: undefined, percent: 10, of: undefined });
    expect(deleteThreshold && mostDeletes(deleteThreshold, 101)).toBe(10);
    expect(mostDeletes({ count: 5, percent: 10, of: 101 }, 1000)).toBe(5);
    expect(mostDeletes({ count: undefined, percent: undefined, of: 101 }, 1000)).toBeUndefined();
  });
});

describe('passwords', () => {
  const write = async (name: string): Promise<PasswordWrite> => ({
    user: ref('user', name),
    changedAt: new Date('2026-11-25T08:00:00Z'),
    form: await toCloudForm(new NtHash(Buffer.alloc(16, 7))),
    forceChangeOnLogon: false,
  });

  async function send(target: Target, all: readonly string[]): Promise<readonly PasswordResult[]> {
    const results: PasswordResult[] = [];
    const passwords = await Promise.all(all.map(write));
    for await (const some of target.passwords?.send(passwords, signal) ?? []) results.push(...some);
    return results;
  }

  const some = Array.from({ length: 10 }, (_, n) => `user${n}`);

  async function activated(): Promise<void> {
    await withUsers(...some);
    await world.target.features?.change(['passwordHashSync'], [], signal);
  }

  it('are nobody’s matter while the service as a whole fails', async () => {
    await activated();
    world.sandbox.changeProfile({ faults: { rules: [{ kind: 'internalError', path: 'ProvisionCredentials' }] } });
    await expect(send(world.target, some)).rejects.toThrow(ServiceInternalError);
  });

  it('go to all but the one user whom the service cannot bear', async () => {
    await activated();
    const fetch = httpsFetch({ ca: readFileSync(world.sandbox.ca, 'utf8') });
    opened.push(fetch);
    const poison = Buffer.from(ref('user', 'user6').anchor ?? '');
    const target = world.open(
      {},
      {
        fetch: (url, init) => {
          const bad = init.body instanceof Uint8Array && Buffer.from(init.body).includes(poison);
          const rules = bad ? [{ kind: 'internalError' as const, path: 'ProvisionCredentials' }] : [];
          world.sandbox.changeProfile({ faults: { rules } });
          return fetch(url, init);
        },
      },
    );
    const results = await send(target, some);
    const failed = results.filter(({ outcome }) => outcome === 'failed');
    expect(results.map(({ user }) => user.anchor)).toEqual(some.map((name) => ref('user', name).anchor));
    expect(failed).toMatchObject([{ user: { anchor: ref('user', 'user6').anchor }, error: { code: 'CS4105' } }]);
  });

  it('whose result makes no sense fail by themselves', async () => {
    await activated();
    const seen: XmlElement[] = [];
    const odd: Edit = (one) => {
      if (one.name !== 'Result') return [one];
      seen.push(one);
      return seen.length === 3 ? says('soon')(one) : [one];
    };
    const results = await send(openEdited('ProvisionCredentials', odd), some);
    expect(results.map(({ outcome }) => outcome).filter((outcome) => outcome === 'done')).toHaveLength(9);
    expect(results[2]).toMatchObject({ outcome: 'failed', error: { code: 'CS4119' } });
  });
});
