import { useEffect, useState } from 'preact/hooks';
import type { Connector, Cycle, Status } from './answers.ts';
import { change } from './api.ts';
import { CycleChart, changesOf, speedOf } from './chart.tsx';
import { Confirm } from './confirm.tsx';
import { useList } from './loading.ts';
import { Facts, More, Refused, State, Table, Trouble, When } from './parts.tsx';
import { useAct, useShared } from './session.ts';
import { ago, lasting, number, sentence, words } from './words.ts';

export function Overview() {
  const { status } = useShared();
  if (status === undefined) return <p aria-busy="true">Asking the daemon</p>;
  return (
    <>
      <Now status={status} />
      <div class="cards">
        <Tenant status={status} />
        <Agent status={status} />
        <Population status={status} />
      </div>
      {[...Map.groupBy(status.connectors, ({ forest }) => forest)].map(([forest, connectors]) => (
        <Forest key={forest} name={forest} connectors={connectors} />
      ))}
      <Cycles newest={`${status.last?.id} ${status.running?.id}`} />
    </>
  );
}

/** What runs, what comes next, and what one may do about it. */
function Now({ status: { running, schedule } }: { readonly status: Status }) {
  const { session } = useShared();
  return (
    <section aria-labelledby="now" class="now">
      <h2 id="now">Now</h2>
      {running === null ? (
        <p>
          No cycle runs.{' '}
          {schedule.suspended !== null ? (
            <>
              <State of="suspended" /> since <When at={schedule.suspended.since} />
              {schedule.suspended.reason !== null && `: ${schedule.suspended.reason}`}
            </>
          ) : (
            schedule.next !== null && `The next one, ${schedule.next.type}, begins ${ago(schedule.next.at)}.`
          )}
        </p>
      ) : (
        <p>
          <a href={`#/cycles/${running.id}`}>
            {sentence(running.type)} cycle {running.id}
          </a>{' '}
          <State of="running" />
          {running.progress !== null &&
            `, ${running.progress.phase}: ${number(running.progress.done)}${running.progress.total === undefined ? '' : ` of ${number(running.progress.total)}`}`}
        </p>
      )}
      {session.role === 'operator' && <Controls suspended={schedule.suspended !== null} busy={running !== null} />}
    </section>
  );
}

const starts = [
  [
    'Delta cycle',
    { type: 'delta' },
    'reads what changed in the directory since the last cycle, and brings it to the tenant.',
  ],
  [
    'Full cycle',
    { type: 'full' },
    'reads every object of every domain, compares all with the tenant, and corrects what differs.',
  ],
  [
    'Preview',
    { type: 'delta', preview: true },
    'reads what changed and plans with it. It writes nothing to the tenant.',
  ],
] as const;

function Controls({ suspended, busy }: { readonly suspended: boolean; readonly busy: boolean }) {
  const act = useAct();
  const [asked, setAsked] = useState<(typeof starts)[number] | 'suspend'>();
  const close = (): void => setAsked(undefined);
  return (
    <p class="controls">
      {starts.map((start) => (
        <button key={start[0]} type="button" disabled={busy} onClick={() => setAsked(start)}>
          {start[0]}
        </button>
      ))}
      <button
        type="button"
        class="secondary"
        onClick={() =>
          suspended
            ? void act(async () => {
                await change('POST', '/api/v1/resume');
                return 'Resumed: cycles begin by themselves again.';
              })
            : setAsked('suspend')
        }
      >
        {suspended ? 'Resume' : 'Suspend'}
      </button>
      {asked === 'suspend' && (
        <Confirm
          title="Suspend the schedule?"
          action="Suspend"
          onClose={close}
          onConfirm={() =>
            void act(async () => {
              await change('POST', '/api/v1/suspend', { reason: 'by the dashboard' });
              return 'Suspended: no cycle begins by itself until you resume.';
            })
          }
        >
          <p>No cycle begins by itself any more, until somebody resumes. One that runs goes on.</p>
        </Confirm>
      )}
      {asked !== undefined && asked !== 'suspend' && (
        <Confirm
          title={`Start: ${asked[0].toLowerCase()}?`}
          action={`Start ${asked[0].toLowerCase()}`}
          onClose={close}
          onConfirm={() =>
            void act(async () => {
              const { id } = await change<Cycle>('POST', '/api/v1/cycles', asked[1]);
              location.hash = `#/cycles/${id}`;
              return `Cycle ${id} has begun.`;
            })
          }
        >
          <p>It {asked[2]} What a guard finds too much is held until somebody approves it.</p>
        </Confirm>
      )}
    </p>
  );
}

