import { constants, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function signJwt(header: Record<string, unknown>, claims: Record<string, unknown>, key: KeyObject): string {
  const signed = `${part({ typ: 'JWT', alg: 'RS256', ...header })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function record(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

export function parseJwt(text: string): Jwt | undefined {
  const [head = '', body = '', tail = '', ...rest] = text.split('.');
  const header = record(head);
  const claims = record(body);
  if (header === undefined || claims === undefined || tail === '' || rest.length > 0) return undefined;
  return { header, claims, signed: Buffer.from(`${head}.${body}`), signature: Buffer.from(tail, 'base64url') };
}

/** RS256 or PS256, whichever the header says; anything else is no signature. */
export function isSignedBy(jwt: Jwt, publicKey: KeyObject | string): boolean {
  const key = typeof publicKey === 'string' ? createPublicKey(publicKey) : publicKey;
  switch (jwt.header['alg']) {
    case 'RS256':
      return verify('sha256', jwt.signed, key, jwt.signature);
    case 'PS256':
      return verify(
        'sha256',
        jwt.signed,
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
        jwt.signature,
      );
    default:
      return false;
  }
}
