import { useState } from 'preact/hooks';
import type { Cycle, Status } from './answers.ts';
import { change } from './api.ts';
import { Confirm } from './confirm.tsx';
import { State, When } from './parts.tsx';
import { useAct, useShared } from './session.ts';
import { ago, number, sentence } from './words.ts';

/** What runs, what comes next, and what one may do about it. */
export function Now({ status: { running, schedule } }: { readonly status: Status }) {
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
