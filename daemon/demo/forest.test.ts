import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectorName } from '../../src/model/index.ts';
import { openLdif, type SourceChange } from '../../src/source/index.ts';
import { sampleForest } from './forest.ts';

let folder: string;
let changes: SourceChange[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsync-sample-'));
  changes = [];
  for (const { fqdn, ldif } of sampleForest()) {
    const file = join(folder, `${fqdn}.ldf`);
    writeFileSync(file, ldif);
    const source = openLdif({ connector: connectorName('contoso', fqdn), domain: fqdn, file });
    const attributes = [
      'sAMAccountName',
      'userPrincipalName',
      'mail',
      'member',
      'manager',
      'userAccountControl',
      'displayName',
    ];
    for await (const event of source.full({ signal: new AbortController().signal, attributes })) {
      if (event.type === 'page') changes.push(...event.changes);
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objects = (kind: string) =>
  changes.flatMap((change) => (change.type === 'object' && change.kind === kind ? [change] : []));

describe('the sample forest', () => {
  test('is the same in every run', () => {
    const digest = () => createHash('sha256').update(JSON.stringify(sampleForest())).digest('hex');
    expect(digest()).toBe(digest());
  });

  test('has about 500 users, 60 groups and 20 contacts, as an LDIF file is read', () => {
    expect(objects('user').length).toBeGreaterThan(490);
    expect(objects('user').length).toBeLessThan(530);
    expect(objects('group').length).toBeGreaterThan(59);
    expect(objects('group').length).toBeLessThan(75);
    expect(objects('contact').length).toBe(20);
  });

  test('names everything once', () => {
    for (const key of ['dn', 'guid'] as const) {
      const names = [...objects('user'), ...objects('group')].map((object) => object[key]);
      expect(new Set(names).size).toBe(names.length);
    }
    const accounts = objects('user').flatMap(
      ({ dn, attributes }) =>
        attributes['sAMAccountName']?.map((name) => `${dn.match(/DC=.*/)?.[0]} ${String(name).toLowerCase()}`) ?? [],
    );
    expect(accounts.filter((name, i) => accounts.indexOf(name) !== i)).toEqual([]);
  });

  test('links to nothing that is not there', () => {
    const names = new Set(changes.flatMap((change) => (change.type === 'object' ? [change.dn.toLowerCase()] : [])));
    const lost = changes.flatMap((change) =>
      change.type === 'links' && change.part.kind !== 'changed'
        ? change.part.values.filter(({ dn }) => !names.has(dn.toLowerCase()))
        : [],
    );
    expect(lost).toEqual([]);
  });
});
