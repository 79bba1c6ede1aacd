import { closeSync, existsSync, fstatSync, openSync, renameSync, write } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';

export interface RotatingFileOptions {
  readonly folder: string;
  /** Without its extension: `cloudsync` is written to `cloudsync.log`, older ones are `cloudsync.1.log` and on. */
  readonly name: string;
  /** Bytes a file may have before the next one begins. */
  readonly size: number;
  readonly files: number;
}

/**
 * A log file that gives way to another one when it is full. Lines are whole and none is lost between two files, which
 * winston's own file transport does not promise. A disk that takes nothing costs lines, never the daemon.
 */
export class RotatingFile extends Writable {
  readonly #options: RotatingFileOptions;
  #descriptor: number;
  #written: number;
  /** Bytes at which the next one is to begin. */
  #limit: number;

  constructor(options: RotatingFileOptions) {
    super({ decodeStrings: true });
    this.#options = options;
    this.#limit = options.size;
    this.#descriptor = openSync(this.#path(0), 'a', 0o600);
    this.#written = fstatSync(this.#descriptor).size;
  }

  override _write(line: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#written > 0 && this.#written + line.length > this.#limit) this.#rotate();
    this.#writeAll(line, done);
  }

  override _final(done: () => void): void {
    closeSync(this.#descriptor);
    done();
  }

  #writeAll(rest: Buffer, done: () => void): void {
    write(this.#descriptor, rest, (error, n) => {
      this.#written += n ?? 0;
      if (error !== null || n === rest.length) done();
      else this.#writeAll(rest.subarray(n), done);
    });
  }

  #rotate(): void {
    const { size } = this.#options;
    try {
      this.#begin();
      this.#limit = size;
    } catch {
      // It goes on growing: better than losing what is to be written now, or what is there for a next one that does not come.
      this.#limit = this.#written + size / 10;
    }
  }

  /** Begins the next one, which is open before any other is touched. */
  #begin(): void {
    const name = join(this.#options.folder, `${this.#options.name}.next.log`);
    const next = openSync(name, 'a', 0o600);
    try {
      this.#shift();
      renameSync(name, this.#path(0));
    } catch (error) {
      closeSync(next);
      throw error;
    }
    const full = this.#descriptor;
    this.#descriptor = next;
    this.#written = 0;
    closeSync(full);
  }

  /** Makes room for the next one: into the first gap, as one that failed has left it; only without any does the oldest go. */
  #shift(): void {
    const last = this.#options.files - 1;
    let gap = 1;
    while (gap < last && existsSync(this.#path(gap))) gap += 1;
    for (let i = gap; i > 0; i -= 1) {
      if (existsSync(this.#path(i - 1))) renameSync(this.#path(i - 1), this.#path(i));
    }
  }

  #path(i: number): string {
    return join(this.#options.folder, `${this.#options.name}${i === 0 ? '' : `.${i}`}.log`);
  }
}
