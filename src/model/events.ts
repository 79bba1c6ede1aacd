export const levels = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];

interface Event {
  /** Alerts are made of it: it never changes, and no other event ever gets it. Windows' `eventcreate` takes 1 to 1000. */
  readonly id: number;
  readonly tells: string;
  /** The least level that goes to the event log of Windows too; `warn` unless said. What is of one object never does. */
  readonly windows?: 'info' | 'never';
}

const table = {
  installed: { id: 1, tells: 'The daemon was installed.', windows: 'info' },
  starting: { id: 100, tells: 'The daemon starts.', windows: 'info' },
  listening: { id: 101, tells: 'The daemon is open for requests.' },
  stopping: { id: 102, tells: 'The daemon was told to stop.' },
  stopped: { id: 103, tells: 'The daemon has stopped.', windows: 'info' },
  threadEnded: { id: 110, tells: 'A part of the daemon broke down, and with it the daemon.' },
  listenerFailed: { id: 111, tells: 'What listens to cycles failed.' },
  requestFailed: { id: 112, tells: 'A request to the API failed for a reason that is a fault of CloudSync.' },
  clientError: { id: 113, tells: 'A client sent what is not HTTP.', windows: 'never' },
  tidyFailed: { id: 114, tells: 'Old records could not be removed from the state.' },
  eventLogFailed: { id: 115, tells: 'The event log of Windows takes nothing.', windows: 'never' },
  configurationInForce: { id: 120, tells: 'Another configuration came into force.', windows: 'info' },
  dashboardOpened: { id: 130, tells: 'Somebody opened the dashboard.' },
  dashboardLinkRefused: {
    id: 131,
    tells: 'A link to the dashboard was refused: it was used before, has expired or is made up.',
  },
  requestRefused: {
    id: 133,
    tells: 'A request was turned away: without a right token or session, for more than it may do, or of a web page.',
  },
  dashboardLinkMade: { id: 132, tells: 'Somebody asked for a link to the dashboard.' },
  secretSet: { id: 140, tells: 'A secret was stored.', windows: 'info' },
  secretRemoved: { id: 141, tells: 'A secret was removed.', windows: 'info' },
  scheduleChanged: { id: 142, tells: 'The schedule was changed.', windows: 'info' },
  suspended: { id: 143, tells: 'Scheduled cycles were suspended.', windows: 'info' },
  resumed: { id: 144, tells: 'Scheduled cycles were resumed.', windows: 'info' },
  cycleStarted: { id: 200, tells: 'A cycle started.' },
  cycleEnded: { id: 201, tells: 'A cycle ended.' },
  scheduledCycleFailed: { id: 202, tells: 'A scheduled cycle could not be started.' },
  recovered: { id: 203, tells: 'A write that was under way when the daemon ended last was looked up and settled.' },
  heldByGuard: { id: 210, tells: 'A guard holds operations until somebody approves or denies them.' },
  heldByTenant: { id: 211, tells: 'The tenant’s own threshold of deletions holds operations.' },
  quarantined: { id: 212, tells: 'Too many operations failed: cycles are slowed down.' },
  connectorQuarantined: { id: 213, tells: 'A domain failed too often: cycles leave it out for a while.' },
  importFailed: { id: 300, tells: 'A directory could not be read.' },
  imported: { id: 301, tells: 'A directory was read.' },
  fullReadNeeded: { id: 302, tells: 'A directory is read in full, not only what changed.' },
  watchFailed: { id: 303, tells: 'A directory could not be watched for changes.' },
  connectorRemoved: { id: 304, tells: 'A domain is no longer in the configuration.' },
  scopeRootMissing: { id: 310, tells: 'A unit that the scope names is not there: nothing below it is touched.' },
  scopeRootMoved: { id: 311, tells: 'A unit that the scope names has moved.' },
  tenantTokenLost: { id: 400, tells: 'The tenant no longer tells what changed since last time: it is read in full.' },
  clockApart: { id: 401, tells: 'The clocks of this machine and of the tenant differ.' },
  eligibleRolesUnseen: { id: 402, tells: 'Who is eligible for a role cannot be seen.' },
  extensionRegistered: { id: 403, tells: 'A directory extension was registered in the tenant.' },
  operationFailed: { id: 410, tells: 'A write was refused.', windows: 'never' },
  outcomeUnknown: {
    id: 411,
    tells: 'A write was not answered: it is looked up before it is repeated.',
    windows: 'never',
  },
  lostCreateFound: { id: 412, tells: 'What a create without an answer had made was found.', windows: 'never' },
  takenBack: { id: 413, tells: 'A deleted object was taken back instead of creating another.', windows: 'never' },
  objectHeld: { id: 414, tells: 'An object is left as it is for a reason of its own.', windows: 'never' },
  syncCallRepeated: { id: 420, tells: 'A call of the sync API was repeated.', windows: 'never' },
  syncFault: { id: 421, tells: 'The sync API answered with a fault.', windows: 'never' },
  syncRedirected: { id: 422, tells: 'The sync API sent us to another of its servers.' },
  exportNotEnded: { id: 423, tells: 'The sync API could not be told that an export had ended.' },
  passwordsFailed: { id: 500, tells: 'The password hashes of a domain could not be synchronized.' },
  passwordSyncFailed: { id: 501, tells: 'A run of the password hash synchronization failed.' },
  fullPasswordReadNeeded: { id: 502, tells: 'All password hashes of a domain are read, not only what changed.' },
  passwordDamaged: { id: 510, tells: 'The hash of an account cannot be read.', windows: 'never' },
} as const satisfies Readonly<Record<string, Event>>;

export type EventName = keyof typeof table;

/** All the log tells of. */
export const events: Readonly<Record<EventName, Event>> = table;

/** Writes one structured line; never a secret. */
export type Log = (level: Level, event: EventName, fields: Readonly<Record<string, unknown>>) => void;
