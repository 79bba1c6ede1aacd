import type { ObjectInfo } from './answers.ts';
import { change } from './api.ts';
import { useList } from './loading.ts';
import { More, Refused, State, Trouble } from './parts.tsx';
import { objectLink } from './route.ts';
import { useAct, useShared } from './session.ts';
import { counted, number } from './words.ts';

/** What does not get to the tenant, why, and what to do about it. */
export function Problems() {
  return (
    <>
      <Failing />
      <Skipped />
    </>
  );
}

function Failing() {
  const { session } = useShared();
  const act = useAct();
  const { items, more, loading, error, reload } = useList<ObjectInfo>('/api/v1/objects/failing', {});
  return (
    <section aria-labelledby="failing" aria-busy={loading}>
      <h2 id="failing">Held or refused</h2>
      <Refused error={error} />
      {!loading && items.length === 0 && <p>Nothing is held, and the tenant refuses nothing.</p>}
      {session.role === 'operator' && items.length > 0 && (
        <button
          type="button"
          onClick={() =>
            void act(async () => {
              await change('POST', '/api/v1/quarantine/clear', { scope: 'objects' });
              return 'The next cycle tries all of them again.';
            }).then(reload)
          }
        >
          Let the next cycle try all again
        </button>
      )}
      <ul class="operations">
        {items.map((object) => (
          <li key={object.anchor} class="operation">
            <p class="head">
              <a href={objectLink(object)}>{object.displayName}</a> {object.kind} <State of={object.state} />
            </p>
            <Trouble error={object.error} />
          </li>
        ))}
      </ul>
      <More more={more} what="objects" />
    </section>
  );
}

function Skipped() {
  const { items, more, loading, error } = useList<ObjectInfo>('/api/v1/objects/skipped', {}, 500);
  const byReason = [...Map.groupBy(items, ({ reason }) => reason?.text ?? '')].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  return (
    <section aria-labelledby="skipped" aria-busy={loading}>
      <h2 id="skipped">Skipped</h2>
      <p>They take no part by configuration or by rule; that is no error.</p>
      <Refused error={error} />
      {byReason.map(([reason, objects]) => (
        <details key={reason}>
          <summary>
            {reason} ({counted(objects.length, 'object')}
            {more !== undefined && ` of the first ${number(items.length)}`})
          </summary>
          <ul>
            {objects.map((object) => (
              <li key={object.sources[0]?.guid}>
                <a href={objectLink(object)}>{object.displayName}</a> {object.kind}{' '}
                <span class="name">{object.sources[0]?.dn}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
      <More more={more} what="skipped objects" />
    </section>
  );
}
