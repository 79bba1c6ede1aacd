import { parseTenantId, type TenantId } from '../../model/index.ts';
import { isRecord, text } from './json.ts';
import type { WrittenKind } from './tenant-object.ts';

/** What a delta query was asked for at its start, by kind. */
export type Asked = Readonly<Record<WrittenKind, string>>;

/** Where the next read goes on: the delta link of each kind, what it tells of, and who held a directory role. */
export interface ReadToken {
  readonly asked: Asked;
  readonly users: string;
  readonly groups: string;
  readonly roleHolders: readonly TenantId[];
}

export function writeToken({ asked, users, groups, roleHolders }: ReadToken): string {
  return JSON.stringify({ version: 1, asked, users, groups, roleHolders });
}

/**
 * Nothing when it is not one of ours, was asked for something else, or leads to where Graph is no longer: its end point
 * has moved.
 */
export function parseToken(token: string, origin: string, asked: Asked): ReadToken | undefined {
  let value: unknown;
  try {
    value = JSON.parse(token);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['roleHolders'])) return undefined;
  const before = value['asked'];
  if (!isRecord(before) || before['user'] !== asked.user || before['group'] !== asked.group) return undefined;
  const users = text(value['users']);
  const groups = text(value['groups']);
  if (users === undefined || groups === undefined) return undefined;
  if (![users, groups].every((link) => link.startsWith(`${origin}/`))) return undefined;
  const roleHolders = value['roleHolders'].flatMap((id) => (typeof id === 'string' ? (parseTenantId(id) ?? []) : []));
  return { asked, users, groups, roleHolders };
}
