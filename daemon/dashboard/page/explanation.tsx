import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Explanation, ObjectInfo } from './answers.ts';
import { change, withQuery } from './api.ts';
import { useLoaded } from './loading.ts';
import { Diff, Facts, Refused, State, Table, Trouble, When } from './parts.tsx';
import { useAct, useShared } from './session.ts';
import { counted, sentence, shown, words } from './words.ts';

/** One object, followed from its domain controller to the tenant and back. */
export function ExplanationPath({ by, value }: { readonly by: string; readonly value: string }) {
  const { data, error, reload } = useLoaded<Explanation>(withQuery('/api/v1/objects/explanation', { by, value }));
  if (error !== undefined) return <Refused error={error} />;
  if (data === undefined) return <p aria-busy="true">Asking for it</p>;
  const { object } = data;
  return (
    <article class="explanation" aria-labelledby="object">
      <h2 id="object">
        {object.displayName} <State of={object.state} />
      </h2>
      <p>
        {sentence(object.kind)} {object.userPrincipalName}
      </p>
      <Trouble error={object.error} />
      <Release object={object} by={by} value={value} onReleased={reload} />
      <ol class="path">
        <Sources object={object} />
        <Scope object={object} />
        <Step title="Match">
          {data.match !== null ? (
            <p>
              Found in the tenant by {data.match.by === 'known' ? 'an earlier cycle' : words(data.match.by)}:{' '}
              <code>{data.match.tenantId}</code>
            </p>
          ) : (
            <p>No object of the tenant belongs to it.</p>
          )}
          {object.anchor !== null && (
            <p>
              Source anchor <code>{object.anchor}</code>
            </p>
          )}
        </Step>
        <Mappings object={object} />
        <TenantObject object={object} />
        <Next next={data.next} />
        <Past history={data.history} />
      </ol>
    </article>
  );
}

function Step({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <li>
      <h3>{title}</h3>
      {children}
    </li>
  );
}

function Sources({ object }: { readonly object: ObjectInfo }) {
  return (
    <>
      <Step title="Domain controller">
        {object.sources.length === 0 && <p>No domain controller has it any more.</p>}
        {object.sources.map(({ connector, server, guid, readAt, usn }) => (
          <p key={guid}>
            {connector}, read <When at={readAt} />
            {server !== null && (
              <>
                ; last from <span class="name">{server}</span>
              </>
            )}
            {usn !== null && `, USN ${usn}`}
          </p>
        ))}
      </Step>
      <Step title="Source object">
        {object.sources.map(({ guid, dn, attributes }) => (
          <div key={guid}>
            <p class="name">{dn}</p>
            <p>
              objectGUID <code>{guid}</code>
            </p>
            <details>
              <summary>{counted(Object.keys(attributes).length, 'attribute')} as read</summary>
              <Table caption={`Attributes of ${dn}`} heads={['Attribute', 'Value']}>
                {Object.entries(attributes).map(([name, values]) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td class="name">{shown(values)}</td>
                  </tr>
                ))}
              </Table>
            </details>
          </div>
        ))}
      </Step>
    </>
  );
}

function Scope({ object }: { readonly object: ObjectInfo }) {
  return (
    <Step title="Scope">
      {object.sources.map(({ guid, inScope, reason }) => (
        <p key={guid}>
          <span class={`state ${inScope ? 'good' : 'waiting'}`}>{inScope ? 'in scope' : 'out of scope'}</span>{' '}
          {reason.text} <code>{reason.code}</code>
        </p>
      ))}
    </Step>
  );
}

