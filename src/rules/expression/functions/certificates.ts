import { alternativeNames, type Certificate, partOf, readCertificate, showName } from '../certificate.ts';
import { type FunctionDefinition, type Kind, type Parameter, ternary, unary } from '../definition.ts';
import { any, bytes, condition, word } from '../parameters.ts';
import { sha1 } from '../sha1.ts';
import { Mismatch, show, type Value } from '../value.ts';
import { fromBase64 } from './encoding.ts';

function read(value: Value | undefined): Certificate | null {
  const raw = bytes('certificate').read(value);
  if (raw === null) return null;
  const certificate = certificateOf(raw);
  if (certificate === undefined) throw new Mismatch(`${show(raw)} are no X.509 certificate`);
  return certificate;
}

/** DER, or the base64 of it. */
function certificateOf(raw: Uint8Array | string): Certificate | undefined {
  const der = typeof raw === 'string' ? fromBase64(raw) : raw;
  return der === undefined ? undefined : readCertificate(der);
}

const certificate: Parameter<Certificate | null> = { ...bytes('certificate'), read };

function ofCertificate(
  name: string,
  gives: Kind,
  meaning: string,
  give: (certificate: Certificate) => Value,
  choice?: string,
): FunctionDefinition {
  return unary({ name, in: 'connect', gives, meaning, choice }, certificate, (one) =>
    one === null ? null : give(one),
  );
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();
const thumbprint = ({ der }: Certificate): string => hex(sha1(der));
const firstType = (name: Certificate['subject']): string | null => name.toReversed()[0]?.[0]?.oid ?? null;
const typeChoice = 'A name has no OID of its own: it is that of its most specific part.';
const nameChoice = 'As .NET shows names: the most specific part first.';

/** Serial numbers are shown without the leading zero byte that keeps them positive. */
function serial({ serialNumber }: Certificate): string {
  return hex(serialNumber.length > 1 && serialNumber[0] === 0 ? serialNumber.subarray(1) : serialNumber);
}

const certNameInfo = ternary(
  {
    name: 'CertNameInfo',
    in: 'connect',
    gives: 'text',
    meaning: 'A name of the subject, or of the issuer where includesIssuerName is True, by its type.',
    choice: 'NULL where the certificate has no such name. The types mean what they mean in .NET.',
  },
  [
    certificate,
    word('nameType', ['SimpleName', 'EmailName', 'UpnName', 'DnsName', 'DnsFromAlternativeName', 'UrlName']),
    condition('includesIssuerName'),
  ],
  (one, type, ofIssuer) => {
    if (one === null) return null;
    const name = ofIssuer ? one.issuer : one.subject;
    const { email, dns, url, upn } = alternativeNames(one, ofIssuer ? '2.5.29.18' : '2.5.29.17');
    switch (type) {
      case 'EmailName':
        return email ?? partOf(name, 'E') ?? null;
      case 'UpnName':
        return upn ?? null;
      case 'DnsName':
        return dns ?? partOf(name, 'CN') ?? null;
      case 'DnsFromAlternativeName':
        return dns ?? null;
      case 'UrlName':
        return url ?? null;
      default:
        return partOf(name, 'CN', 'OU', 'O', 'E') ?? email ?? null;
    }
  },
);

const isCert = unary(
  {
    name: 'IsCert',
    in: 'connect',
    gives: 'boolean',
    meaning: 'True where the value is an X.509 certificate.',
    choice: 'DER, or the base64 of it. (The page prints another function’s name in the syntax of this one.)',
  },
  any('value'),
  (value) => (value instanceof Uint8Array || typeof value === 'string') && certificateOf(value) !== undefined,
);

export const certificateFunctions: readonly FunctionDefinition[] = [
  ofCertificate(
    'CertExtensionOids',
    'list',
    'The OIDs of the critical extensions of a certificate.',
    ({ extensions }) => {
      const critical = extensions.filter((extension) => extension.critical).map(({ oid }) => oid);
      return critical.length === 0 ? null : critical;
    },
  ),
  ofCertificate('CertFormat', 'text', 'The format of a certificate: X509.', () => 'X509'),
  ofCertificate(
    'CertFriendlyName',
    'text',
    'The friendly name of a certificate.',
    () => '',
    'It is kept by Windows’ store, not in the certificate: "".',
  ),
  ofCertificate('CertHashString', 'text', 'The SHA-1 hash of a certificate in hexadecimal.', thumbprint),
  ofCertificate('CertIssuer', 'text', 'The issuer’s name.', ({ issuer }) => showName(issuer), nameChoice),
  ofCertificate(
    'CertIssuerDN',
    'text',
    'The issuer’s distinguished name.',
    ({ issuer }) => showName(issuer),
    nameChoice,
  ),
  ofCertificate(
    'CertIssuerOid',
    'text',
    'The OID of the issuer’s name.',
    ({ issuer }) => firstType(issuer),
    typeChoice,
  ),
  ofCertificate('CertKeyAlgorithm', 'text', 'The OID of the key’s algorithm.', ({ keyAlgorithm }) => keyAlgorithm),
  ofCertificate(
    'CertKeyAlgorithmParams',
    'text',
    'The parameters of the key’s algorithm in hexadecimal.',
    ({ keyParameters }) => hex(keyParameters),
  ),
  certNameInfo,
  ofCertificate(
    'CertNotAfter',
    'date',
    'When a certificate ends.',
    ({ notAfter }) => notAfter,
    'In UTC; the page says local time, which would make the outcome depend on the machine.',
  ),
  ofCertificate(
    'CertNotBefore',
    'date',
    'When a certificate begins.',
    ({ notBefore }) => notBefore,
    'In UTC; the page says local time, which would make the outcome depend on the machine.',
  ),
  ofCertificate('CertPublicKeyOid', 'text', 'The OID of the public key.', ({ keyAlgorithm }) => keyAlgorithm),
  ofCertificate(
    'CertPublicKeyParametersOid',
    'text',
    'The OID of the public key’s parameters.',
    ({ keyAlgorithm }) => keyAlgorithm,
    'As in .NET it is the key’s own.',
  ),
  ofCertificate('CertSerialNumber', 'text', 'The serial number in hexadecimal.', serial),
  ofCertificate(
    'CertSignatureAlgorithmOid',
    'text',
    'The OID of the signature’s algorithm.',
    ({ signatureAlgorithm }) => signatureAlgorithm,
  ),
  ofCertificate('CertSubject', 'text', 'The subject’s name.', ({ subject }) => showName(subject), nameChoice),
  ofCertificate(
    'CertSubjectNameDN',
    'text',
    'The subject’s distinguished name.',
    ({ subject }) => showName(subject),
    nameChoice,
  ),
  ofCertificate(
    'CertSubjectNameOid',
    'text',
    'The OID of the subject’s name.',
    ({ subject }) => firstType(subject),
    typeChoice,
  ),
  ofCertificate('CertThumbprint', 'text', 'The thumbprint: the SHA-1 hash in hexadecimal.', thumbprint),
  ofCertificate(
    'Thumbprint',
    'text',
    'The thumbprint of a certificate.',
    thumbprint,
    'Not documented; Connect’s default rules use it so.',
  ),
  ofCertificate(
    'CertVersion',
    'number',
    'The X.509 version of a certificate.',
    ({ version }) => version,
    'The page prints another function’s name in the syntax of this one.',
  ),
  isCert,
];
