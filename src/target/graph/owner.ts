import { parseTenantId, type TenantId } from '../../model/index.ts';
import { TargetError } from '../errors.ts';
import type { Subject } from './classify.ts';
import type { GraphContext } from './context.ts';
import { readFirst, readOne } from './find.ts';
import { text } from './json.ts';
import { odata, path, query } from './odata.ts';
import type { Refusal } from './refusal.ts';

/** Who has a value that another object wants, in words; nothing when the tenant does not show it. */
export async function ownerOf(
  context: GraphContext,
  conflict: NonNullable<Refusal['conflict']>,
  subject: Subject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const id = conflict.owner === undefined ? undefined : parseTenantId(conflict.owner);
  try {
    if (id !== undefined)
      return (await namedById(context, id, signal)) ?? `object ${id}, which the tenant does not show`;
    const value = subject.valueOf(conflict.property);
    const filter = value === undefined ? undefined : filterOf(conflict.property, value);
    if (filter === undefined) return undefined;
    const where = `/users${query({ $filter: filter, $select: names.join(',') })}`;
    const body = await readFirst(context, { method: 'GET', path: where }, signal);
    return body === undefined ? undefined : inWords('user', text(body['id']) ?? '', body);
  } catch (error) {
    // Naming the owner is a kindness: the refusal itself says what is wrong.
    if (error instanceof TargetError) return undefined;
    throw error;
  }
}

const names = ['id', 'displayName', 'userPrincipalName'];

/** A value may belong to an object of any kind, and to one in the recycle bin. */
async function namedById(context: GraphContext, id: TenantId, signal: AbortSignal): Promise<string | undefined> {
  const live = await readOne(context, { method: 'GET', path: path`/directoryObjects/${id}` }, signal);
  const body = live ?? (await readOne(context, { method: 'GET', path: path`/directory/deletedItems/${id}` }, signal));
  if (body === undefined) return undefined;
  const kind = text(body['@odata.type'])?.replace('#microsoft.graph.', '').replace('orgContact', 'contact') ?? 'object';
  return inWords(live === undefined ? `soft-deleted ${kind}` : kind, id, body);
}

function inWords(kind: string, id: string, body: Readonly<Record<string, unknown>>): string {
  const name = text(body['userPrincipalName']) ?? text(body['displayName']) ?? '';
  return `${kind} ${name} (${id})`;
}

function filterOf(property: string | undefined, value: string): string | undefined {
  switch (property) {
    case 'userPrincipalName':
      return odata`userPrincipalName eq ${value}`;
    case 'mail':
    case 'proxyAddresses':
      return odata`proxyAddresses/any(p:p eq ${`smtp:${value}`})`;
    case 'onPremisesImmutableId':
      return odata`onPremisesImmutableId eq ${value}`;
    default:
      return undefined;
  }
}
