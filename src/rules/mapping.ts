import { objectGuidToBytes, type SourceValue, type TenantValue } from '../model/index.ts';
import { ImpureMappingError } from './errors.ts';
import { type CompiledExpression, type ExpressionInput, Moment, type Outcome, type Value } from './expression/index.ts';
import type { SourceView } from './rules.ts';

/** An expression bound to the attributes of source objects. */
export interface CompiledMapping {
  readonly text: string;
  readonly attributes: readonly string[];
  evaluate(view: SourceView): Outcome;
  /** As a filter: true, "True" or a number that is not zero; an error does not hold. */
  holds(view: SourceView): boolean;
}

/** Facts an expression may name between percent signs. */
export type Parameters = (view: SourceView) => (name: string) => string | undefined;

/** Binds an expression; throws `ImpureMappingError` where it depends on more than the object. */
export function bindExpression(expression: CompiledExpression, parameters: Parameters): CompiledMapping {
  const [impure] = expression.uses;
  if (impure !== undefined) throw new ImpureMappingError(`the ${impure} of the moment`);
  const evaluate = (view: SourceView): Outcome => expression.evaluate(inputOf(view, parameters));
  return {
    text: expression.text,
    attributes: expression.attributes,
    evaluate,
    holds(view) {
      const outcome = evaluate(view);
      return outcome.kind === 'value' && isTrue(outcome.value);
    },
  };
}

function isTrue(value: Value): boolean {
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  return value === true || ((typeof value === 'number' || typeof value === 'bigint') && Number(value) !== 0);
}

/**
 * Mappings have no clock and no dice: what they give must be the same for the same object, or every cycle would
 * write. An expression that asks for them is refused when the configuration is compiled.
 */
function inputOf(view: SourceView, parameters: Parameters): ExpressionInput {
  const unavailable = (): never => {
    throw new Error('a mapping has no clock and no randomness');
  };
  return {
    attribute: (name) => read(view, name),
    parameter: parameters(view),
    imported: (name) => read(view, name),
    taken: () => false,
    now: unavailable,
    random: unavailable,
  };
}

function read(view: SourceView, name: string): Value {
  const values = view.attributes[name];
  if (values === undefined) return name.toLowerCase() === 'objectguid' ? objectGuidToBytes(view.guid) : null;
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : (values as readonly SourceValue[]);
}

/** What an expression came to, as the tenant takes values. */
export function toTenantValue(value: Value): TenantValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    const list = value.filter((one) => one !== null);
    return list.every((one) => one instanceof Uint8Array) && list.length > 0
      ? list
      : list.map((one) => String(toTenantValue(one)));
  }
  return value instanceof Moment ? value.toString() : String(value);
}
