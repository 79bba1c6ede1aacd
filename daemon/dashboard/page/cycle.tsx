import { useState } from 'preact/hooks';
import type { Cycle, PlanSummary, Progress } from './answers.ts';
import { change } from './api.ts';
import { Confirm } from './confirm.tsx';
import { useEvents, useLoaded } from './loading.ts';
import { Facts, Refused, State, Table, Trouble, When } from './parts.tsx';
import { useAct, useShared } from './session.ts';
import { counted, lasting, number, secondsOf, sentence } from './words.ts';

const phases = ['import', 'evaluate', 'confirm', 'plan', 'export'] as const;

const doing: Readonly<Record<Progress['phase'], string>> = {
  import: 'reads the domain controllers',
  evaluate: 'decides who takes part and what each should be',
  confirm: 'reads what the tenant has',
  plan: 'works out what differs, and what a guard holds',
  export: 'writes to the tenant',
};

/** A cycle from its first phase to its last, as it happens. */
export function CycleView({ id }: { readonly id: number }) {
  const { attentive, say, reloadStatus } = useShared();
  const { data: loaded, error, reload } = useLoaded<Cycle>(`/api/v1/cycles/${id}`);
  const [ended, setEnded] = useState<Cycle>();
  const [seen, setSeen] = useState<Partial<Record<Progress['phase'], Progress>>>({});
  const [current, setCurrent] = useState<Progress['phase']>();
  const cycle = ended?.id === id ? ended : loaded;
  const listens = attentive && loaded?.id === id && loaded.state === 'running' && ended?.id !== id;
  const notHeard = useEvents(listens ? `/api/v1/cycles/${id}/events` : undefined, ({ event, data }) => {
    if (event === 'progress') {
      const progress = data as Progress;
      if (progress.phase !== current) say(`Cycle ${id} ${doing[progress.phase]}.`);
      setSeen((before) => ({ ...before, [progress.phase]: progress }));
      setCurrent(progress.phase);
    }
    if (event === 'ended') {
      const cycle = data as Cycle;
      setEnded(cycle);
      say(`Cycle ${id} ended: ${cycle.state}.`);
      reload();
      reloadStatus();
    }
  });
  if (cycle === undefined)
    return error === undefined ? <p aria-busy="true">Asking for it</p> : <Refused error={error} />;
  return (
    <>
      <Refused error={notHeard} />
      <Facts
        of={[
          ['Type', `${sentence(cycle.type)}${cycle.preview ? ', preview' : ''}`],
          ['State', <State key="state" of={cycle.state} />],
          ['Started by', cycle.trigger],
          ['Began', <When key="began" at={cycle.startedAt} />],
          ['Took', lasting(cycle.startedAt, cycle.endedAt)],
        ]}
      />
      {cycle.state === 'running' ? (
        <Phases current={current ?? cycle.progress?.phase} seen={seen} now={cycle.progress} id={id} />
      ) : (
        <PhaseTimes cycle={cycle} />
      )}
      <Trouble error={cycle.error} />
      {cycle.connectorErrors.map(({ connector, error }) => (
        <section key={connector} aria-label={`Error of ${connector}`}>
          <h2>{connector} could not be read</h2>
          <Trouble error={error} />
        </section>
      ))}
      {cycle.holds.map(({ guard, forest, subject, error }) => (
        <section key={`${guard} ${forest} ${subject}`} aria-label={`Hold by ${guard}`}>
          <h2>Held: {sentence(guard)}</h2>
          <Trouble error={error} />
        </section>
      ))}
      <Numbers cycle={cycle} />
      {cycle.digest !== null && <Plan key={cycle.state} cycle={cycle} />}
    </>
  );
}

