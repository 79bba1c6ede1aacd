import type { Operation } from './answers.ts';
import { Diff, State, Trouble } from './parts.tsx';
import { objectLink } from './route.ts';
import { sentence, words } from './words.ts';

/** A diff longer than this is opened by hand. */
const shownAtOnce = 6;

/** What an operation that changes no attribute does. */
const effects: Readonly<Record<string, string>> = {
  delete: 'is deleted from the tenant, with its memberships',
  disable: 'can no longer sign in to the tenant',
  restore: 'comes back from the deleted objects of the tenant',
  adopt: 'becomes one with an object the tenant has already',
  addMembers: 'gets as members',
  removeMember: 'loses as a member',
  setManager: 'gets as manager',
  clearManager: 'loses its manager',
};

export function OperationItem(props: {
  readonly operation: Operation;
  readonly chosen: boolean;
  readonly onChoose: ((chosen: boolean) => void) | undefined;
}) {
  const { operation, onChoose } = props;
  const { type, kind, displayName, dn, cause, changes, references, state, heldBy, error } = operation;
  const diff = <Diff of={displayName} changes={changes} />;
  return (
    <li class={`operation ${type}`}>
      <p class="head">
        {onChoose !== undefined && (
          <input
            type="checkbox"
            aria-label={`Choose ${words(type)} ${displayName}`}
            checked={props.chosen}
            onChange={(event) => onChoose(event.currentTarget.checked)}
          />
        )}
        <strong class="type">{sentence(type)}</strong> {kind} <a href={objectLink(operation)}>{displayName}</a>{' '}
        <State of={state} />
        {heldBy !== null && <span>by {words(heldBy)}</span>}
      </p>
      <p class="name">
        {dn ?? 'no longer in the directory'}; cause: {words(cause)}
      </p>
      {effects[type] !== undefined && (
        <p>
          {displayName} {effects[type]}
          {references.length > 0 && `: ${references.map((reference) => reference.displayName).join(', ')}`}
        </p>
      )}
      {/* What a guard has to say of many stands above them once. */}
      {(heldBy === null || heldBy === 'softMatch') && <Trouble error={error} />}
      {changes.length > shownAtOnce ? (
        <details>
          <summary>
            {changes.length} attributes of {displayName}
          </summary>
          {diff}
        </details>
      ) : (
        diff
      )}
    </li>
  );
}
