import { useEffect, useState } from 'preact/hooks';
import type { Operation, PlanSummary } from './answers.ts';
import { withQuery } from './api.ts';
import { Decide, type Selection } from './decide.tsx';
import { useList, useLoaded } from './loading.ts';
import { OperationItem } from './operation.tsx';
import { Choice, Filters, More, Refused } from './parts.tsx';
import { useShared } from './session.ts';
import { counted, sentence } from './words.ts';

const states = ['planned', 'held', 'sent', 'done', 'failed', 'unknown'] as const;
const types = [
  ...['create', 'adopt', 'update', 'disable', 'delete', 'restore'],
  ...['addMembers', 'removeMember', 'setManager', 'clearManager'],
] as const;

/** The plan of a cycle, or what is held of it, as a diff: to be read, searched, filtered and decided on. */
export function PlanView({ id, query }: { readonly id: number; readonly query: URLSearchParams }) {
  const { session, say } = useShared();
  const filter = Object.fromEntries(
    ['state', 'type', 'heldBy', 'search'].map((name) => [name, query.get(name) ?? undefined]),
  );
  const { data: plan, error, reload: reloadPlan } = useLoaded<PlanSummary>(`/api/v1/cycles/${id}/plan`);
  const list = useList<Operation>(`/api/v1/cycles/${id}/operations`, filter);
  const [chosen, setChosen] = useState<ReadonlyMap<number, Operation>>(new Map());
  const shown = list.loading ? '' : `Shows ${counted(list.items.length, 'operation')}`;
  useEffect(() => say(shown), [shown]);
  const cycle = plan?.cycle;
  const mayDecide = session.role === 'operator' && cycle?.heldDigest != null;
  const held = plan === undefined ? [] : plan.byState.filter(({ value }) => value === 'held');
  // Nobody decides on what a filter hides.
  const hides =
    filter['search'] !== undefined || filter['type'] !== undefined || (filter['state'] ?? 'held') !== 'held';
  const selection: Selection | undefined =
    chosen.size > 0
      ? { kind: 'chosen', operations: [...chosen.values()] }
      : hides
        ? undefined
        : filter['heldBy'] !== undefined
          ? { kind: 'guard', guard: filter['heldBy'] }
          : { kind: 'all', byType: held };
  const choose = (operation: Operation, isChosen: boolean): void =>
    setChosen((before) => {
      const after = new Map(before);
      if (isChosen) after.set(operation.id, operation);
      else after.delete(operation.id);
      return after;
    });
  const choosable = list.items.filter(({ state }) => state === 'held');
  const allChosen = choosable.length > 0 && choosable.every((operation) => chosen.has(operation.id));
  return (
    <>
      <p>
        <a href={`#/cycles/${id}`}>Cycle {id}</a>
        {plan !== undefined && `: ${counted(plan.operations, 'operation')}`}
        {cycle?.heldDigest != null && `, ${counted(cycle.counts.held, 'operation')} held`}
      </p>
      <Refused error={error} />
      {cycle?.holds.map(({ guard, forest, subject, error }) => (
        <p key={`${guard} ${forest} ${subject}`} class="trouble">
          <strong>{error.message}</strong> <code>{error.code}</code>
        </p>
      ))}
      <PlanFilters id={id} filter={filter} guards={[...new Set(cycle?.holds.map(({ guard }) => guard) ?? [])]} />
      {mayDecide && (
        <Decide
          key={cycle.heldDigest}
          digest={cycle.heldDigest ?? ''}
          selection={selection}
          onDecided={() => {
            setChosen(new Map());
            list.reload();
            reloadPlan();
          }}
        />
      )}
      <section aria-labelledby="operations" aria-busy={list.loading}>
        <h2 id="operations">Operations</h2>
        <Refused error={list.error} />
        {mayDecide && choosable.length > 0 && (
          <label class="all">
            <input
              type="checkbox"
              checked={allChosen}
              onChange={() => {
                for (const operation of choosable) choose(operation, !allChosen);
              }}
            />
            Choose the {counted(choosable.length, 'held operation')} shown
          </label>
        )}
        {!list.loading && list.items.length === 0 && <p>No operation fits.</p>}
        <ul class="operations">
          {list.items.map((operation) => (
            <OperationItem
              key={operation.id}
              operation={operation}
              chosen={chosen.has(operation.id)}
              onChoose={mayDecide && operation.state === 'held' ? (is) => choose(operation, is) : undefined}
            />
          ))}
        </ul>
        <More more={list.more} what="operations" />
      </section>
    </>
  );
}

function PlanFilters(props: {
  readonly id: number;
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly guards: readonly string[];
}) {
  const { filter } = props;
  const go = (more: Readonly<Record<string, string>>): void => {
    location.hash = withQuery(`#/cycles/${props.id}/plan`, { ...filter, ...more });
  };
  const choice = (name: string, label: string, values: readonly string[], any: string) => (
    <Choice
      label={label}
      any={any}
      values={values.map((value) => [value, sentence(value)])}
      chosen={filter[name]}
      onChoose={(value) => go({ [name]: value })}
    />
  );
  return (
    <Filters of="Operations" onSearch={(given) => go({ search: String(given.get('search') ?? '') })}>
      <label>
        Name or DN
        <input type="search" name="search" defaultValue={filter['search'] ?? ''} maxLength={200} />
      </label>
      {choice('state', 'State', states, 'Any state')}
      {choice('type', 'Operation', types, 'Any operation')}
      {props.guards.length > 0 && choice('heldBy', 'Held by', [...props.guards, 'softMatch'], 'Any guard')}
      <button type="submit">Search</button>
    </Filters>
  );
}
