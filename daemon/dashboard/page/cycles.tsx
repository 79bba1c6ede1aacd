import { useEffect } from 'preact/hooks';
import type { Cycle } from './answers.ts';
import { CycleChart, changesOf, speedOf } from './chart.tsx';
import { useList } from './loading.ts';
import { More, Refused, State, Table, When } from './parts.tsx';
import { lasting, number, words } from './words.ts';

/** The cycles so far, as a chart and as the table that says the same. */
export function Cycles({ newest }: { readonly newest: string }) {
  const { items, more, loading, error, reload } = useList<Cycle>('/api/v1/cycles', {}, 50);
  useEffect(reload, [newest]);
  return (
    <section aria-labelledby="cycles" aria-busy={loading}>
      <h2 id="cycles">Cycles</h2>
      <Refused error={error} />
      {items.length > 0 && <CycleChart cycles={items} />}
      <Table
        caption="Cycles, newest first"
        heads={['Cycle', 'State', 'Began', 'Took', 'Read', 'Changes', 'A second', 'Held', 'Failed']}
        class="numbers"
      >
        {items.map((cycle) => (
          <tr key={cycle.id}>
            <th scope="row">
              <a href={`#/cycles/${cycle.id}`}>
                {cycle.id} {words(cycle.type)}
                {cycle.preview && ' preview'}
              </a>
            </th>
            <td>
              <State of={cycle.state} />
            </td>
            <td>
              <When at={cycle.startedAt} />
            </td>
            <td>{lasting(cycle.startedAt, cycle.endedAt)}</td>
            <td>{number(cycle.counts.read)}</td>
            <td>{number(changesOf(cycle))}</td>
            <td>{number(Math.round(speedOf(cycle)))}</td>
            <td>{number(cycle.counts.held)}</td>
            <td>{number(cycle.counts.failed)}</td>
          </tr>
        ))}
      </Table>
      <More more={more} what="cycles" />
    </section>
  );
}
