import { useEffect } from 'preact/hooks';
import type { ObjectInfo } from './answers.ts';
import { withQuery } from './api.ts';
import { ExplanationPath } from './explanation.tsx';
import { useList } from './loading.ts';
import { Choice, Filters, More, Refused, State } from './parts.tsx';
import { objectLink } from './route.ts';
import { useShared } from './session.ts';
import { counted, sentence } from './words.ts';

const kinds = ['user', 'group', 'contact', 'device'] as const;
const states = ['synced', 'pending', 'held', 'failed', 'outOfScope', 'unsupported', 'deleted'] as const;

type Filter = Readonly<Record<string, string | undefined>>;

/** Finds objects, and explains the one that was chosen. */
export function Objects({ query }: { readonly query: URLSearchParams }) {
  const { status } = useShared();
  const filter: Filter = Object.fromEntries(
    ['text', 'kind', 'state', 'domain'].map((name) => [name, query.get(name) ?? undefined]),
  );
  const by = query.get('by');
  const go = (more: Filter): void => {
    location.hash = withQuery('#/objects', { ...filter, ...more });
  };
  const choice = (name: string, values: readonly (readonly [string, string])[]) => (
    <Choice
      label={sentence(name)}
      any={`Any ${name}`}
      values={values}
      chosen={filter[name]}
      onChoose={(value) => go({ [name]: value })}
    />
  );
  const domains = [...new Set(status?.connectors.map(({ domain }) => domain))];
  return (
    <>
      <Filters of="Objects" onSearch={(given) => go({ text: String(given.get('text') ?? '').trim() })}>
        <label>
          Beginning of a name, or a DN, objectGUID, tenant id or source anchor
          <input type="search" name="text" key={filter['text']} defaultValue={filter['text'] ?? ''} maxLength={4096} />
        </label>
        {choice(
          'kind',
          kinds.map((kind) => [kind, sentence(kind)]),
        )}
        {choice(
          'state',
          states.map((state) => [state, sentence(state)]),
        )}
        {choice(
          'domain',
          domains.map((domain) => [domain, domain]),
        )}
        <button type="submit">Search</button>
      </Filters>
      {by === null ? <Found filter={filter} /> : <ExplanationPath by={by} value={query.get('value') ?? ''} />}
    </>
  );
}

function Found({ filter }: { readonly filter: Filter }) {
  const { items, more, loading, error } = useList<ObjectInfo>('/api/v1/objects', filter, 50);
  const { say } = useShared();
  const found = loading
    ? 'Searching'
    : items.length === 0
      ? 'Nothing is called so'
      : more === undefined
        ? `Found ${counted(items.length, 'object')}`
        : `The first ${counted(items.length, 'object')}`;
  useEffect(() => say(found), [found]);
  if (error !== undefined) return <Refused error={error} />;
  return (
    <section aria-labelledby="found" aria-busy={loading}>
      <h2 id="found">{found}</h2>
      <ul class="found">
        {items.map((object) => (
          <li key={`${object.anchor} ${object.sources[0]?.guid}`}>
            <a href={objectLink(object)}>{object.displayName}</a> {object.kind} <State of={object.state} />{' '}
            <span class="name">{object.userPrincipalName ?? object.sources[0]?.dn}</span>
          </li>
        ))}
      </ul>
      <More more={more} what="objects" />
    </section>
  );
}
