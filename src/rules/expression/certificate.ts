import { childrenOf, type Der, objectIdentifier, readDer, textOfDer } from './der.ts';
import { Moment } from './moment.ts';

/** One attribute of a name: its OID and its text. */
export interface NamePart {
  readonly oid: string;
  readonly text: string;
}

/** Relative names as the certificate has them, most general first; one of several parts is rare. */
export type Name = readonly (readonly NamePart[])[];

export interface AlternativeNames {
  readonly email: string | undefined;
  readonly dns: string | undefined;
  readonly url: string | undefined;
  readonly upn: string | undefined;
}

/** What the functions ask of an X.509 certificate (RFC 5280). */
export interface Certificate {
  readonly der: Uint8Array;
  readonly version: number;
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Moment;
  readonly notAfter: Moment;
  readonly keyAlgorithm: string;
  readonly keyParameters: Uint8Array;
  readonly extensions: readonly { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array }[];
}

/** Reads one certificate; nothing where the bytes are none. */
export function readCertificate(bytes: Uint8Array): Certificate | undefined {
  const outer = readDer(bytes);
  if (outer?.tag !== 0x30) return undefined;
  const [tbs, signature] = childrenOf(outer) ?? [];
  if (tbs?.tag !== 0x30 || signature?.tag !== 0x30) return undefined;
  const fields = childrenOf(tbs) ?? [];
  const explicit = fields[0]?.tag === 0xa0 ? fields[0] : undefined;
  const [serial, algorithm, issuer, validity, subject, key, ...more] =
    explicit === undefined ? fields : fields.slice(1);
  if (serial?.tag !== 0x02 || algorithm === undefined || validity === undefined || key === undefined) return undefined;
  const [from, until] = (childrenOf(validity) ?? []).map(timeOf);
  const keyAlgorithm = algorithmOf(childrenOf(key)?.[0]);
  const signatureAlgorithm = algorithmOf(algorithm);
  const names = [issuer, subject].map((name) => (name === undefined ? undefined : nameOf(name)));
  const [by, of] = names;
  if (from === undefined || until === undefined || keyAlgorithm === undefined) return undefined;
  if (signatureAlgorithm === undefined || by === undefined || of === undefined) return undefined;
  const [version] = explicit === undefined ? [] : (childrenOf(explicit) ?? []);
  return {
    der: outer.whole,
    version: (version?.content[0] ?? 0) + 1,
    serialNumber: serial.content,
    signatureAlgorithm: signatureAlgorithm.oid,
    issuer: by,
    subject: of,
    notBefore: from,
    notAfter: until,
    keyAlgorithm: keyAlgorithm.oid,
    keyParameters: keyAlgorithm.parameters,
    extensions: extensionsOf(more.find(({ tag }) => tag === 0xa3)),
  };
}

function algorithmOf(der: Der | undefined): { readonly oid: string; readonly parameters: Uint8Array } | undefined {
  const [identifier, parameters] = der === undefined ? [] : (childrenOf(der) ?? []);
  const oid = identifier === undefined ? undefined : objectIdentifier(identifier);
  return oid === undefined ? undefined : { oid, parameters: parameters?.whole ?? new Uint8Array() };
}

function timeOf({ tag, content }: Der): Moment | undefined {
  const text = Buffer.from(content).toString('latin1');
  // UTCTime has two digits of the year: 50 and above are of the last century (RFC 5280).
  const century = tag === 0x17 ? (Number(text.slice(0, 2)) >= 50 ? '19' : '20') : '';
  return /^\d{12,14}Z$/.test(text) ? Moment.parse(century + text) : undefined;
}

function nameOf(der: Der): Name | undefined {
  if (der.tag !== 0x30) return undefined;
  return childrenOf(der)?.map((relative) =>
    (childrenOf(relative) ?? []).flatMap((pair) => {
      const [type, value] = childrenOf(pair) ?? [];
      const oid = type === undefined ? undefined : objectIdentifier(type);
      return oid === undefined || value === undefined ? [] : [{ oid, text: textOfDer(value) }];
    }),
  );
}

function extensionsOf(der: Der | undefined): Certificate['extensions'] {
  const [list] = der === undefined ? [] : (childrenOf(der) ?? []);
  return (list === undefined ? [] : (childrenOf(list) ?? [])).flatMap((extension) => {
    const [type, ...rest] = childrenOf(extension) ?? [];
    const oid = type === undefined ? undefined : objectIdentifier(type);
    const value = rest.at(-1);
    if (oid === undefined || value === undefined) return [];
    return [{ oid, critical: rest[0]?.tag === 0x01 && rest[0].content[0] !== 0, value: value.content }];
  });
}

const userPrincipalName = '1.3.6.1.4.1.311.20.2.3';

/** The first of each kind among the subject's (2.5.29.17) or issuer's (2.5.29.18) alternative names. */
export function alternativeNames({ extensions }: Certificate, oid: '2.5.29.17' | '2.5.29.18'): AlternativeNames {
  const extension = extensions.find((one) => one.oid === oid);
  const sequence = extension === undefined ? undefined : readDer(extension.value);
  const names = sequence === undefined ? [] : (childrenOf(sequence) ?? []);
  const text = (tag: number): string | undefined => {
    const found = names.find((name) => name.tag === tag);
    return found === undefined ? undefined : Buffer.from(found.content).toString('latin1');
  };
  const upn = names
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((other) => {
      const [type, value] = childrenOf(other) ?? [];
      const inner = value === undefined ? undefined : readDer(value.content);
      return type !== undefined && objectIdentifier(type) === userPrincipalName && inner !== undefined
        ? [textOfDer(inner)]
        : [];
    });
  return { email: text(0x81), dns: text(0x82), url: text(0x86), upn: upn[0] };
}

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'S',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'G',
  '2.5.4.43': 'I',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
};

/** As .NET shows a name: the most specific part first, parts with special characters between quotes. */
export function showName(name: Name): string {
  const one = ({ oid, text }: NamePart): string => {
    const value = /[,+="\n<>#;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    return `${shortNames[oid] ?? `OID.${oid}`}=${value}`;
  };
  return name
    .toReversed()
    .map((parts) => parts.map(one).join(' + '))
    .join(', ');
}

/** The text of the most specific part of one of these types, tried in order. */
export function partOf(name: Name, ...types: readonly string[]): string | undefined {
  const parts = name.toReversed().flat();
  for (const type of types) {
    const found = parts.find(({ oid }) => shortNames[oid] === type);
    if (found !== undefined) return found.text;
  }
  return undefined;
}
