import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, parseDataFile, writePrivate } from '../data-folder.ts';
import type { Redactor } from '../logs/redact.ts';
import type { Answer } from './endpoint.ts';
import { IdempotencyKeyReusedError, InvalidRequestError } from './errors.ts';

/** How long an answer is kept for a client that did not get it, in milliseconds. */
const keptFor = 24 * 3600 * 1000;
/** How often those are let go of that are older. */
const lookedThrough = 3600 * 1000;

export const idempotencyKey =
  'The same key gives the same answer for a day, however often it is sent and whatever restarts in between';

const kept = z.object({
  /** SHA-256 of the request, hex. */
  request: z.string(),
  answer: z.object({ body: z.unknown(), headers: z.record(z.string(), z.string()).default({}) }),
});

interface Pending {
  readonly request: string;
  readonly answer: Promise<Answer<unknown>>;
}

/**
 * Answers by the key their client sent, a file each in the data folder. What was refused may be asked for again. What a
 * crash cut off before there was an answer is begun again: the state says what is left to do, and nothing is done twice.
 */
export class IdempotentAnswers {
  readonly #folder: string;
  readonly #redactor: Redactor;
  readonly #now: () => Date;
  readonly #pending = new Map<string, Pending>();
  #forgotAt = 0;

  constructor(dataDirectory: string, redactor: Redactor, now: () => Date) {
    this.#folder = join(dataDirectory, 'answers');
    this.#redactor = redactor;
    this.#now = now;
    makeFolder(this.#folder);
  }

  /** `request` is all that makes it another one: who asks, for what. */
  async once(key: string, request: unknown, work: () => Promise<Answer<unknown>>): Promise<Answer<unknown>> {
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw new InvalidRequestError('header.Idempotency-Key', '1 to 200 printable ASCII characters');
    }
    const digest = sha256(JSON.stringify(request));
    const known = this.#pending.get(key) ?? this.#read(key);
    if (known !== undefined) {
      if (known.request !== digest) throw new IdempotencyKeyReusedError();
      return known.answer;
    }
    const answer = work();
    this.#pending.set(key, { request: digest, answer });
    try {
      this.#write(key, { request: digest, answer: await answer });
      return await answer;
    } finally {
      this.#pending.delete(key);
    }
  }

  #read(key: string): z.output<typeof kept> | undefined {
    this.#forget();
    const file = this.#file(key);
    if (!existsSync(file)) return undefined;
    return parseDataFile(file, readFileSync(file, 'utf8'), kept, 'Remove it: what was asked for is then begun again.');
  }

  #write(key: string, value: z.input<typeof kept>): void {
    writePrivate(this.#file(key), this.#redactor.json(value));
  }

  #forget(): void {
    const now = this.#now().getTime();
    if (now < this.#forgotAt + lookedThrough) return;
    this.#forgotAt = now;
    for (const name of readdirSync(this.#folder)) {
      const file = join(this.#folder, name);
      if (statSync(file).mtimeMs < now - keptFor) rmSync(file);
    }
  }

  #file(key: string): string {
    return join(this.#folder, `${sha256(key)}.json`);
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
