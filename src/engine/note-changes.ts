import type { Connector, EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';

/** Changes asked about, a connector and cycle: enough to tell how long they take, at the same price whatever their number. */
const most = 20;
/** A directory tells whole seconds of two moments. */
const accuracy = 2000;

/**
 * Notes when somebody changed what this cycle has read and is about to carry out, of a few changes of each directory. Where
 * there are none nothing is asked. A directory that does not answer costs the times, never the cycle.
 */
export async function noteChanges(context: EngineContext, run: CycleRun): Promise<void> {
  await Promise.all(context.connectors.map((connector) => noteChangesOf(context, run, connector).catch(() => {})));
}

async function noteChangesOf({ state, source, now }: EngineContext, run: CycleRun, { name }: Connector): Promise<void> {
  const before = run.readBefore.get(name);
  if (before === undefined) return;
  const changes = state.read.journal.freshChanges(run.id, name, most);
  if (changes.length === 0) return;
  const directory = await source(name);
  const ages = await directory.sinceChanged?.([...new Set(changes.map(({ guid }) => guid))], run.signal);
  const at = now().getTime();
  state.transact((tx) => {
    for (const { id, guid } of changes) {
      const age = ages?.get(guid);
      // What was there at the read before was brought by something else: a member that came into scope, another's move.
      if (age === undefined || at - age < before - accuracy) continue;
      tx.journal.noteChange(id, new Date(at - age).toISOString());
    }
  });
}
