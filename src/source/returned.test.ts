import { expect, test } from 'vitest';
import { openDoubles } from '../../test/directory/connect.ts';
import { type DoubleEntry, guidBytes, startDouble } from '../../test/directory/index.ts';
import { request } from '../../test/samba/connect.ts';
import { Mirror } from '../../test/samba/mirror.ts';
import type { Watermark } from './index.ts';

/** With AD's recycle bin enabled an object comes back with its links, of which only its own end says so; Samba cannot. */

const base = 'DC=double,DC=test';
const groupGuid = '00000000-0000-4000-8000-000000000001';
const group: DoubleEntry = {
  dn: `CN=crew,${base}`,
  attributes: { objectClass: ['top', 'group'], objectGUID: [guidBytes(1)], uSNChanged: ['5'], uSNCreated: ['5'] },
};
const phoenix: DoubleEntry = {
  dn: `CN=phoenix,${base}`,
  attributes: {
    objectClass: ['top', 'person', 'user'],
    objectGUID: [guidBytes(2)],
    displayName: ['Phoenix'],
    uSNChanged: ['1500'],
    uSNCreated: ['6'],
    memberOf: [`<GUID=${groupGuid}>;CN=crew,${base}`],
  },
};
const chick: DoubleEntry = {
  dn: `CN=chick,${base}`,
  attributes: {
    objectClass: ['top', 'person', 'user'],
    objectGUID: [guidBytes(3)],
    uSNChanged: ['1501'],
    uSNCreated: ['1400'],
  },
};

test.each(['dirSync', 'usn'] as const)(
  'an object restored from the recycle bin is whole, and in its groups again (%s)',
  async (kind) => {
    const told = { objectGUID: [guidBytes(2)], isDeleted: [] };
    await using double = await startDouble({ entries: [group] });
    await using source = openDoubles([double]);
    const mirror = new Mirror();
    await mirror.take(source.full(request()));
    await using later = await startDouble({
      entries: [group, phoenix, chick],
      dirSync: (cookie) => ({
        entries: cookie === 'before' ? [{ dn: phoenix.dn, attributes: told }] : [],
        cookie: 'after',
      }),
    });
    later.highestUsn = 1600;
    const moment = { server: later.url, invocationId: later.invocationId, highestUsn: '1000' };
    const at = new Date().toISOString();
    const cookie = Buffer.from('before').toString('base64');
    const watermark: Watermark =
      kind === 'usn' ? { kind, ...moment, at } : { kind, ...moment, at, cookie, objectSecurity: false };
    await using again = openDoubles([later]);
    await mirror.take(again.delta(request({ known: mirror.known }), watermark));
    expect(mirror.find('CN=phoenix')).toMatchObject({ kind: 'user', attributes: { displayName: ['Phoenix'] } });
    expect(mirror.named('CN=crew', 'member')).toEqual([phoenix.dn]);
    // What was never there before is asked for no links of its past.
    expect(later.searches.filter(({ attributes }) => attributes.includes('memberOf'))).toHaveLength(1);
  },
);
