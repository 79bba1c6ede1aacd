import type { Agent, Connector } from './answers.ts';
import { EndQuarantine } from './end-quarantine.tsx';
import { State, Table, Trouble, When } from './parts.tsx';
import { counted, number } from './words.ts';

/** A forest and its domains: how they were read last, and from where. */
export function Forest(props: {
  readonly name: string;
  readonly connectors: readonly Connector[];
  readonly agents: readonly Agent[];
}) {
  const { name, connectors, agents } = props;
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
            <td class="name">
              <Controllers connector={connector} agents={agents} />
            </td>
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

/** Those a domain is read from, in the order they are tried; what it was last read from where there is no more to say. */
function Controllers({ connector, agents }: { readonly connector: Connector; readonly agents: readonly Agent[] }) {
  const domains = agents.flatMap(({ domains }) => domains);
  const controllers = domains.find(({ name }) => name === connector.name)?.controllers ?? [];
  if (controllers.length === 0) return <>{connector.server ?? 'none yet'}</>;
  return (
    <ul>
      {controllers.map(({ url, inUse, failures, leftAloneUntil, lastContactAt }) => (
        <li key={url}>
          {url}
          {inUse && (
            <>
              {' '}
              <span class="state good">in use</span>
            </>
          )}
          {failures > 0 && (
            <>
              {' '}
              <span class="state bad">failed {counted(failures, 'time')}</span>
              {leftAloneUntil !== null && Date.parse(leftAloneUntil) > Date.now() && (
                <>
                  , tried again <When at={leftAloneUntil} />
                </>
              )}
            </>
          )}
          {lastContactAt !== null && (
            <>
              ; answered <When at={lastContactAt} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
