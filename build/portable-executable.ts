/**
 * The named RCDATA resource of a 64-bit Windows executable, from its resource tree (type, name, language);
 * `undefined` where there is none. Throws where the file is no such executable. [Microsoft PE format]
 */
export function rcDataOf(file: Buffer, name: string): Buffer | undefined {
  const pe = file.readUInt32LE(0x3c);
  const optional = pe + 24;
  if (file.toString('latin1', 0, 2) !== 'MZ' || file.toString('latin1', pe, pe + 4) !== 'PE\0\0') {
    throw new Error('not a Windows executable');
  }
  if (file.readUInt16LE(pe + 4) !== 0x8664 || file.readUInt16LE(optional) !== 0x20b) throw new Error('not for x64');

  const resources = file.readUInt32LE(optional + 112 + 2 * 8);
  const firstSection = optional + file.readUInt16LE(pe + 20);
  const sections = Array.from({ length: file.readUInt16LE(pe + 6) }, (_, i) => {
    const at = firstSection + 40 * i;
    return { size: file.readUInt32LE(at + 8), address: file.readUInt32LE(at + 12), data: file.readUInt32LE(at + 20) };
  });
  const offset = (address: number): number => {
    const section = sections.find((s) => address >= s.address && address < s.address + s.size);
    if (section === undefined) throw new Error(`no section holds address ${address}`);
    return address - section.address + section.data;
  };

  const root = offset(resources);
  const entry = (directory: number, wanted: (id: number) => boolean): number | undefined => {
    const count = file.readUInt16LE(directory + 12) + file.readUInt16LE(directory + 14);
    for (let at = directory + 16; at < directory + 16 + 8 * count; at += 8) {
      if (wanted(file.readUInt32LE(at))) return root + (file.readUInt32LE(at + 4) & 0x7fffffff);
    }
    return undefined;
  };
  const isNamed = (id: number): boolean => {
    if ((id & 0x80000000) === 0) return false;
    const at = root + (id & 0x7fffffff);
    return file.toString('utf16le', at + 2, at + 2 + 2 * file.readUInt16LE(at)) === name;
  };

  const rcData = 10;
  const names = entry(root, (id) => id === rcData);
  const languages = names === undefined ? undefined : entry(names, isNamed);
  const leaf = languages === undefined ? undefined : entry(languages, () => true);
  if (leaf === undefined) return undefined;
  const start = offset(file.readUInt32LE(leaf));
  return file.subarray(start, start + file.readUInt32LE(leaf + 4));
}
