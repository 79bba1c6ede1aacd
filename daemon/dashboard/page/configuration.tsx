import { useState } from 'preact/hooks';
import type { Differences, Version, VersionPage } from './answers.ts';
import { withQuery } from './api.ts';
import { useList, useLoaded } from './loading.ts';
import { Diff, Facts, More, Refused, When } from './parts.tsx';
import { counted } from './words.ts';

/** The configuration's history, what one version says, and what differs between two. */
export function Configuration() {
  const { items, more, error } = useList<VersionPage['items'][number]>('/api/v1/configuration/versions', {});
  const [older, setOlder] = useState<number>();
  const [newer, setNewer] = useState<number>();
  const [first, second] = items;
  if (first === undefined)
    return error === undefined ? <p aria-busy="true">Asking for it</p> : <Refused error={error} />;
  const to = newer ?? first.version;
  const from = older ?? second?.version ?? first.version;
  const choice = (label: string, value: number, choose: (version: number) => void) => (
    <label>
      {label}
      <select value={value} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {items.map(({ version, actor }) => (
          <option key={version} value={version}>
            {version} by {actor}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <p>{counted(items.length, 'version')}; the newest is in force.</p>
      <form class="filters" aria-label="Versions to compare" onSubmit={(event) => event.preventDefault()}>
        {choice('From version', from, setOlder)}
        {choice('To version', to, setNewer)}
      </form>
      <More more={more} what="versions" />
      <Between from={from} to={to} />
      <Text version={to} />
    </>
  );
}

function Between({ from, to }: { readonly from: number; readonly to: number }) {
  const { data, error } = useLoaded<Differences>(
    withQuery(`/api/v1/configuration/versions/${from}/differences`, { with: to }),
  );
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">
        From version {from} to {to}
      </h2>
      <Refused error={error} />
      {data?.differences.length === 0 && <p>Nothing differs.</p>}
      {data !== undefined && (
        <Diff
          of={`version ${to}`}
          changes={data.differences.map(({ path, before, after }) => ({ attribute: path, before, after }))}
        />
      )}
    </section>
  );
}

function Text({ version }: { readonly version: number }) {
  const { data, error } = useLoaded<Version>(`/api/v1/configuration/versions/${version}`);
  return (
    <section aria-labelledby="text">
      <h2 id="text">Version {version}</h2>
      <Refused error={error} />
      {data !== undefined && (
        <>
          <Facts
            of={[
              ['In force since', <When key="at" at={data.appliedAt} />],
              ['By', data.actor],
              ['File', data.file],
              ['Digest', <code key="digest">{data.digest}</code>],
            ]}
          />
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
          <pre tabIndex={0}>{data.text}</pre>
        </>
      )}
    </section>
  );
}
