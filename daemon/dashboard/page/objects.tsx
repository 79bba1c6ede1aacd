import { useEffect } from 'preact/hooks';
import type { ObjectInfo, Page } from './answers.ts';
import { withQuery } from './api.ts';
import { ExplanationPath } from './explanation.tsx';
import { useLoaded } from './loading.ts';
import { Filters, Refused, State } from './parts.tsx';
import { objectLink } from './route.ts';
import { useShared } from './session.ts';
import { counted } from './words.ts';

/** Finds objects, and explains the one that was chosen. */
export function Objects({ query }: { readonly query: URLSearchParams }) {
  const text = query.get('text') ?? '';
  const by = query.get('by');
  const value = query.get('value') ?? '';
  return (
    <>
      <Filters
        of="Objects"
        onSearch={(given) => {
          const text = String(given.get('text') ?? '').trim();
          if (text !== '') location.hash = withQuery('#/objects', { text });
        }}
      >
        <label>
          Beginning of a name, or a DN, objectGUID, tenant id or source anchor
          <input type="search" name="text" key={text} defaultValue={text} required maxLength={4096} />
        </label>
        <button type="submit">Search</button>
      </Filters>
      {by !== null ? <ExplanationPath by={by} value={value} /> : text !== '' && <Found text={text} />}
    </>
  );
}

function Found({ text }: { readonly text: string }) {
  const { data, error } = useLoaded<Page<ObjectInfo>>(withQuery('/api/v1/objects/search', { text, limit: 50 }));
  const { say } = useShared();
  const found =
    data === undefined
      ? ''
      : data.items.length === 0
        ? 'Nothing is called so'
        : `Found ${counted(data.items.length, 'object')}`;
  useEffect(() => say(found), [found]);
  if (error !== undefined) return <Refused error={error} />;
  if (data === undefined) return <p aria-busy="true">Searching</p>;
  return (
    <section aria-labelledby="found">
      <h2 id="found">{found}</h2>
      <ul class="found">
        {data.items.map((object) => (
          <li key={`${object.anchor} ${object.sources[0]?.guid}`}>
            <a href={objectLink(object)}>{object.displayName}</a> {object.kind} <State of={object.state} />{' '}
            <span class="name">{object.userPrincipalName ?? object.sources[0]?.dn}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
