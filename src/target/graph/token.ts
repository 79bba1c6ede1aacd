import { parseTenantId, type TenantId } from '../../model/index.ts';
import { isRecord, text } from './json.ts';

/** Where the next read goes on: the delta link of each kind, and who held a directory role. */
export interface ReadToken {
  readonly users: string;
  readonly groups: string;
  readonly roleHolders: readonly TenantId[];
}

export function writeToken({ users, groups, roleHolders }: ReadToken): string {
  return JSON.stringify({ version: 1, users, groups, roleHolders });
}

/** Nothing when it is not one of ours, or leads to where Graph is no longer: its end point has moved. */
export function parseToken(token: string, origin: string): ReadToken | undefined {
  let value: unknown;
  try {
    value = JSON.parse(token);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1 || !Array.isArray(value['roleHolders'])) return undefined;
  const users = text(value['users']);
  const groups = text(value['groups']);
  if (users === undefined || groups === undefined) return undefined;
  if (![users, groups].every((link) => link.startsWith(`${origin}/`))) return undefined;
  const roleHolders = value['roleHolders'].flatMap((id) => (typeof id === 'string' ? (parseTenantId(id) ?? []) : []));
  return { users, groups, roleHolders };
}
