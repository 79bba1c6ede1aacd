import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { writePrivate } from '../data-folder.ts';

export type Role = 'reader' | 'operator';

/** The two tokens of one run of the daemon, each in a file only its owner reads. */
export interface Tokens {
  readonly operatorFile: string;
  readonly readerFile: string;
  readonly secrets: readonly string[];
  /** Whose token this is. */
  roleOf(token: string): Role | undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Makes new tokens: those of an earlier run are worth nothing any more. */
export function makeTokens(dataDirectory: string): Tokens {
  const operator = randomBytes(32).toString('base64url');
  const reader = randomBytes(32).toString('base64url');
  const operatorFile = join(dataDirectory, 'token');
  const readerFile = join(dataDirectory, 'reader-token');
  writePrivate(operatorFile, operator);
  writePrivate(readerFile, reader);
  const operatorDigest = digest(operator);
  const readerDigest = digest(reader);
  return {
    operatorFile,
    readerFile,
    secrets: [operator, reader],
    roleOf(token) {
      // Digests have one length and both are compared, whatever the first says: the time tells nothing.
      const given = digest(token);
      const isOperator = timingSafeEqual(given, operatorDigest);
      const isReader = timingSafeEqual(given, readerDigest);
      return isOperator ? 'operator' : isReader ? 'reader' : undefined;
    },
  };
}
