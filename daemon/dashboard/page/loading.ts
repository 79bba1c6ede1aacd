import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Page } from './answers.ts';
import { events, get, ProblemError, type ServerEvent, withQuery } from './api.ts';

/** Without a key or a movement for so long, nobody is there, in milliseconds: the page goes quiet and its session may end. */
const patience = 10 * 60_000;

/** Whether somebody is looking at the page. */
export function useAttention(): boolean {
  const [attentive, setAttentive] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const noticed = (): void => {
      clearTimeout(timer);
      setAttentive(!document.hidden);
      timer = setTimeout(() => setAttentive(false), patience);
    };
    const kinds = ['keydown', 'pointermove', 'pointerdown', 'scroll', 'visibilitychange'];
    for (const kind of kinds) document.addEventListener(kind, noticed, { passive: true });
    noticed();
    return () => {
      clearTimeout(timer);
      for (const kind of kinds) document.removeEventListener(kind, noticed);
    };
  }, []);
  return attentive;
}

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: ProblemError | undefined;
  readonly reload: () => void;
}

const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError
    ? error
    : new ProblemError({ code: '', detail: String(error), remedy: 'Load the page again; if it stays, report it.' });

/** An answer of the API, read again every so many milliseconds while `repeat` says so. */
export function useLoaded<T>(path: string | undefined, repeat?: number): Loaded<T> {
  const [loaded, setLoaded] = useState<{ readonly path?: string; readonly data?: T; readonly error?: ProblemError }>(
    {},
  );
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (path === undefined) return undefined;
    const left = new AbortController();
    const load = (): void => {
      get<T>(path, left.signal).then(
        (data) => setLoaded({ path, data }),
        (error: unknown) => left.signal.aborted || setLoaded({ path, error: asProblem(error) }),
      );
    };
    load();
    const timer = repeat === undefined ? undefined : setInterval(load, repeat);
    return () => {
      clearInterval(timer);
      left.abort();
    };
  }, [path, repeat, asked]);
  const reload = useCallback(() => setAsked((n) => n + 1), []);
  const fits = loaded.path === path;
  return { data: fits ? loaded.data : undefined, error: fits ? loaded.error : undefined, reload };
}

export interface Listed<T> {
  readonly items: readonly T[];
  readonly more: (() => void) | undefined;
  readonly loading: boolean;
  readonly error: ProblemError | undefined;
  readonly reload: () => void;
}

/** A list of the API, page by page as it is asked for. */
export function useList<T>(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  limit = 100,
): Listed<T> {
  const whole = withQuery(path, { ...query, limit });
  const [list, setList] = useState<{
    readonly whole: string;
    readonly items: readonly T[];
    readonly next: string | null;
    readonly filling?: boolean;
    readonly error?: ProblemError;
  }>();
  const [asked, setAsked] = useState(0);
  const newest = useRef(whole);
  newest.current = whole;
  // A page may be short of its limit and not be the last.
  const load = (before: readonly T[], cursor?: string, wanted = before.length + limit): void => {
    get<Page<T>>(withQuery(path, { ...query, limit, cursor })).then(
      (page) => {
        if (newest.current !== whole) return;
        const items = [...before, ...page.items];
        const filling = page.next !== null && items.length < wanted;
        setList({ whole, items, next: page.next, filling });
        if (filling) load(items, page.next ?? undefined, wanted);
      },
      (error: unknown) =>
        newest.current === whole && setList({ whole, items: before, next: null, error: asProblem(error) }),
    );
  };
  useEffect(() => load([]), [whole, asked]);
  const fits = list?.whole === whole;
  const next = fits && list.filling !== true ? list.next : null;
  return {
    items: fits ? list.items : [],
    more: next === null || !fits ? undefined : () => load(list.items, next),
    loading: !fits || list.filling === true,
    error: fits ? list.error : undefined,
    reload: useCallback(() => setAsked((n) => n + 1), []),
  };
}

/** Listens to a stream of the API while there is somebody to tell. */
export function useEvents(path: string | undefined, heard: (event: ServerEvent) => void): ProblemError | undefined {
  const [error, setError] = useState<ProblemError>();
  const listener = useRef(heard);
  listener.current = heard;
  useEffect(() => {
    if (path === undefined) return undefined;
    const left = new AbortController();
    const listen = async (): Promise<void> => {
      for await (const event of events(path, left.signal)) listener.current(event);
    };
    setError(undefined);
    listen().catch((thrown: unknown) => left.signal.aborted || setError(asProblem(thrown)));
    return () => left.abort();
  }, [path]);
  return error;
}
