import type { Agent, Page, Status } from './answers.ts';
import { Cycles } from './cycles.tsx';
import { EndQuarantine } from './end-quarantine.tsx';
import { Forest } from './forest.tsx';
import { useLoaded } from './loading.ts';
import { Now } from './now.tsx';
import { Facts, State, Table, Trouble, When } from './parts.tsx';
import { useShared } from './session.ts';
import { counted, number, sentence } from './words.ts';

export function Overview() {
  const { status, attentive } = useShared();
  const { data } = useLoaded<Page<Agent>>('/api/v1/agents', attentive ? 10_000 : undefined);
  const agents = data?.items ?? [];
  if (status === undefined) return <p aria-busy="true">Asking the daemon</p>;
  return (
    <>
      <Now status={status} />
      <div class="cards">
        <Tenant status={status} />
        <Agents agents={agents} status={status} />
        <Population status={status} />
      </div>
      {[...Map.groupBy(status.connectors, ({ forest }) => forest)].map(([forest, connectors]) => (
        <Forest key={forest} name={forest} connectors={connectors} agents={agents} />
      ))}
      <Cycles newest={`${status.last?.id} ${status.running?.id}`} />
    </>
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

function Agents({ agents, status: { schedule } }: { readonly agents: readonly Agent[]; readonly status: Status }) {
  return (
    <section class="card" aria-labelledby="agents">
      <h2 id="agents">{agents.length > 1 ? 'Agents' : 'Agent'}</h2>
      {agents.map(({ name, builtIn, state, host, platform, version, since, lastContactAt, domains }) => (
        <Facts
          key={name}
          of={[
            [builtIn ? 'Built in' : name, <State key="state" of={state} />],
            ['Runs on', `${host}, ${platform}, version ${version}`],
            ['Started', <When key="started" at={since} />],
            ['Heard of', <When key="heard" at={lastContactAt} />],
            ['Reads', counted(domains.length, 'domain')],
          ]}
        />
      ))}
      <p>
        Delta every {schedule.delta}, full every {schedule.full}
        {schedule.watch && '; within seconds of a change'}.
      </p>
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
