import { useState } from 'preact/hooks';
import type { Cycle, Operation, PlanSummary } from './answers.ts';
import { change } from './api.ts';
import { Confirm } from './confirm.tsx';
import { useAct } from './session.ts';
import { counted, sentence, words } from './words.ts';

/** What a decision is about. */
export type Selection =
  | { readonly kind: 'all'; readonly byType: PlanSummary['byState'] }
  | { readonly kind: 'guard'; readonly guard: string }
  | { readonly kind: 'chosen'; readonly operations: readonly Operation[] };

/** By type, how many. */
function countsOf(selection: Selection): readonly (readonly [string, number])[] {
  if (selection.kind === 'all') return selection.byType.map(({ type, n }) => [type, n]);
  if (selection.kind === 'guard') return [];
  return [...Map.groupBy(selection.operations, ({ type }) => type)].map(([type, all]) => [type, all.length]);
}

/** The first few by name. */
function namesOf(operations: readonly Operation[]): string {
  const names = operations.slice(0, 10).map(({ displayName }) => displayName);
  const rest = operations.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}

const about = (selection: Selection): string =>
  selection.kind === 'all'
    ? 'everything held'
    : selection.kind === 'guard'
      ? `all that ${words(selection.guard)} holds`
      : `${counted(selection.operations.length, 'chosen operation')}`;

const bodyOf = (selection: Selection): object =>
  selection.kind === 'all'
    ? {}
    : selection.kind === 'guard'
      ? { heldBy: selection.guard }
      : { digests: selection.operations.map(({ digest }) => digest) };

/** Approves or denies what is held, as it was shown: the digest goes along, and a plan that has moved on is refused. */
export function Decide(props: {
  readonly digest: string;
  /** Nothing, where not all that could be meant is shown. */
  readonly selection: Selection | undefined;
  readonly onDecided: () => void;
}) {
  const [asked, setAsked] = useState<'approve' | 'deny'>();
  const [starts, setStarts] = useState(true);
  const act = useAct();
  const { selection, digest } = props;
  if (selection === undefined) {
    return <p>Choose among the held operations below; without a filter, one may decide on everything held.</p>;
  }
  const decide = async (verdict: 'approve' | 'deny'): Promise<void> => {
    const done = await act(async () => {
      const { count } = await change<{ count: number }>('POST', '/api/v1/held/decision', {
        verdict,
        digest,
        ...bodyOf(selection),
      });
      const decided = `${verdict === 'approve' ? 'Approved' : 'Denied'}: ${counted(count, 'operation')}.`;
      if (!starts) return `${decided} The next cycle carries it out.`;
      const { id } = await change<Cycle>('POST', '/api/v1/cycles', { type: 'delta' });
      location.hash = `#/cycles/${id}`;
      return `${decided} Cycle ${id} has begun.`;
    });
    if (done) props.onDecided();
  };
  return (
    <section class="decide" aria-label="Decision">
      <button type="button" onClick={() => setAsked('approve')}>
        Approve {about(selection)}
      </button>
      <button type="button" class="secondary" onClick={() => setAsked('deny')}>
        Deny {about(selection)}
      </button>
      {asked !== undefined && (
        <Confirm
          title={`${sentence(asked)} ${about(selection)}?`}
          action={sentence(asked)}
          dangerous={asked === 'approve'}
          onConfirm={() => void decide(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>
            {asked === 'approve'
              ? 'The next cycle carries out in the tenant, exactly as shown here:'
              : 'The tenant keeps these objects as they are, until they should become something else or are released:'}
          </p>
          <ul>
            {selection.kind === 'guard' && <li>all that {words(selection.guard)} holds</li>}
            {countsOf(selection).map(([type, n]) => (
              <li key={type}>
                {words(type)}: {counted(n, 'operation')}
              </li>
            ))}
          </ul>
          {selection.kind === 'chosen' && <p>{namesOf(selection.operations)}</p>}
          <p>
            Digest <code>{digest}</code>. Should the plan have moved on since it was shown, this is refused.
          </p>
          <label>
            <input type="checkbox" checked={starts} onChange={() => setStarts(!starts)} />
            Start a delta cycle at once
          </label>
        </Confirm>
      )}
    </section>
  );
}
