import type { TenantId } from '../../model/index.ts';
import { BadAnswerError } from '../errors.ts';
import type { TenantEvent } from '../target.ts';
import type { GraphAnswer } from './client.ts';
import { isRecord, records } from './json.ts';
import { type Linked, linkAt } from './reader.ts';
import { linkName } from './requests.ts';
import { requireId } from './tenant-object.ts';

type Body = Readonly<Record<string, unknown>>;

/** One page of a delta query, taken apart. */
export interface DeltaPage extends Linked {
  /** With at least one property: new, changed, or shown once more. */
  readonly objects: readonly Body[];
  readonly removed: readonly { readonly id: TenantId; readonly soft: boolean }[];
  readonly links: readonly Extract<TenantEvent, { type: 'links' }>[];
  /** Where the next query begins; on the last page, and on no other. */
  readonly delta: string | undefined;
}

/** Takes a page of `/users/delta` or `/groups/delta` apart; `references` by the engine's names. */
export function parseDeltaPage({ body }: GraphAnswer, references: Iterable<string>): DeltaPage {
  const value = isRecord(body) ? body['value'] : undefined;
  if (!isRecord(body) || !Array.isArray(value) || !value.every(isRecord))
    throw new BadAnswerError('a delta page', 'it holds no list of objects');
  const link = linkAt(body, '@odata.nextLink');
  const delta = linkAt(body, '@odata.deltaLink');
  if ((link === undefined) === (delta === undefined))
    throw new BadAnswerError('a delta page', 'it does not say where it goes on');
  const names = [...references].map((attribute) => ({ attribute, property: `${linkName(attribute)}@delta` }));
  const objects: Body[] = [];
  const removed: DeltaPage['removed'][number][] = [];
  const links: DeltaPage['links'][number][] = [];
  for (const item of records(value)) {
    const id = requireId(item['id']);
    const gone = removalOf(item);
    if (gone !== undefined) {
      removed.push({ id, soft: gone['reason'] === 'changed' });
      continue;
    }
    for (const { attribute, property } of names) {
      const change = linkChange(id, attribute, item[property]);
      if (change !== undefined) links.push(change);
    }
    // The further slices of a large group carry nothing but its members.
    if (Object.keys(item).some((name) => name !== 'id' && !name.includes('@'))) objects.push(item);
  }
  return { objects, removed, links, link, delta };
}

function linkChange(
  id: TenantId,
  attribute: string,
  value: unknown,
): Extract<TenantEvent, { type: 'links' }> | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(isRecord))
    throw new BadAnswerError('a delta page', `the changes of ${attribute} are no list of objects`);
  const added: TenantId[] = [];
  const removed: TenantId[] = [];
  for (const member of records(value))
    (removalOf(member) === undefined ? added : removed).push(requireId(member['id']));
  return added.length + removed.length === 0 ? undefined : { type: 'links', id, attribute, added, removed };
}

function removalOf(item: Body): Body | undefined {
  const gone = item['@removed'];
  if (gone === undefined || isRecord(gone)) return gone;
  throw new BadAnswerError('a delta page', 'it does not say how an object was removed');
}
