import { useEffect, useState } from 'preact/hooks';

/** Where one is in the dashboard: all of it behind the #, of which the daemon hears nothing. */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

function currentRoute(): Route {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').map(decodeURIComponent), query: new URLSearchParams(query) };
}

export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const changed = (): void => setRoute(currentRoute());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}

/** The address of an object's explanation, by the best of its names. */
export function objectLink(object: {
  readonly anchor: string | null;
  readonly dn?: string | null;
  readonly sources?: readonly { readonly dn: string }[];
}): string {
  const dn = object.dn ?? object.sources?.[0]?.dn;
  const [by, value] = object.anchor === null ? ['dn', dn ?? ''] : ['anchor', object.anchor];
  return `#/objects?${new URLSearchParams({ by, value })}`;
}
