/** RC4, which OpenSSL 3 no longer offers; NTLM sealing and replicated secrets are made of it. The state runs on. */
export class Rc4 {
  readonly #box = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const box = this.#box;
    for (let i = 0; i < 256; i += 1) box[i] = i;
    let j = 0;
    for (let i = 0; i < 256; i += 1) {
      const held = box[i] ?? 0;
      j = (j + held + (key[i % key.length] ?? 0)) & 255;
      box[i] = box[j] ?? 0;
      box[j] = held;
    }
  }

  /** Encrypts or decrypts in place. */
  apply(bytes: Uint8Array): void {
    const box = this.#box;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < bytes.length; at += 1) {
      i = (i + 1) & 255;
      const a = box[i] ?? 0;
      j = (j + a) & 255;
      const b = box[j] ?? 0;
      box[i] = b;
      box[j] = a;
      bytes[at] = (bytes[at] ?? 0) ^ (box[(a + b) & 255] ?? 0);
    }
    this.#i = i;
    this.#j = j;
  }

  wipe(): void {
    this.#box.fill(0);
  }
}

export function rc4(key: Uint8Array, bytes: Uint8Array): Buffer {
  const result = Buffer.from(bytes);
  const cipher = new Rc4(key);
  cipher.apply(result);
  cipher.wipe();
  return result;
}
