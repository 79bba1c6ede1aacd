import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Place } from './errors.ts';

export type Path = readonly PropertyKey[];

const tooDeep = 'it is nested too deeply';

/** A document's text, taken apart so that a path in it can be shown as line and column. */
export class PlacedDocument {
  readonly #lines = new LineCounter();
  readonly #tree: Document.Parsed;
  readonly #value: unknown;
  readonly #unresolved: string | undefined;

  constructor(text: string) {
    try {
      this.#tree = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      if (this.#tree.errors.length === 0) this.#value = this.#tree.toJS();
    } catch (error) {
      // An alias of no anchor, or of too many; or brackets within brackets until there is no stack left.
      this.#tree ??= parseDocument('');
      this.#unresolved = error instanceof RangeError ? tooDeep : error instanceof Error ? error.message : String(error);
    }
  }

  /** What keeps the text from being YAML or JSON, if anything does. */
  get broken(): { readonly place: Place; readonly reason: string } | undefined {
    const [error] = this.#tree.errors;
    if (error !== undefined) {
      const reason = error.code === 'RESOURCE_EXHAUSTION' ? tooDeep : error.message;
      return { place: this.#at(error.pos[0]), reason };
    }
    return this.#unresolved === undefined ? undefined : { place: this.#at(0), reason: this.#unresolved };
  }

  get value(): unknown {
    return this.#value;
  }

  /** Where the key or value at a path begins; the nearest there is, where it is missing. */
  place(path: Path): Place {
    for (let length = path.length; length > 0; length -= 1) {
      const parent: unknown = length === 1 ? this.#tree.contents : this.#tree.getIn(path.slice(0, length - 1), true);
      const step = path[length - 1];
      const items: unknown = record(parent)['items'];
      if (!Array.isArray(items)) continue;
      const item: unknown =
        typeof step === 'number' ? items[step] : items.find((pair) => record(record(pair)['key'])['value'] === step);
      const range = record(typeof step === 'number' ? item : record(item)['key'])['range'];
      if (Array.isArray(range) && typeof range[0] === 'number') return this.#at(range[0]);
    }
    return this.#at(0);
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** `forests[0].scope`, as errors show a path. */
export function showPath(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

/** The path that `showPath` shows. */
export function parsePath(text: string): Path {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key = '']) =>
    index === undefined ? key : Number(index),
  );
}
