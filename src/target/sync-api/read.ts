import {
  attribute,
  booleanOf,
  children,
  element,
  isNil,
  namespace,
  namespaces,
  text,
  type XmlElement,
} from '../../wire/index.ts';
import { BadAnswerError, ReadTokenLostError } from '../errors.ts';
import type { TenantEvent, TenantObject, TenantRef } from '../target.ts';
import type { AnsweredObject } from './answer.ts';
import { type ReadBack, toReadBack } from './objects.ts';
import type { SyncKinds } from './profile.ts';
import { readResult, type SyncService } from './service.ts';
import { readSyncObject } from './sync-object.ts';

const operation = 'ReadBackAzureADSyncObjects2';

interface Page {
  readonly objects: readonly ReadBack[];
  readonly cookie: string | undefined;
  readonly more: boolean;
}

/**
 * Reads back what the tenant holds, page by page, each resumed by the cookie of the one before. From a service that
 * gave no cookie nothing can be resumed: its token is empty, and the next read is a full one.
 */
export async function* readBack(
  service: SyncService,
  kinds: SyncKinds,
  tenantId: string,
  token: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<TenantEvent> {
  if (token === '') throw new ReadTokenLostError(tenantId, new Error('the service gave no cookie'));
  let cookie = token;
  const full = cookie === undefined;
  for (;;) {
    const page = await readPage(service, kinds, tenantId, cookie, full, signal);
    const objects = page.objects.flatMap((one) => (one.type === 'object' ? [one.object] : []));
    // Users can be taken out of the recycle bin again, by writing them anew.
    const removed = page.objects.flatMap((one) =>
      one.type === 'removed' ? [{ kind: one.kind, id: one.id, soft: one.kind === 'user' }] : [],
    );
    if (objects.length > 0) yield { type: 'objects', objects };
    if (removed.length > 0) yield { type: 'removed', objects: removed };
    if (!page.more) {
      yield { type: 'complete', token: page.cookie ?? cookie ?? '' };
      return;
    }
    // What is left unread would count as gone.
    if (page.cookie === undefined || page.cookie === cookie)
      throw new BadAnswerError(operation, 'it says that more is to come, and not where to go on');
    cookie = page.cookie;
  }
}

/** Reads until the object has come by. */
export async function findByReading(
  events: AsyncIterable<TenantEvent>,
  { kind, anchor }: TenantRef,
): Promise<TenantObject | undefined> {
  for await (const event of events) {
    const found =
      event.type === 'objects' ? event.objects.find((one) => one.kind === kind && one.anchor === anchor) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

async function readPage(
  service: SyncService,
  kinds: SyncKinds,
  tenantId: string,
  cookie: string | undefined,
  full: boolean,
  signal: AbortSignal,
): Promise<Page> {
  const content = [
    element('includeLicenseInformation', [], [false]),
    cookie === undefined
      ? element('inputCookie', [attribute('i:nil', true), namespace('i', namespaces.instance)])
      : element('inputCookie', [], [cookie]),
    element('isFullSync', [], [full]),
  ];
  let objects: ReadBack[] = [];
  const items = {
    begin: () => {
      objects = [];
    },
    take: (object: AnsweredObject) => {
      const read = toReadBack(kinds, readSyncObject(object));
      if (read !== undefined) objects.push(read);
    },
  };
  const lost = (description: string): ReadTokenLostError => new ReadTokenLostError(tenantId, new Error(description));
  const call = {
    operation,
    content,
    items,
    needs: 'ResultObjects',
    ...(cookie === undefined || full ? {} : { internal: lost }),
  };
  const { element: result } = await service.call(call, signal);
  return { objects, ...readResult(operation, () => progressOf(result)) };
}

/** How these members are called has not been published: the cookie by its name's end, the rest by its beginning. */
function progressOf(result: XmlElement | undefined): { readonly cookie: string | undefined; readonly more: boolean } {
  const members = children(result).filter((one) => !isNil(one) && children(one).length === 0 && text(one) !== '');
  const cookie = members.find(({ name }) => /cookie$/i.test(name));
  const more = members.find(({ name }) => /^(more|hasmore)/i.test(name));
  return {
    cookie: cookie === undefined ? undefined : text(cookie),
    more: more === undefined ? false : booleanOf(more),
  };
}
