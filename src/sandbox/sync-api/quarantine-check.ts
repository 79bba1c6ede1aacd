import type { DirectoryObject } from '../directory/index.ts';
import type { SyncContext } from './context.ts';
import { cloudAnchor, syncKinds } from './kinds.ts';
import { provisionObject, syncPropertiesOf } from './provision-object.ts';

const hour = 3_600_000;

/** The tenant looks once an hour whether what it set aside is free by now, and gives it to who wanted it. */
export function quarantineCheck(context: SyncContext): () => void {
  let checked = context.clock.now();
  return () => {
    if (context.clock.now() - checked < hour) return;
    checked = context.clock.now();
    for (const object of quarantined(context)) {
      // Written again as it is: names are settled with every write.
      const { userPrincipalName } = syncPropertiesOf(object);
      const properties = new Map([
        ['sourceAnchor', String(object.properties['sourceAnchor'])],
        ['cloudAnchor', cloudAnchor(object)],
        ...(typeof userPrincipalName === 'string' ? [['userPrincipalName', userPrincipalName] as const] : []),
      ]);
      provisionObject(context, { type: object.kind, operation: 'Set', properties, failure: undefined });
    }
  };
}

function* quarantined({ directory }: SyncContext): Generator<DirectoryObject> {
  const where = { sql: `json_extract(o.properties, '$.quarantine') IS NOT NULL`, parameters: [] };
  const limit = 200;
  for (let after = 0; ; ) {
    const page = directory.objects.page({
      kinds: syncKinds,
      state: 'live',
      where,
      after: { number: after },
      limit,
      hidden: true,
    });
    for (const { object } of page) yield object;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    after = last.object.number;
  }
}
