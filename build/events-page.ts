import { events } from '../src/model/index.ts';

/** The page of events: what the log tells of, and what of it the event log of Windows gets. */
export function eventsPage(): string {
  const rows = Object.entries(events)
    .sort(([, one], [, other]) => one.id - other.id)
    .map(([name, { id, tells, windows = 'warn' }]) => {
      const from = { warn: 'warnings, errors', info: 'always', never: '' }[windows];
      return `| ${id} | ${name} | ${tells} | ${from} |`;
    });
  return `# Events

What the log tells of. Each line in \`logs/cloudsync.log\` is one JSON object with \`time\`, \`level\` (error, warn, info,
debug), \`subsystem\`, \`event\` and \`eventId\`, and the fields of the event: \`cycle\`, \`connector\`, and of what failed
\`code\`, \`message\` and \`remedy\` ([errors](errors.md)).

On Windows the daemon also writes the marked ones to the event log: the log *Application*, the source *CloudSync*, the
type by the level, the ID below. The text is a sentence, the message and the remedy, then the line as it stands in the
file. What is of one object is in the file and in the provisioning log only. IDs never change, so alerts can be made of them:

\`\`\`powershell
Get-WinEvent -FilterHashtable @{ LogName = 'Application'; ProviderName = 'CloudSync'; Level = 1, 2, 3 }
\`\`\`

\`Install-CloudSyncDaemon\` makes the source known, by event 1; without it Windows lets only an administrator write the first
event. Where Windows takes nothing, the file says so once (115).

This page is made from the code by \`npm run docs\`.

| ID | event | | in the event log of Windows |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
