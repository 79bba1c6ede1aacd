import type { NdrReader } from './ndr.ts';

/** BER of the OIDs' beginnings, by index: `1.2.840.113556.1.4` is index 9 in the standard table ([MS-DRSR] 5.16.4). */
export type PrefixTable = ReadonlyMap<string, number>;

const entrySize = 12;
const attributePrefix = '2a864886f7140104';
const standardIndex = 9;

/** Last arcs under 1.2.840.113556.1.4, the branch of Active Directory's own attributes. */
const arcs = { unicodePwd: 90, pwdLastSet: 96, userAccountControl: 8 } as const;

export type AttributeIds = { readonly [Name in keyof typeof arcs]: number };

/** As the sender's table numbers the attributes read here; by the standard table where it sends none. */
export function attributeIds(prefixes: PrefixTable): AttributeIds {
  const base = (prefixes.get(attributePrefix) ?? standardIndex) * 0x10000;
  return {
    unicodePwd: base + arcs.unicodePwd,
    pwdLastSet: base + arcs.pwdLastSet,
    userAccountControl: base + arcs.userAccountControl,
  };
}

export function readPrefixTable(reader: NdrReader, announced: number): PrefixTable {
  const table = new Map<string, number>();
  if (announced === 0) return table;
  reader.align(4);
  const count = reader.count(entrySize);
  reader.expect(count, announced, 'the number of prefixes');
  const heads = Array.from({ length: count }, () => ({
    index: reader.u32(),
    length: reader.u32(),
    hasBytes: reader.pointer(),
  }));
  for (const { index, length, hasBytes } of heads) {
    if (!hasBytes) continue;
    reader.align(4);
    reader.expect(reader.count(1), length, 'the length of a prefix');
    table.set(reader.take(length).toString('hex'), index);
  }
  return table;
}
