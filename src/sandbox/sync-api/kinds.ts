import { syncObjectTypes } from '../../wire/index.ts';
import type { DirectoryKind, DirectoryObject } from '../directory/index.ts';

/** The kinds of object that synchronization writes. */
export const syncKinds = ['user', 'group', 'contact', 'device'] as const satisfies readonly DirectoryKind[];
export type SyncKind = (typeof syncKinds)[number];

export function isSyncKind(kind: string): kind is SyncKind {
  return syncKinds.some((one) => one === kind);
}

/** From `User`, in any case. */
export function kindOfType(type: string): SyncKind | undefined {
  return syncKinds.find((kind) => syncObjectTypes[kind].toLowerCase() === type.toLowerCase());
}

/** `User_<id>`. */
export function cloudAnchor({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${isSyncKind(kind) ? syncObjectTypes[kind] : kind}_${id}`;
}

/** The id in a cloud anchor, when it is one. */
export function idOfCloudAnchor(anchor: string): string | undefined {
  return /^[A-Za-z]+_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(anchor)?.[1]?.toLowerCase();
}

export function isLive(object: DirectoryObject | undefined): object is DirectoryObject {
  return object?.state === 'live';
}
