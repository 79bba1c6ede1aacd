import { type ObjectKind, parseTenantId } from '../../model/index.ts';
import { TargetError } from '../errors.ts';
import type { Subject } from './classify.ts';
import type { GraphContext } from './context.ts';
import { byId, pageOf, requireGood } from './find.ts';
import { text } from './json.ts';
import { odata, query } from './odata.ts';
import { read } from './reader.ts';
import type { Refusal } from './refusal.ts';

/** Who has a value that another object wants, in words; nothing when the tenant does not show it. */
export async function ownerOf(
  context: GraphContext,
  kind: ObjectKind,
  conflict: NonNullable<Refusal['conflict']>,
  subject: Subject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const id = conflict.owner === undefined ? undefined : parseTenantId(conflict.owner);
  try {
    if (id !== undefined) {
      // The details name the id; which kind it is of, only a look tells.
      for (const owner of kind === 'group' ? (['group', 'user'] as const) : (['user', 'group'] as const)) {
        const body = await byId(context, owner, id, names[owner], signal);
        if (body !== undefined) return inWords(owner, id, body);
      }
      return `object ${id}, which is soft-deleted or not shown`;
    }
    const value = subject.valueOf(conflict.property);
    const filter = value === undefined ? undefined : filterOf(conflict.property, value);
    if (filter === undefined) return undefined;
    const path = `/users${query({ $filter: filter, $select: names.user.join(',') })}`;
    const [body] = await read(context, { method: 'GET', path }, signal, (answer) => {
      requireGood(answer, path);
      return pageOf(answer).value;
    });
    return body === undefined ? undefined : inWords('user', text(body['id']) ?? '', body);
  } catch (error) {
    // Naming the owner is a kindness: the refusal itself says what is wrong.
    if (error instanceof TargetError) return undefined;
    throw error;
  }
}

const names = { user: ['id', 'displayName', 'userPrincipalName'], group: ['id', 'displayName'] } as const;

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
