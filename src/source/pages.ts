import type { AskedType } from './asked.ts';
import { extendedDn } from './controls.ts';
import { type CutAttribute, type ReadEntry, readEntry, referenceOf, withValues } from './entry.ts';
import { IncompleteReadError } from './errors.ts';
import type { LdapConnection, Search } from './ldap-connection.ts';
import type { ReadProof } from './read-proof.ts';
import type { SourceChange } from './source.ts';
import type { AttributeValues } from './wire/entry-decoder.ts';

/** The changes of a search page by page, each object followed by its links to the last value. */
export async function* pagesOfChanges(
  connection: LdapConnection,
  search: Search<AskedType>,
  pageSize: number,
  proof: ReadProof,
): AsyncGenerator<readonly SourceChange[]> {
  for await (const { entries, references } of connection.pages(search, pageSize)) {
    proof.page(entries[0]?.dn, references);
    let changes: SourceChange[] = [];
    for (const entry of entries) {
      const read = readEntry(entry);
      if (read.type === 'object') proof.object(read.dn);
      else if (read.type === 'deleted') proof.deletion();
      if (read.type === 'object' && read.cut.length > 0) {
        if (changes.length > 0) yield changes;
        changes = [];
        yield* changesOf(connection, read);
      } else if (read.type === 'object') {
        changes.push(objectOf(read));
        for (const link of read.links) changes.push(link);
      } else if (read.type === 'deleted') changes.push(read);
    }
    if (changes.length > 0) yield changes;
  }
}

/** One entry's changes, and what the server had cut off its attributes. */
export async function* changesOf(connection: LdapConnection, read: ReadEntry): AsyncGenerator<readonly SourceChange[]> {
  if (read.type === 'other') return;
  if (read.type === 'deleted') {
    yield [read];
    return;
  }
  const { guid } = read;
  let whole = read;
  for (const cut of read.cut) {
    if (cut.type.role === 'reference') continue;
    const { name } = cut.type;
    const values = [...(whole.attributes[name] ?? [])];
    for await (const range of ranges(connection, guid, cut)) values.push(...range.values);
    whole = { ...whole, attributes: withValues(whole.attributes, name, values) };
  }
  yield [objectOf(whole), ...whole.links];
  for (const cut of read.cut) {
    if (cut.type.role !== 'reference') continue;
    const attribute = cut.type.name;
    for await (const { values, range } of ranges(connection, guid, cut)) {
      const kind = range?.to === undefined ? 'last' : 'next';
      yield [{ type: 'links', guid, attribute, part: { kind, values: values.map(referenceOf) } }];
    }
  }
}

function objectOf({ guid, kind, dn, attributes, usn }: Extract<ReadEntry, { type: 'object' }>): SourceChange {
  return { type: 'object', guid, kind, dn, attributes, partial: false, usn };
}

/** What is left of a cut attribute, range by range (`member;range=1500-*`, [MS-ADTS] 3.1.1.3.1.3.3). */
async function* ranges(
  connection: LdapConnection,
  guid: string,
  { type, next }: CutAttribute,
): AsyncGenerator<AttributeValues<AskedType>> {
  for (let from = next; ; ) {
    const entry = await connection.find({
      base: `<GUID=${guid}>`,
      types: [type],
      attributes: [`${type.name};range=${from}-*`],
      controls: [extendedDn()],
    });
    const found = entry?.attributes.find(({ range }) => range !== undefined);
    // Emptied, or cut down to what has been read, while it was being read.
    if (found?.range === undefined) {
      yield { type, range: undefined, values: [] };
      return;
    }
    const { range } = found;
    if (range.from !== from || (range.to !== undefined && range.to < from)) {
      throw new IncompleteReadError(
        connection.url,
        `asked for ${type.name} of ${guid} from ${from} on, it sent others`,
      );
    }
    yield found;
    if (range.to === undefined) return;
    from = range.to + 1;
  }
}
