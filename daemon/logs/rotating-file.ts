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

  constructor(options: RotatingFileOptions) {
    super({ decodeStrings: true });
    this.#options = options;
    this.#descriptor = this.#open();
    this.#written = fstatSync(this.#descriptor).size;
  }

  override _write(line: Buffer, _encoding: BufferEncoding, done: () => void): void {
    try {
      if (this.#written > 0 && this.#written + line.length > this.#options.size) this.#rotate();
    } catch {
      // It goes on growing: better than losing what is to be written now.
    }
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
    for (let i = this.#options.files - 1; i > 0; i -= 1) {
      if (existsSync(this.#path(i - 1))) renameSync(this.#path(i - 1), this.#path(i));
    }
    const full = this.#descriptor;
    this.#descriptor = this.#open();
    this.#written = 0;
    closeSync(full);
  }

  #open(): number {
    return openSync(this.#path(0), 'a', 0o600);
  }

  #path(i: number): string {
    return join(this.#options.folder, `${this.#options.name}${i === 0 ? '' : `.${i}`}.log`);
  }
}
