import { nearestName } from './nearest.ts';

/** The attributes a directory knows, to spell and check names by. */
export interface KnownAttributes {
  /** The directory's own spelling of a name; nothing where it has no such attribute. */
  spelled(name: string): string | undefined;
  nearest(name: string): string | undefined;
  /** Is an attribute that is not among them unknown for certain? */
  readonly complete: boolean;
}

/** Of a forest's schema, or of what is known without asking one. */
export function knownAttributes(names: Iterable<string>, complete: boolean): KnownAttributes {
  const spellings = new Map<string, string>();
  for (const name of names) spellings.set(name.toLowerCase(), name);
  return {
    spelled: (name) => spellings.get(name.toLowerCase()),
    // A name of the forest's own must not be taken for a slip of the pen.
    nearest: (name) => nearestName(name, spellings.values(), complete ? undefined : name.length < 5 ? 0 : 2),
    complete,
  };
}
