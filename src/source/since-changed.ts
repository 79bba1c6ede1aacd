import type { ObjectGuid } from '../model/index.ts';
import type { Session } from './domain-controllers.ts';
import { textOf } from './entry.ts';
import type { LdapConnection } from './ldap-connection.ts';
import { byGuid } from './searches.ts';
import type { AttributeType } from './wire/entry-decoder.ts';

const types: readonly AttributeType[] = [
  { name: 'objectGUID', form: 'guid' },
  { name: 'whenChanged', form: 'text' },
];

/**
 * Milliseconds since each of these objects was last changed, its links included, by the clock of the server itself, which
 * tells whole seconds. `whenChanged` is every server's own, so that no answer of DirSync has it.
 */
export async function sinceChanged(
  session: Session,
  guids: readonly ObjectGuid[],
): Promise<ReadonlyMap<ObjectGuid, number>> {
  const { connection } = session;
  const now = await currentTime(connection);
  if (now === undefined) return new Map();
  const { entries } = await connection.search(byGuid(session, guids, types), guids.length);
  return new Map(
    connection.decode(entries).flatMap((entry) => {
      const changed = timeOf(textOf(entry, 'whenChanged'));
      const guid = textOf(entry, 'objectGUID');
      return changed === undefined || guid === undefined ? [] : [[guid as ObjectGuid, now - changed] as const];
    }),
  );
}

/** The server's own clock, to the second; nothing where it does not tell. */
export async function currentTime(connection: LdapConnection): Promise<number | undefined> {
  return timeOf(textOf(await connection.one('', [{ name: 'currentTime', form: 'text' }]), 'currentTime'));
}

/** GeneralizedTime, `20260101120000.0Z`, to the second. */
function timeOf(text: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second] =
    text?.match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/) ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
