import type { PropertyValue } from '../directory/index.ts';
import { CmdletRefusal } from './refusals.ts';

/** The parameters of one call, by their exact names; each is asked for by the type it has. */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[]) {
    for (const name of Object.keys(values)) {
      if (!known.includes(name)) {
        throw new CmdletRefusal('parameter', `A parameter cannot be found that matches parameter name '${name}'.`);
      }
    }
    this.#values = values;
  }

  has(name: string): boolean {
    return name in this.#values;
  }

  text(name: string): string | null | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return value;
    if (typeof value !== 'string') throw this.#wrong(name);
    return value === '' ? null : value;
  }

  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === null) {
      throw new CmdletRefusal('parameter', `Cannot process command because of a missing mandatory parameter: ${name}.`);
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#values[name];
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#wrong(name);
  }

  /** A list that replaces, or a hash table that adds and removes. */
  list(name: string, before: readonly string[]): readonly string[] | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    if (value === null) return [];
    if (typeof value === 'string') return [value];
    if (Array.isArray(value)) return value.map((item) => this.#item(name, item));
    if (typeof value !== 'object') throw this.#wrong(name);
    const [add, remove] = ['add', 'remove'].map((key) => this.#items(name, Reflect.get(value, key)));
    const gone = new Set(remove?.map((item) => item.toLowerCase()));
    return [...before.filter((item) => !gone.has(item.toLowerCase())), ...(add ?? [])];
  }

  #items(name: string, value: unknown): readonly string[] {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value.map((item) => this.#item(name, item)) : [this.#item(name, value)];
  }

  #item(name: string, value: unknown): string {
    if (typeof value !== 'string') throw this.#wrong(name);
    return value;
  }

  #wrong(name: string): CmdletRefusal {
    return new CmdletRefusal('parameter', `Cannot process argument transformation on parameter '${name}'.`);
  }

  /** Whatever was given of `names`, as Exchange keeps it beside what the directory shows. */
  kept(names: readonly string[]): Readonly<Record<string, PropertyValue | null>> {
    const found: Record<string, PropertyValue | null> = {};
    for (const name of names) {
      const value = this.#values[name];
      if (value === undefined) continue;
      if (value === null || value === '') found[name] = null;
      else if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
        found[name] = value;
      else found[name] = [...(this.list(name, []) ?? [])];
    }
    return found;
  }
}

export const customAttributes: readonly string[] = [
  ...Array.from({ length: 15 }, (_, i) => `CustomAttribute${i + 1}`),
  ...Array.from({ length: 5 }, (_, i) => `ExtensionCustomAttribute${i + 1}`),
];
