/**
 * Certificates that cases name by `$cert:expired` and `$cert:valid`: complete in form, signed by no one. Examples of an
 * expression thus need no bytes of their own.
 */

const der = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(contents);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, Math.floor(content.length / 256), content.length % 256];
  return Buffer.concat([Uint8Array.of(tag, ...length), content]);
};
const text = (tag: number, value: string): Uint8Array => der(tag, Buffer.from(value, 'latin1'));
const oid = (...bytes: readonly number[]): Uint8Array => der(0x06, Uint8Array.from(bytes));
const commonName = (name: string): Uint8Array =>
  der(0x30, der(0x31, der(0x30, oid(0x55, 0x04, 0x03), text(0x0c, name))));

/** A certificate for CN=name, valid between two times as in `20200101000000Z`. */
export function fixtureCertificate(name: string, notBefore: string, notAfter: string): Uint8Array {
  const algorithm = der(0x30, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05));
  const key = der(
    0x30,
    der(0x30, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01), der(0x05)),
    der(0x03, Uint8Array.of(0)),
  );
  const contents = der(
    0x30,
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(0x01, 0x23)),
    algorithm,
    commonName('CloudSync examples'),
    der(0x30, text(0x18, notBefore), text(0x18, notAfter)),
    commonName(name),
    key,
  );
  return der(0x30, contents, algorithm, der(0x03, Uint8Array.of(0)));
}

export const fixtureCertificates: ReadonlyMap<string, Uint8Array> = new Map([
  ['$cert:expired', fixtureCertificate('expired', '20000101000000Z', '20010101000000Z')],
  ['$cert:valid', fixtureCertificate('valid', '20000101000000Z', '99991231235959Z')],
]);
