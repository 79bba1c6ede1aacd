import type { SourceValue } from '../model/index.ts';
import type { AskedType } from './asked.ts';
import { extendedDn } from './controls.ts';
import { type CutAttribute, type ReadEntry, readEntry, referenceOf } from './entry.ts';
import { IncompleteReadError } from './errors.ts';
import type { LdapConnection, Search } from './ldap-connection.ts';
import type { ReadProof } from './read-proof.ts';
import type { SourceChange } from './source.ts';

/** Changes handed on at once: few enough to be gone before memory is tidied, enough to be worth a durable commit. */
const atOnce = 100;

type ReadObject = Extract<ReadEntry, { type: 'object' }>;

/** The changes a search comes to, each object followed by its links to the last value; `seen` hears of each object. */
export async function* changesOfPages(
  connection: LdapConnection,
  search: Search<AskedType>,
  pageSize: number,
  proof: ReadProof,
  seen: (object: ReadObject) => void = () => {},
): AsyncGenerator<readonly SourceChange[]> {
  let changes: SourceChange[] = [];
  for await (const { entries, references } of connection.pages(search, pageSize)) {
    let entry = connection.next(entries);
    proof.page(entry?.dn, references);
    for (; entry !== undefined; entry = connection.next(entries)) {
      const read = readEntry(entry);
      if (read.type === 'other') continue;
      if (read.type === 'deleted') {
        proof.deletion();
        changes.push(read);
      } else {
        proof.object(read.object.dn, read.object.kind);
        seen(read);
        if (read.cut.length === 0) {
          changes.push(read.object);
          for (const link of read.links) changes.push(link);
        } else {
          if (changes.length > 0) yield changes;
          changes = [];
          yield* changesOf(connection, read);
        }
      }
      if (changes.length < Math.min(atOnce, pageSize)) continue;
      yield changes;
      changes = [];
    }
  }
  if (changes.length > 0) yield changes;
}

/** One entry's changes, and what the server had cut off its attributes. */
export async function* changesOf(connection: LdapConnection, read: ReadEntry): AsyncGenerator<readonly SourceChange[]> {
  if (read.type === 'other') return;
  if (read.type === 'deleted') {
    yield [read];
    return;
  }
  let { object } = read;
  const { guid } = object;
  for (const cut of read.cut) {
    if (cut.type.role === 'reference') continue;
    const { name } = cut.type;
    const values = [...(object.attributes[name] ?? [])];
    for await (const range of ranges(connection, guid, cut)) values.push(...range.values);
    object = { ...object, attributes: { ...object.attributes, [name]: values } };
  }
  yield [object, ...read.links];
  for (const cut of read.cut) {
    if (cut.type.role !== 'reference') continue;
    const attribute = cut.type.name;
    for await (const { values, last } of ranges(connection, guid, cut)) {
      const kind = last ? 'last' : 'next';
      yield [{ type: 'links', guid, attribute, part: { kind, values: values.map(referenceOf) } }];
    }
  }
}

/** What is left of a cut attribute, range by range (`member;range=1500-*`, [MS-ADTS] 3.1.1.3.1.3.3). */
async function* ranges(
  connection: LdapConnection,
  guid: string,
  { type, next }: CutAttribute,
): AsyncGenerator<{ readonly values: readonly SourceValue[]; readonly last: boolean }> {
  for (let from = next; ; ) {
    const entry = await connection.find({
      base: `<GUID=${guid}>`,
      types: [type],
      attributes: [`${type.name};range=${from}-*`],
      controls: [extendedDn()],
    });
    const column = entry?.columns.findIndex(({ range }) => range !== undefined) ?? -1;
    const range = entry?.columns[column]?.range;
    // Emptied, or cut down to what has been read, while it was being read.
    if (range === undefined) {
      yield { values: [], last: true };
      return;
    }
    if (range.from !== from || (range.to !== undefined && range.to < from)) {
      throw new IncompleteReadError(
        connection.url,
        `asked for ${type.name} of ${guid} from ${from} on, it sent others`,
      );
    }
    yield { values: entry?.values[column] ?? [], last: range.to === undefined };
    if (range.to === undefined) return;
    from = range.to + 1;
  }
}
