import type { Configuration } from '../config/index.ts';
import { rankOf } from './flow.ts';
import type { Ordered } from './map.ts';
import type { SourceView } from './rules.ts';

/** ADS_UF_ACCOUNTDISABLE ([MS-ADTS] 2.2.16). */
const disabled = 2n;
const linkedMailbox = '2';

/**
 * Whose values win: the connectors the configuration names first, then the others in their order. What says something
 * of the account comes from the object with an enabled account first and from a linked mailbox last, as Connect's rules
 * have it: a mailbox's disabled account must not disable the person.
 */
export function orderBy(document: Configuration): (sources: readonly SourceView[]) => Ordered {
  const rank = rankOfConnectors(document);
  return (sources) => {
    if (sources.length < 2) return { byRank: sources, byAccount: sources };
    const byRank = sources.toSorted((a, b) => rank(a.connector) - rank(b.connector) || (a.guid < b.guid ? -1 : 1));
    return { byRank, byAccount: byRank.toSorted((a, b) => weakness(a) - weakness(b)) };
  };
}

/** By how much a connector comes behind the one whose values win first. */
export function rankOfConnectors(document: Configuration): (connector: string) => number {
  const named = rankOf(document, 'precedence', document.precedence);
  const all = rankOf(
    document,
    'forests',
    document.forests.map(({ name }) => name),
  );
  return (connector) => named.get(connector) ?? named.size + (all.get(connector) ?? all.size);
}

/** One object alone needs no order. */
export const unordered = (sources: readonly SourceView[]): Ordered => ({ byRank: sources, byAccount: sources });

export function isLinkedMailbox({ attributes }: SourceView): boolean {
  return attributes['msExchRecipientTypeDetails']?.[0] === linkedMailbox;
}

function weakness(view: SourceView): number {
  if (isLinkedMailbox(view)) return 2;
  const [flags] = view.attributes['userAccountControl'] ?? [];
  return typeof flags === 'string' && /^-?\d+$/.test(flags) && (BigInt(flags) & disabled) !== 0n ? 1 : 0;
}