function Phases(props: {
  readonly id: number;
  readonly current: Progress['phase'] | undefined;
  readonly seen: Partial<Record<Progress['phase'], Progress>>;
  readonly now: Progress | null;
}) {
  const { session } = useShared();
  const act = useAct();
  const [asked, setAsked] = useState(false);
  const at = props.current === undefined ? -1 : phases.indexOf(props.current);
  return (
    <section aria-labelledby="phases">
      <h2 id="phases">Phases</h2>
      <ol class="phases">
        {phases.map((phase, i) => {
          const progress = props.seen[phase] ?? (props.now?.phase === phase ? props.now : undefined);
          const whole = progress?.total;
          return (
            <li key={phase} aria-current={i === at ? 'step' : undefined}>
              <strong>{sentence(phase)}</strong> {doing[phase]}
              {i < at && <span class="state good">done</span>}
              {i === at && (
                <>
                  <progress
                    aria-label={sentence(phase)}
                    {...(whole === undefined || whole === 0 ? {} : { max: whole, value: progress?.done ?? 0 })}
                  />
                  <span>
                    {progress?.connector} {number(progress?.done ?? 0)}
                    {whole !== undefined && ` of ${number(whole)}`}
                  </span>
                </>
              )}
            </li>
          );
        })}
      </ol>
      {session.role === 'operator' && (
        <button type="button" class="secondary" onClick={() => setAsked(true)}>
          Stop the cycle
        </button>
      )}
      {asked && (
        <Confirm
          title={`Stop cycle ${props.id}?`}
          action="Stop it"
          onClose={() => setAsked(false)}
          onConfirm={() =>
            void act(async () => {
              await change('POST', `/api/v1/cycles/${props.id}/stop`);
              return `Cycle ${props.id} was asked to end.`;
            })
          }
        >
          <p>What it has done stays done. The next cycle goes on from there.</p>
        </Confirm>
      )}
    </section>
  );
}

/** How long each phase took, and how fast it was. */
function PhaseTimes({ cycle: { phases } }: { readonly cycle: Cycle }) {
  if (phases.length === 0) return null;
  return (
    <section aria-labelledby="phases">
      <h2 id="phases">Phases</h2>
      <Table
        caption="Time and speed of each phase"
        heads={['Phase', 'What it does', 'Took', 'Done', 'A second']}
        class="numbers"
      >
        {phases.map(({ phase, startedAt, endedAt, done }) => (
          <tr key={phase}>
            <th scope="row">{sentence(phase)}</th>
            <td>{doing[phase]}</td>
            <td>{endedAt === null ? 'did not end' : lasting(startedAt, endedAt)}</td>
            <td>{number(done)}</td>
            <td>{endedAt !== null && number(Math.round(done / secondsOf(startedAt, endedAt)))}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Numbers({ cycle }: { readonly cycle: Cycle }) {
  const { compared, differing, ...counts } = cycle.counts;
  const some = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([name, n]): readonly [string, string] => [sentence(name), number(n)]);
  if (compared > 0) some.push(['Differed from the tenant', `${number(differing)} of ${number(compared)}`]);
  if (some.length === 0) return <p>It found nothing to do.</p>;
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers">In numbers</h2>
      <Facts of={some} />
    </section>
  );
}

const tables = [
  ['byCause', 'Cause'],
  ['byForest', 'Forest'],
  ['byOrganizationalUnit', 'Organizational unit'],
  ['byGroup', 'Group'],
] as const;

/** Rows of each table of a plan. */
const most = 12;

function Plan({ cycle }: { readonly cycle: Cycle }) {
  const { data, error } = useLoaded<PlanSummary>(`/api/v1/cycles/${cycle.id}/plan`);
  if (error !== undefined) return <Refused error={error} />;
  if (data === undefined || data.operations === 0) return null;
  return (
    <section aria-labelledby="plan">
      <h2 id="plan">Plan</h2>
      <p>
        <a href={`#/cycles/${cycle.id}/plan`}>{counted(data.operations, 'operation')}, each with what it changes</a>
        {cycle.heldDigest !== null && (
          <>
            {'; '}
            <a href={`#/cycles/${cycle.id}/plan?state=held`}>{counted(cycle.counts.held, 'operation')} held</a>
          </>
        )}
      </p>
      <div class="cards">
        {tables.map(
          ([by, name]) =>
            data[by].length > 0 && (
              <Table
                key={by}
                caption={`Operations by ${name.toLowerCase()}`}
                heads={[data[by].length > most ? `${name}, the first ${most}` : name, 'Operation', 'Count']}
                class="numbers"
              >
                {data[by].slice(0, most).map(({ value, type, n }) => (
                  <tr key={`${value} ${type}`}>
                    <th scope="row">{by === 'byCause' ? sentence(value) : value}</th>
                    <td>{sentence(type)}</td>
                    <td>{number(n)}</td>
                  </tr>
                ))}
              </Table>
            ),
        )}
      </div>
    </section>
  );
}
