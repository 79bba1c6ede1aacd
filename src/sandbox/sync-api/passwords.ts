import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import type { Directory } from '../directory/index.ts';
import { md4 } from './md4.ts';

/** What synchronization has sent of a user's password: never the password, never its hash in AD. */
export interface StoredPassword {
  readonly form: string;
  readonly changedAt: number;
  readonly forceChange: boolean;
}

const formPattern = /^v1;PPH1_MD4,([0-9a-f]{20}),(\d{1,5}),([0-9a-f]{64});$/i;

export type PasswordStore = ReturnType<typeof passwordStore>;

/** Password hashes beside the directory: no service shows them, and only sign-in asks. */
export function passwordStore({ database }: Directory) {
  database.exec(`CREATE TABLE IF NOT EXISTS synced_password (
    object INTEGER PRIMARY KEY REFERENCES object ON DELETE CASCADE,
    form TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    force_change INTEGER NOT NULL
  ) STRICT`);
  const get = database.prepare<[number], { form: string; changed_at: number; force_change: number }>(
    'SELECT form, changed_at, force_change FROM synced_password WHERE object = ?',
  );
  const put = database.prepare<[number, string, number, number]>(
    `INSERT INTO synced_password VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET form = excluded.form,
       changed_at = excluded.changed_at, force_change = excluded.force_change`,
  );
  return {
    get(object: number): StoredPassword | undefined {
      const row = get.get(object);
      return row === undefined
        ? undefined
        : { form: row.form, changedAt: row.changed_at, forceChange: row.force_change === 1 };
    },
    put(object: number, { form, changedAt, forceChange }: StoredPassword): void {
      put.run(object, form, changedAt, forceChange ? 1 : 0);
    },
  };
}

export function isPasswordForm(form: string): boolean {
  return formPattern.test(form);
}

/** Is this the password whose hash was sent? Its MD4 in upper-case hex, as UTF-16LE, under the salt and rounds of the form. */
export function isPassword(form: string, password: string): boolean {
  const [, salt, rounds, key] = formPattern.exec(form) ?? [];
  if (salt === undefined || rounds === undefined || key === undefined) return false;
  const hash = md4(Buffer.from(password, 'utf16le')).toString('hex').toUpperCase();
  const derived = pbkdf2Sync(Buffer.from(hash, 'utf16le'), Buffer.from(salt, 'hex'), Number(rounds), 32, 'sha256');
  return timingSafeEqual(derived, Buffer.from(key, 'hex'));
}
