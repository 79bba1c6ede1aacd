import { useState } from 'preact/hooks';
import type { LogEntry } from './answers.ts';
import { get, withQuery } from './api.ts';
import { useList } from './loading.ts';
import { Filters, More, Refused, State, Table, When } from './parts.tsx';
import { objectLink } from './route.ts';
import { useAct } from './session.ts';
import { sentence } from './words.ts';

const actions = [
  ...['create', 'adopt', 'update', 'disable', 'delete', 'restore', 'addMembers', 'removeMember'],
  ...['setManager', 'clearManager', 'skip', 'approve', 'deny', 'release', 'clearQuarantine', 'configuration'],
];
const statuses = ['success', 'failure', 'held', 'skipped', 'unknown'];

/** What the log can be asked for: one of some words, or whatever is typed. */
const fields = [
  ['cycle', 'Cycle'],
  ['action', 'Action', actions],
  ['status', 'Status', statuses],
  ['anchor', 'Source anchor'],
] as const;

/** Everything that was done to the tenant or decided by somebody. */
export function History({ query }: { readonly query: URLSearchParams }) {
  const filter = Object.fromEntries(fields.map(([name]) => [name, query.get(name) ?? undefined]));
  const { items, more, loading, error } = useList<LogEntry>('/api/v1/provisioning-log', filter);
  return (
    <>
      <Filters
        of="Provisioning log"
        onSearch={(given) => {
          const asked = fields.map(([name]) => [name, String(given.get(name) ?? '').trim()]);
          location.hash = withQuery('#/history', Object.fromEntries(asked));
        }}
      >
        {fields.map(([name, label, values]) => (
          <label key={name} htmlFor={`history-${name}`}>
            {label}
            {values === undefined ? (
              <input
                type="text"
                id={`history-${name}`}
                name={name}
                key={filter[name] ?? ''}
                defaultValue={filter[name] ?? ''}
              />
            ) : (
              <select id={`history-${name}`} name={name} key={filter[name] ?? ''} defaultValue={filter[name] ?? ''}>
                <option value="">Any</option>
                {values.map((value) => (
                  <option key={value} value={value}>
                    {sentence(value)}
                  </option>
                ))}
              </select>
            )}
          </label>
        ))}
        <button type="submit">Filter</button>
      </Filters>
      <Verification />
      <Refused error={error} />
      <section aria-label="Entries" aria-busy={loading}>
        <Table
          caption="Provisioning log, newest first"
          heads={['Entry', 'Time', 'Action', 'Status', 'Object', 'By', 'Cycle']}
        >
          {items.map(({ id, at, action, status, displayName, anchor, dn, kind, actor, cycle }) => (
            <tr key={id}>
              <th scope="row">{id}</th>
              <td>
                <When at={at} />
              </td>
              <td>{sentence(action)}</td>
              <td>
                <State of={status} />
              </td>
              <td>{displayName !== null && <a href={objectLink({ anchor, dn })}>{`${kind} ${displayName}`}</a>}</td>
              <td>{actor}</td>
              <td>{cycle !== null && <a href={`#/cycles/${cycle}`}>{cycle}</a>}</td>
            </tr>
          ))}
        </Table>
        {!loading && items.length === 0 && <p>No entry fits.</p>}
        <More more={more} what="entries" />
      </section>
    </>
  );
}

function Verification() {
  const act = useAct();
  const [busy, setBusy] = useState(false);
  return (
    <button
      type="button"
      class="secondary"
      aria-busy={busy}
      disabled={busy}
      onClick={() => {
        setBusy(true);
        void act(async () => {
          const { broken } = await get<{ broken: number | null }>('/api/v1/provisioning-log/verification');
          return broken === null ? 'The chain holds: no entry was changed.' : `Entry ${broken} was changed.`;
        }).then(() => setBusy(false));
      }}
    >
      Verify the chain of digests
    </button>
  );
}
