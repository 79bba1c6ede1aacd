import { useEffect, useState } from 'preact/hooks';
import type { LogLine } from './answers.ts';
import { useEvents, useList } from './loading.ts';
import { Filters, More, Refused, State, Table } from './parts.tsx';
import { useShared } from './session.ts';
import { moment, shown } from './words.ts';

const levels = ['error', 'warn', 'info', 'debug'] as const;
/** Older ones are still in the list of the API, and in the files. */
const mostKept = 1000;

/** The daemon's log as it is written. */
export function Log() {
  const { attentive } = useShared();
  const [level, setLevel] = useState<string>('info');
  const [text, setText] = useState('');
  const [live, setLive] = useState(true);
  const past = useList<LogLine>('/api/v1/log', { level });
  const [fresh, setFresh] = useState<readonly LogLine[]>([]);
  useEffect(() => setFresh([]), [level]);
  const path = live && attentive ? `/api/v1/log/events?level=${level}` : undefined;
  const notHeard = useEvents(path, ({ event, data }) => {
    if (event === 'open') past.reload();
    if (event === 'line') setFresh((lines) => [data as LogLine, ...lines].slice(0, mostKept));
  });
  const known = new Set(past.items.map(({ seq }) => seq));
  const lines = [...fresh.filter(({ seq }) => !known.has(seq)), ...past.items].filter((line) =>
    fits(line, text.toLowerCase()),
  );
  return (
    <>
      <Filters of="Log">
        <label>
          Contains
          <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label>
          Level
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
            {levels.map((name) => (
              <option key={name} value={name}>
                {name === 'error' ? 'Errors' : `${name} and worse`}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={live} onChange={() => setLive(!live)} /> Live
        </label>
      </Filters>
      <Refused error={past.error ?? notHeard} />
      <Table caption="Log, newest first" heads={['Time', 'Level', 'Subsystem', 'Event', 'Fields']} class="log">
        {lines.map(({ seq, time, level, subsystem, event, fields }) => (
          <tr key={seq}>
            <td>
              <time dateTime={time}>{moment(time)}</time>
            </td>
            <td>
              <State of={level} />
            </td>
            <td>{subsystem}</td>
            <td>{event}</td>
            <td class="name">
              {Object.entries(fields)
                .map(([name, value]) => `${name}=${shown(value)}`)
                .join(' ')}
            </td>
          </tr>
        ))}
      </Table>
      <More more={past.more} what="lines" />
    </>
  );
}

function fits(line: LogLine, text: string): boolean {
  return text === '' || JSON.stringify([line.subsystem, line.event, line.fields]).toLowerCase().includes(text);
}
