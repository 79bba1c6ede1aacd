import { objectGuidToBytes, type SourceValue, type TenantValue } from '../model/index.ts';
import { ImpureMappingError } from './errors.ts';
import {
  type CompiledExpression,
  type Dialect,
  type ExpressionInput,
  Moment,
  type Outcome,
  type Value,
} from './expression/index.ts';
import type { SourceView } from './rules.ts';

/** An expression bound to the attributes of source objects. */
export interface CompiledMapping {
  readonly text: string;
  readonly dialect: Dialect;
  /** An attribute as it is, a value that is the same for every object, or something worked out. */
  readonly form: 'direct' | 'constant' | 'expression';
  /** The AD attributes it looks at, spelled as they are read. */
  readonly attributes: readonly string[];
  /** Does it hide its values? */
  readonly redacts: boolean;
  /** What it comes to where none of its attributes is there, if that is the same for every object. */
  readonly nothing: Outcome | undefined;
  evaluate(view: SourceView): Outcome;
}

export interface Binding {
  /** The one spelling under which an attribute is read. */
  spelling(attribute: string): string;
  parameter(view: SourceView, name: string): string | undefined;
}

/** Binds an expression; throws `ImpureMappingError` where it depends on more than the object. */
export function bindExpression(expression: CompiledExpression, { spelling, parameter }: Binding): CompiledMapping {
  const [impure] = expression.uses;
  if (impure !== undefined) throw new ImpureMappingError(impure);
  const names = new Map(expression.attributes.map((name) => [name, spelling(name)]));
  const attributes = [...names.values()];
  const { text, dialect, redacts, direct } = expression;
  const form = direct ? 'direct' : attributes.length > 0 || expression.parameters ? 'expression' : 'constant';
  const known = { text, dialect, form, attributes, redacts } as const;
  const [first] = attributes;
  const nothing = outcomeOfNothing(expression, attributes);
  if (direct && first !== undefined && nothing !== undefined) {
    const evaluate = (view: SourceView): Outcome => ({ kind: 'value', value: readPlain(view, first), redacted: false });
    return { ...known, nothing, evaluate };
  }
  const input = new BoundInput(names, parameter);
  const evaluate = (view: SourceView): Outcome => {
    input.view = view;
    return expression.evaluate(input);
  };
  return { ...known, nothing, evaluate };
}

/** What one mapping sees of the object it is evaluated on. Mappings have no clock and no dice: who asks was refused. */
class BoundInput implements ExpressionInput {
  /** Set before each evaluation, which is over before the next begins. */
  view: SourceView | undefined;
  readonly #names: ReadonlyMap<string, string>;
  readonly #parameter: Binding['parameter'];
  readonly #read: (view: SourceView, name: string) => Value;

  constructor(names: ReadonlyMap<string, string>, parameter: Binding['parameter']) {
    this.#names = names;
    this.#parameter = parameter;
    this.#read = [...names.values()].some(isGuid) ? readWithGuid : readPlain;
  }

  attribute(name: string): Value {
    return this.view === undefined ? null : this.#read(this.view, this.#names.get(name) ?? name);
  }

  imported(name: string): Value {
    return this.attribute(name);
  }

  parameter(name: string): string | undefined {
    return this.view === undefined ? undefined : this.#parameter(this.view, name);
  }

  taken(): boolean {
    return false;
  }

  now(): Date {
    return new Date(Number.NaN);
  }

  random(): number {
    return 0;
  }
}

/** What an expression makes of nothing is always the same; nothing where that depends on the object after all. */
function outcomeOfNothing(expression: CompiledExpression, attributes: readonly string[]): Outcome | undefined {
  if (attributes.length === 0 || expression.parameters || attributes.some(isGuid)) return undefined;
  const nothing = expression.evaluate(new BoundInput(new Map(), () => undefined));
  // A failure names the object it happened on.
  return nothing.kind === 'error' ? undefined : nothing;
}

const isGuid = (name: string): boolean => name.toLowerCase() === 'objectguid';

function readPlain({ attributes }: SourceView, name: string): Value {
  const values = attributes[name];
  if (values === undefined) return null;
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : (values satisfies readonly SourceValue[]);
}

/** What an object is known by is not among what is read of it. */
function readWithGuid(view: SourceView, name: string): Value {
  return isGuid(name) ? objectGuidToBytes(view.guid) : readPlain(view, name);
}

/** What an expression came to, as the tenant takes values. */
export function toTenantValue(value: Value): TenantValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return value;
  if (value instanceof Moment) return value.toString();
  const list = value.filter((one) => one !== null);
  const bytes = list.filter((one) => one instanceof Uint8Array);
  return bytes.length === list.length && list.length > 0 ? bytes : list.map((one) => String(toTenantValue(one)));
}

export function isNothing(value: TenantValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
