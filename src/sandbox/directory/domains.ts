import { randomInt } from 'node:crypto';
import type { DirectoryContext } from './context.ts';

export interface TenantDomain {
  /** Lower case. */
  readonly name: string;
  readonly verified: boolean;
  /** The tenant's own `onmicrosoft.com` name. */
  readonly initial: boolean;
  readonly isDefault: boolean;
  /** The TXT record that would prove ownership. */
  readonly verification: string;
}

interface DomainRow {
  readonly name: string;
  readonly verified: number;
  readonly initial: number;
  readonly is_default: number;
  readonly verification: string;
}

export const domainPattern =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export type Domains = ReturnType<typeof domainStore>;

/** The domains of the tenant: who may be named after what. Few, and read often. */
export function domainStore({ database }: DirectoryContext) {
  const all = database.prepare<[], DomainRow>('SELECT * FROM domain ORDER BY initial DESC, name');
  const insert = database.prepare<[string, number, number, number, string]>(
    'INSERT INTO domain VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const verify = database.prepare<[string]>('UPDATE domain SET verified = 1 WHERE name = ?');
  const choose = database.prepare<[string]>('UPDATE domain SET is_default = (name = ?)');
  const remove = database.prepare<[string]>('DELETE FROM domain WHERE name = ?');
  const users = database.prepare<[string], { object: number }>(
    `SELECT k.object FROM key k JOIN object o ON o.number = k.object
     WHERE k.name IN ('userPrincipalName', 'proxyAddresses') AND k.value LIKE '%@' || ? AND o.state = 'live' LIMIT 100`,
  );
  let known: ReadonlyMap<string, TenantDomain> | undefined;

  function map(): ReadonlyMap<string, TenantDomain> {
    known ??= new Map(
      all.all().map((row) => [
        row.name,
        {
          name: row.name,
          verified: row.verified !== 0,
          initial: row.initial !== 0,
          isDefault: row.is_default !== 0,
          verification: row.verification,
        },
      ]),
    );
    return known;
  }

  return {
    list: (): readonly TenantDomain[] => [...map().values()],
    find: (name: string): TenantDomain | undefined => map().get(name.toLowerCase()),
    isVerified: (name: string): boolean => map().get(name.toLowerCase())?.verified === true,
    /** A name below a verified one needs no proof of its own. */
    belowVerified: (name: string): boolean =>
      [...map().values()].some((domain) => domain.verified && name.toLowerCase().endsWith(`.${domain.name}`)),
    add(name: string, verified: boolean, initial = false): void {
      const first = map().size === 0;
      insert.run(name.toLowerCase(), verified ? 1 : 0, initial ? 1 : 0, first ? 1 : 0, `MS=ms${randomInt(1e7, 1e8)}`);
      known = undefined;
    },
    verify(name: string): void {
      verify.run(name.toLowerCase());
      known = undefined;
    },
    makeDefault(name: string): void {
      choose.run(name.toLowerCase());
      known = undefined;
    },
    remove(name: string): void {
      remove.run(name.toLowerCase());
      known = undefined;
    },
    /** Numbers of objects named after the domain, a hundred at most. */
    usedBy: (name: string): readonly number[] => users.all(name.toLowerCase()).map(({ object }) => object),
    /** To be called when a transaction that changed domains was undone. */
    forget(): void {
      known = undefined;
    },
  };
}
