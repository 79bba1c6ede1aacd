import { ReadTokenLostError, type TenantEvent } from '../target/index.ts';
import type { EngineContext } from './context.ts';
import type { CycleRun } from './cycle-run.ts';

/**
 * Takes in what the tenant holds: all of it at first contact, in a full cycle and when the token is lost,
 * else what changed since the last read. Someone else's change to an object of ours marks it for planning.
 */
export async function confirmTenant(context: EngineContext, run: CycleRun): Promise<void> {
  const { state } = context;
  await takeTenant(context, run);
  if (state.read.facts.get('binRead') === undefined) await takeDeleted(context, run);
  // Whatever was thought to be known is compared with what the whole read has shown.
  if (run.type === 'full') state.transact((tx) => tx.evaluation.compareAll());
}

async function takeTenant(context: EngineContext, run: CycleRun): Promise<void> {
  const { state, target } = context;
  const token = run.type === 'full' ? undefined : state.read.facts.get('tenantToken');
  if (token !== undefined) {
    try {
      await take(context, run, target.read(token, run.signal), false);
      return;
    } catch (error) {
      if (!(error instanceof ReadTokenLostError)) throw error;
      context.log('info', 'tenantTokenLost', { cycle: run.id });
    }
  }
  await take(context, run, target.read(undefined, run.signal), true);
}

async function take(
  context: EngineContext,
  run: CycleRun,
  events: AsyncIterable<TenantEvent>,
  full: boolean,
): Promise<void> {
  const { state } = context;
  let done = 0;
  if (full) state.transact((tx) => tx.tenant.fullRead.begin());
  for await (const event of events) {
    run.signal.throwIfAborted();
    state.transact((tx) => {
      switch (event.type) {
        case 'objects':
          for (const object of event.objects) {
            tx.tenant.learn(object, false);
            if (full) tx.tenant.fullRead.object(object.id);
            if (object.links !== undefined) tx.tenant.wholeLinks(object.id, object.links);
          }
          done += event.objects.length;
          return;
        case 'removed':
          for (const { id, soft } of event.objects) tx.tenant.removed(id, soft);
          return;
        case 'links':
          tx.tenant.links(event.id, event.attribute, event.added, event.removed);
          if (full) for (const member of event.added) tx.tenant.fullRead.link(event.id, event.attribute, member);
          return;
        case 'complete':
          if (full) {
            tx.tenant.fullRead.complete();
            tx.facts.remove('binRead');
          }
          tx.facts.set('tenantToken', event.token);
          return;
        default:
          event satisfies never;
      }
    });
    run.progress({ phase: 'confirm', done });
  }
}

/** Users in the recycle bin come back by restore, not as a second object; those no longer in it are made anew. */
async function takeDeleted({ state, target, now }: EngineContext, run: CycleRun): Promise<void> {
  if (target.readDeleted === undefined) return;
  state.transact((tx) => tx.tenant.binRead.begin());
  for await (const objects of target.readDeleted('user', run.signal)) {
    state.transact((tx) => {
      for (const object of objects) {
        tx.tenant.learn({ ...object, softDeleted: true }, false);
        tx.tenant.binRead.object(object.id);
      }
    });
  }
  state.transact((tx) => {
    tx.tenant.binRead.complete();
    tx.facts.set('binRead', now().toISOString());
  });
}