function Mappings({ object }: { readonly object: ObjectInfo }) {
  const [all, setAll] = useState(false);
  const rows = Object.entries(object.desired).filter(([, { value }]) => all || value !== null);
  return (
    <Step title="Attribute mappings">
      <label>
        <input type="checkbox" checked={all} onChange={() => setAll(!all)} /> Also those without a value
      </label>
      {rows.length === 0 ? (
        <p>It should not be in the tenant, so nothing is mapped.</p>
      ) : (
        <Table
          caption="Value by value, which mapping gave it"
          heads={['Attribute', 'Mapping', 'Value', 'In the tenant']}
        >
          {rows.map(([name, { value, mapping, connector }]) => {
            const known = object.tenant?.[name];
            const differs = object.tenant !== null && name in object.tenant && shown(known) !== shown(value);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td title={connector}>
                  <code>{mapping}</code>
                </td>
                <td class="name">{shown(value)}</td>
                <td class="name">{differs ? <del>{shown(known)}</del> : shown(known) === '' ? '' : 'the same'}</td>
              </tr>
            );
          })}
        </Table>
      )}
    </Step>
  );
}

function TenantObject({ object: { tenantId, tenant } }: { readonly object: ObjectInfo }) {
  return (
    <Step title="Tenant object">
      {tenantId === null ? (
        <p>It is not in the tenant.</p>
      ) : (
        <>
          <p>
            Id <code>{tenantId}</code>
          </p>
          {tenant !== null && (
            <details>
              <summary>{counted(Object.keys(tenant).length, 'attribute')} as known</summary>
              <Facts of={Object.entries(tenant).map(([name, value]) => [name, shown(value)])} />
            </details>
          )}
        </>
      )}
    </Step>
  );
}

const outcomes = {
  nothing: 'Nothing: it is as it should be.',
  waits: 'It waits before it is tried again.',
  held: 'What it needs is held until a person decides.',
  operations: 'It does:',
} as const;

function Next({ next }: { readonly next: Explanation['next'] }) {
  return (
    <Step title="Next cycle">
      {next === null ? (
        <p>It takes no part.</p>
      ) : (
        <>
          <p>
            {outcomes[next.outcome]}
            {next.retryAt !== null && (
              <>
                {' '}
                Again <When at={next.retryAt} />, or once it should become something else.
              </>
            )}
          </p>
          <Trouble error={next.error} />
          {next.operations.map(({ type, changes, references, heldBy }) => (
            <div key={`${type} ${references[0]?.anchor}`}>
              <p>
                <strong>{sentence(type)}</strong> {references.map(({ displayName }) => displayName).join(', ')}
                {heldBy !== null && (
                  <>
                    {' '}
                    <State of="held" /> by {words(heldBy)}
                  </>
                )}
              </p>
              <Diff of={type} changes={changes} />
            </div>
          ))}
        </>
      )}
    </Step>
  );
}

function Past({ history }: Pick<Explanation, 'history'>) {
  return (
    <Step title="History">
      {history.length === 0 ? (
        <p>Nothing was done with it so far.</p>
      ) : (
        <ul>
          {history.map(({ id, at, action, status, cycle, actor, detail }) => (
            <li key={id}>
              <When at={at} /> <strong>{sentence(action)}</strong> <State of={status} /> by {actor}
              {cycle !== null && (
                <>
                  {' in '}
                  <a href={`#/cycles/${cycle}`}>cycle {cycle}</a>
                </>
              )}
              {typeof detail['requestId'] === 'string' && (
                <>
                  {', request '}
                  <code>{detail['requestId']}</code>
                </>
              )}
              {typeof detail['approvedBy'] === 'string' && `, approved by ${detail['approvedBy']}`}
              <details>
                <summary>Details of entry {id}</summary>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
                <pre tabIndex={0}>{JSON.stringify(detail, null, 2)}</pre>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Step>
  );
}

function Release(props: {
  readonly object: ObjectInfo;
  readonly by: string;
  readonly value: string;
  readonly onReleased: () => void;
}) {
  const { session } = useShared();
  const act = useAct();
  const { displayName, state, anchor } = props.object;
  if (session.role !== 'operator' || anchor === null || !['failed', 'held'].includes(state)) return null;
  return (
    <button
      type="button"
      onClick={() =>
        void act(async () => {
          await change('POST', '/api/v1/objects/release', { by: props.by, value: props.value });
          return `${displayName} follows the directory again with the next cycle.`;
        }).then(props.onReleased)
      }
    >
      Let the next cycle try it again
    </button>
  );
}
