import { placeAt } from './ast.ts';
import { Compiler, type Known } from './compile.ts';
import type { Dialect, Kind } from './definition.ts';
import {
  EvaluationError,
  type ExpressionFailedError,
  ExpressionLimitError,
  type FailedOn,
  NoUniqueValueError,
  RaisedError,
} from './errors.ts';
import { Exhausted } from './functions/flow.ts';
import { Raised } from './functions/logic.ts';
import { parse } from './parse.ts';
import { type ExpressionInput, FlowEnded, LimitReached, Scope } from './scope.ts';
import { authoritativeNull, ignored, isList, Mismatch, type Result, show, type Value } from './value.ts';

/** What an expression came to on one object. */
export type Outcome =
  /** `redacted`: the value passed through Redact and is not to be shown. */
  | { readonly kind: 'value'; readonly value: Value; readonly redacted: boolean }
  /** The attribute does not flow this time: the target keeps its own value. */
  | { readonly kind: 'ignored' }
  /** The attribute is cleared, and no other object is asked for it. */
  | { readonly kind: 'authoritativeNull' }
  | { readonly kind: 'error'; readonly error: ExpressionFailedError };

/** An expression, checked and compiled once. */
export interface CompiledExpression {
  readonly text: string;
  readonly dialect: Dialect;
  /** The attributes it looks at, each once, as first spelled. */
  readonly attributes: readonly string[];
  /** What its outcome depends on besides the object. */
  readonly uses: ReadonlySet<'clock' | 'randomness' | 'uniqueness'>;
  /** Does it name parameters, so that its outcome depends on where the object is? */
  readonly parameters: boolean;
  /** Does it hide its value? */
  readonly redacts: boolean;
  /** Is it an attribute and nothing else? */
  readonly direct: boolean;
  /** What kind of value it gives, as far as that is known before it runs. */
  readonly kind: Kind;
  /** Total: an answer or an error within the limits, for any input. */
  evaluate(input: ExpressionInput): Outcome;
}

/** Attributes whose values no message shows. */
const secret = /password|pwd(?!lastset)|lapss?-|admpwd|managedpassword|secret/i;

/** Reads and checks an expression; throws an `ExpressionRefusedError` with line and column where it is wrong. */
export function compileExpression(
  text: string,
  dialect: Dialect = 'provisioning',
  known: Known = {},
): CompiledExpression {
  const compiler = new Compiler(text, dialect, known);
  const tree = parse(text);
  const { evaluate, kind } = compiler.compile(tree, true);
  const attributes = [...compiler.attributes.values()];
  const { uses, redacts, parameters } = compiler;
  return {
    text,
    dialect,
    attributes,
    uses,
    parameters,
    redacts,
    direct: tree.type === 'attribute',
    kind,
    evaluate(input) {
      const scope = new Scope(input);
      try {
        return outcomeOf(evaluate(scope), scope.redacted);
      } catch (error) {
        if (error instanceof FlowEnded) return outcomeOf(error.signal, false);
        const failedOn = (): FailedOn => ({
          expression: text.length > 200 ? `${text.slice(0, 200)}…` : text,
          place: placeAt(text, scope.at),
          inputs: showInputs(attributes, input, redacts),
        });
        if (error instanceof Mismatch) return { kind: 'error', error: new EvaluationError(error.message, failedOn()) };
        if (error instanceof Raised) return { kind: 'error', error: new RaisedError(error.message, failedOn()) };
        if (error instanceof LimitReached) {
          return { kind: 'error', error: new ExpressionLimitError(error.message, failedOn()) };
        }
        if (error instanceof Exhausted) {
          return { kind: 'error', error: new NoUniqueValueError(error.candidates, failedOn()) };
        }
        throw error;
      }
    },
  };
}

function outcomeOf(result: Result, redacted: boolean): Outcome {
  if (result === ignored) return { kind: 'ignored' };
  if (result === authoritativeNull) return { kind: 'authoritativeNull' };
  if (!isList(result)) return { kind: 'value', value: result, redacted };
  const values = result.filter((one) => one !== null);
  return { kind: 'value', value: values.length === 0 ? null : values, redacted };
}

function showInputs(attributes: readonly string[], input: ExpressionInput, masked: boolean): string {
  const shown = attributes
    .slice(0, 8)
    .map((name) => `[${name}] = ${masked || secret.test(name) ? '[Redact]' : show(input.attribute(name))}`);
  return shown.join(', ') + (attributes.length > 8 ? ', ...' : '');
}