function Tenant({ status: { tenant } }: { readonly status: Status }) {
  return (
    <section class="card" aria-labelledby="tenant">
      <h2 id="tenant">Tenant</h2>
      <Facts
        of={[
          ['Id', <code key="id">{tenant.id}</code>],
          ['Cloud', tenant.cloud],
          ['Target', tenant.target],
          [
            'State',
            <State
              key="state"
              of={tenant.quarantine !== null ? 'quarantined' : tenant.lastError !== null ? 'failing' : 'healthy'}
            />,
          ],
        ]}
      />
      <Trouble error={tenant.lastError} />
      {tenant.quarantine !== null && (
        <p>
          Failing since <When at={tenant.quarantine.since} />, tried again <When at={tenant.quarantine.retryAt} />.{' '}
          <EndQuarantine scope={{ scope: 'tenant' }} />
        </p>
      )}
    </section>
  );
}

function Agent({ status }: { readonly status: Status }) {
  return (
    <section class="card" aria-labelledby="agent">
      <h2 id="agent">Agent</h2>
      <Facts
        of={[
          ['Built in', `version ${status.version}, process ${status.pid}`],
          ['Started', <When key="started" at={status.startedAt} />],
          ['Schedule', `delta every ${status.schedule.delta}, full every ${status.schedule.full}`],
          ['Watches', status.schedule.watch ? 'yes, within seconds of a change' : 'no'],
        ]}
      />
    </section>
  );
}

function Population({ status: { objects } }: { readonly status: Status }) {
  return (
    <section class="card" aria-labelledby="population">
      <h2 id="population">Objects</h2>
      <Table caption="Objects by kind" heads={['Kind', 'Forest', 'In scope', 'Tenant']} class="numbers">
        {Object.entries(objects).map(([kind, { source, inScope, inTenant }]) => (
          <tr key={kind}>
            <th scope="row">{sentence(kind)}s</th>
            <td>{number(source)}</td>
            <td>{number(inScope)}</td>
            <td>{number(inTenant)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Forest({ name, connectors }: { readonly name: string; readonly connectors: readonly Connector[] }) {
  const id = `forest-${name}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>Forest {name}</h2>
      <Table caption={`Domains of ${name}`} heads={['Domain', 'State', 'Domain controller', 'Objects', 'Last read']}>
        {connectors.map((connector) => (
          <tr key={connector.name}>
            <th scope="row">{connector.domain}</th>
            <td>
              <State of={connector.state} />
              <Trouble error={connector.lastError} />
              {connector.quarantine !== null && (
                <p>
                  Failed {connector.quarantine.failures} times since <When at={connector.quarantine.since} />, tried
                  again <When at={connector.quarantine.retryAt} />.{' '}
                  <EndQuarantine scope={{ scope: 'connector', connector: connector.name }} />
                </p>
              )}
            </td>
            <td class="name">{connector.server ?? 'none yet'}</td>
            <td>{number(connector.objects)}</td>
            <td>
              <When at={connector.lastReadAt} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function EndQuarantine({ scope }: { readonly scope: { readonly scope: string; readonly connector?: string } }) {
  const { session } = useShared();
  const act = useAct();
  if (session.role !== 'operator') return null;
  return (
    <button
      type="button"
      class="small"
      onClick={() =>
        void act(async () => {
          await change('POST', '/api/v1/quarantine/clear', scope);
          return 'The next cycle tries again.';
        })
      }
    >
      Try again now
    </button>
  );
}

function Cycles({ newest }: { readonly newest: string }) {
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
