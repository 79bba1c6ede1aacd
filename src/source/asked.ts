import { isBinary, isReference, needed } from './attributes.ts';
import type { AttributeType, ValueForm } from './wire/entry-decoder.ts';

/** What an attribute of an entry is for. */
export type Role = 'guid' | 'classes' | 'deleted' | 'usn' | 'birth' | 'place' | 'reference' | 'value';

export interface AskedType extends AttributeType {
  readonly role: Role;
  /** Part of what is handed on, not only needed to understand the entry. */
  readonly kept: boolean;
  readonly inSchema: boolean;
}

/** How the directory's schema says that values of an attribute look, by lower-case name; nothing where it is silent. */
export type Syntaxes = ReadonlyMap<string, ValueForm>;

/** The place in the tree comes with every entry, extended by its GUID: asking for it as an attribute gives nothing more. */
const fromTheTree: ReadonlySet<string> = new Set(['distinguishedname']);

const roles: ReadonlyMap<string, Role> = new Map([
  ['objectguid', 'guid'],
  ['objectclass', 'classes'],
  ['isdeleted', 'deleted'],
  ['usnchanged', 'usn'],
]);

/** Kept whether asked for or not: who an object stands for in other directories. */
const always: readonly string[] = ['cn', 'objectSid'];

/** The USN an object was created under on this server: lower than where a delta begins, it was there before. */
export const birth: AskedType = { name: 'uSNCreated', role: 'birth', form: 'text', kept: false, inSchema: true };

/** Written whenever an object is renamed or moved: DirSync tells of what has been asked for, and of nothing else. */
export const place: AskedType = { name: 'name', role: 'place', form: 'text', kept: false, inSchema: true };

/** What is asked of the server for each entry, and how it is read. */
export function askFor(attributes: readonly string[], syntaxes: Syntaxes): readonly AskedType[] {
  const names = attributes.filter((name) => !fromTheTree.has(name.toLowerCase()));
  // A schema the account may not read says nothing of what it lacks.
  const readable = syntaxes.has('objectguid');
  const kept = new Set([...names, ...always].map((name) => name.toLowerCase()));
  const all = new Map([...needed, ...names].map((name) => [name.toLowerCase(), name]));
  return Array.from(all, ([key, name]) => {
    const role = roles.get(key) ?? (isReference(name) ? 'reference' : 'value');
    return {
      name,
      role,
      kept: kept.has(key),
      form: formOf(key, role, syntaxes),
      inSchema: !readable || syntaxes.has(key),
    };
  });
}

function formOf(key: string, role: Role, syntaxes: Syntaxes): ValueForm {
  if (role === 'guid') return 'guid';
  if (role === 'reference') return isBinary(key) ? 'bytes' : 'text';
  if (role !== 'value') return 'text';
  return syntaxes.get(key) ?? (isBinary(key) ? 'bytes' : 'text');
}
