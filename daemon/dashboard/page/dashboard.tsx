import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Session, Status } from './answers.ts';
import { change, whenEnded } from './api.ts';
import { Configuration } from './configuration.tsx';
import { CycleView } from './cycle.tsx';
import { History } from './history.tsx';
import { useAttention, useLoaded } from './loading.ts';
import { Log } from './log.tsx';
import { Objects } from './objects.tsx';
import { Overview } from './overview.tsx';
import { Refused } from './parts.tsx';
import { PlanView } from './plan.tsx';
import { Problems } from './problems.tsx';
import { type Route, useRoute } from './route.ts';
import { type Shared, SharedContext } from './session.ts';
import { counted } from './words.ts';

interface View {
  readonly title: string;
  readonly content: preact.JSX.Element;
}

function viewOf({ path: [name = '', id = '', part = ''], query }: Route): View {
  const cycle = Number(id);
  if (name === 'cycles' && Number.isSafeInteger(cycle) && cycle > 0) {
    if (part === 'plan') return { title: `Plan of cycle ${cycle}`, content: <PlanView id={cycle} query={query} /> };
    return { title: `Cycle ${cycle}`, content: <CycleView id={cycle} /> };
  }
  if (name === 'objects') return { title: 'Objects', content: <Objects query={query} /> };
  if (name === 'problems') return { title: 'Problems', content: <Problems /> };
  if (name === 'history') return { title: 'Provisioning log', content: <History query={query} /> };
  if (name === 'log') return { title: 'Log', content: <Log /> };
  if (name === 'configuration') return { title: 'Configuration', content: <Configuration /> };
  return { title: 'Overview', content: <Overview /> };
}

const places = [
  ['', 'Overview'],
  ['objects', 'Objects'],
  ['problems', 'Problems'],
  ['history', 'Provisioning log'],
  ['log', 'Log'],
  ['configuration', 'Configuration'],
] as const;

export function Dashboard() {
  const [ended, setEnded] = useState(false);
  useEffect(() => whenEnded(() => setEnded(true)), []);
  const { data: session, error } = useLoaded<Session>('/api/v1/session');
  if (ended) return <Ended />;
  if (error !== undefined) {
    return (
      <main class="container">
        <h1>CloudSync</h1>
        <Refused error={error} />
      </main>
    );
  }
  if (session === undefined) return <main class="container" aria-busy="true" />;
  return <Open session={session} />;
}

function Ended() {
  return (
    <main class="container">
      <h1>The session has ended</h1>
      <p>
        It was not used for half an hour, is twelve hours old, was closed, or the daemon was started anew. Open the
        dashboard again with <code>cloudsync dashboard --open</code> or <code>Show-CloudSyncDashboard</code>.
      </p>
    </main>
  );
}

function Open({ session }: { readonly session: Session }) {
  const route = useRoute();
  const attentive = useAttention();
  const { data, error, reload } = useLoaded<Status>('/api/v1/status', attentive ? 3000 : undefined);
  const lastKnown = useRef<Status | undefined>(undefined);
  if (data !== undefined) lastKnown.current = data;
  const status = data ?? lastKnown.current;
  const [notice, setNotice] = useState('');
  const tell = useCallback((text: string) => setNotice(text), []);
  const [said, say] = useState('');
  const shared = useMemo<Shared>(
    () => ({ session, status, reloadStatus: reload, attentive, tell, say }),
    [session, status, reload, attentive, tell],
  );
  const { title, content } = viewOf(route);
  const heading = useRef<HTMLHeadingElement>(null);
  const arrived = useRef(false);
  // Another page was asked for: say so where one reads on.
  useEffect(() => {
    document.title = `${title} - CloudSync`;
    if (arrived.current) heading.current?.focus();
    arrived.current = true;
  }, [title]);
  const main = useRef<HTMLElement>(null);
  return (
    <SharedContext.Provider value={shared}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="container-fluid bar">
        <a class="brand" href="#/">
          <img src="/dashboard/icon.svg" alt="" width="24" height="24" /> CloudSync
        </a>
        <nav aria-label="Pages">
          <ul>
            {places.map(([path, name]) => (
              <li key={path}>
                <a href={`#/${path}`} aria-current={route.path[0] === path ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
            <HeldLink status={status} here={route.path[2] === 'plan'} />
          </ul>
        </nav>
        <p class="who">
          {session.actor}, {session.role}{' '}
          <button
            type="button"
            class="secondary outline small"
            onClick={() => void change('DELETE', '/api/v1/session').then(reload)}
          >
            Sign out
          </button>
        </p>
      </header>
      <main id="main" class="container-fluid" tabIndex={-1} ref={main}>
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        <div role="status" class="said">
          {said}
        </div>
        <div role="status" class={notice === '' ? 'notice empty' : 'notice'}>
          {notice}
          {notice !== '' && (
            <button type="button" class="secondary outline small" onClick={() => setNotice('')}>
              Dismiss
            </button>
          )}
        </div>
        <Refused error={error} />
        {content}
      </main>
      <footer class="container-fluid">
        <small>
          CloudSync {status?.version}
          {!attentive && ' - paused while nobody looks'}
        </small>
      </footer>
    </SharedContext.Provider>
  );
}

/** What waits for a person comes first. */
function HeldLink({ status, here }: { readonly status: Status | undefined; readonly here: boolean }) {
  const last = status?.last;
  if (last?.heldDigest == null) return null;
  return (
    <li>
      <a class="held" href={`#/cycles/${last.id}/plan?state=held`} aria-current={here ? 'page' : undefined}>
        {counted(last.counts.held, 'operation')} held
      </a>
    </li>
  );
}
