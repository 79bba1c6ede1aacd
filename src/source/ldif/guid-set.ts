import { type ObjectGuid, objectGuidToBytes } from '../../model/index.ts';

/** GUIDs seen, in 16 bytes each: a set of strings would take ten times that, and files hold millions. */
export class GuidSet {
  #slots = new Uint32Array(4 * 1024);
  #size = 0;

  /** False when it is there already. */
  add(guid: ObjectGuid): boolean {
    const bytes = objectGuidToBytes(guid);
    const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
    const [a, b, c, d] = [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)];
    // A slot of zeros is a free one; no object has that GUID.
    // At most three quarters full.
    if (16 * this.#size >= 3 * this.#slots.length) this.#grow();
    const at = this.#find(a, b, c, d);
    const slots = this.#slots;
    if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return false;
    slots.set([a, b, c, d], at);
    this.#size += 1;
    return true;
  }

  /** The slot that holds these words, or the free one where they belong. */
  #find(a: number, b: number, c: number, d: number): number {
    const slots = this.#slots;
    const count = slots.length / 4;
    let slot = (Math.imul(a ^ Math.imul(d, 0x9e3779b1) ^ (b << 7) ^ c, 0x85ebca6b) >>> 0) % count;
    for (;;) {
      const at = 4 * slot;
      const free = slots[at] === 0 && slots[at + 1] === 0 && slots[at + 2] === 0 && slots[at + 3] === 0;
      const same = slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d;
      if (free || same) return at;
      slot = (slot + 1) % count;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(2 * before.length);
    for (let at = 0; at < before.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = before.subarray(at, at + 4);
      if ((a | b | c | d) !== 0) this.#slots.set([a, b, c, d], this.#find(a, b, c, d));
    }
  }
}
