import { CloudSyncError, type ErrorCode, type Retry } from '../../model/index.ts';
import type { Place } from './ast.ts';

/** Root of what can be wrong with an expression as written: found when it is compiled, before anything runs. */
export abstract class ExpressionRefusedError extends CloudSyncError {}

const at = ({ line, column }: Place): string => `at ${line}:${column}: `;
const meant = (near: string | undefined): string => (near === undefined ? '' : `; did you mean "${near}"?`);
const sentence = (text: string): string => (/[.?]$/.test(text) ? text : `${text}.`);

export class ExpressionSyntaxError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3001';
  static readonly title = 'expression cannot be read';
  static readonly retry: Retry = 'never';

  constructor(place: Place, reason: string) {
    super({ message: sentence(at(place) + reason), remedy: 'Correct the expression at that line and column.' });
  }
}

export class ExpressionTooLargeError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3002';
  static readonly title = 'expression is too large';
  static readonly retry: Retry = 'never';

  constructor(reason: string) {
    super({ message: `The expression is too large: ${reason}.`, remedy: 'Split it, or name its parts with With.' });
  }
}

export class UnknownFunctionError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3003';
  static readonly title = 'unknown function in an expression';
  static readonly retry: Retry = 'never';

  constructor(place: Place, name: string, near: string | undefined) {
    super({
      message: sentence(`${at(place)}there is no function "${name}"${meant(near)}`),
      remedy: 'Use one of the functions listed in docs/expressions.md.',
    });
  }
}

export class OtherDialectError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3004';
  static readonly title = 'function or operator of the other dialect';
  static readonly retry: Retry = 'never';

  constructor(place: Place, what: string, dialect: string, instead: string | undefined) {
    super({
      message: sentence(`${at(place)}${what} belongs to the dialect ${dialect}`),
      remedy: `Set dialect: ${dialect} for this mapping${instead === undefined ? '' : `, or use ${instead}`}.`,
    });
  }
}

export class WrongArgumentsError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3005';
  static readonly title = 'wrong arguments of a function';
  static readonly retry: Retry = 'never';

  constructor(place: Place, signature: string, reason: string) {
    super({ message: sentence(`${at(place)}${reason}`), remedy: `Write it as ${signature}.` });
  }
}

export class WrongTypeError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3006';
  static readonly title = 'value of the wrong type in an expression';
  static readonly retry: Retry = 'never';

  constructor(place: Place, reason: string, remedy: string) {
    super({ message: sentence(at(place) + reason), remedy });
  }
}

export class UnknownWordError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3007';
  static readonly title = 'unknown word in an expression';
  static readonly retry: Retry = 'never';

  constructor(place: Place, word: string, known: readonly string[], near: string | undefined) {
    super({
      message: sentence(`${at(place)}the word "${word}" means nothing here${meant(near)}`),
      remedy: `Put texts between quotes and attributes in square brackets; the words are ${known.join(', ')}.`,
    });
  }
}

export class UnknownAttributeError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3008';
  static readonly title = 'unknown attribute in an expression';
  static readonly retry: Retry = 'never';

  constructor(place: Place, attribute: string, near: string | undefined) {
    super({
      message: sentence(`${at(place)}Active Directory has no attribute "${attribute}"${meant(near)}`),
      remedy: 'Use the name the attribute has in the schema of the forest (lDAPDisplayName).',
      attribute,
    });
  }
}

export class UnknownVariableError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3009';
  static readonly title = 'unknown variable or parameter in an expression';
  static readonly retry: Retry = 'never';

  constructor(place: Place, name: string, known: readonly string[], near: string | undefined) {
    super({
      message: sentence(`${at(place)}there is no ${name}${meant(near)}`),
      remedy:
        known.length === 0 ? 'Variables are named by With, Select and Where alone.' : `Use one of ${known.join(', ')}.`,
    });
  }
}

export class PatternRefusedError extends ExpressionRefusedError {
  static readonly code: ErrorCode = 'CS3010';
  static readonly title = 'regular expression that cannot be used';
  static readonly retry: Retry = 'never';

  constructor(place: Place, pattern: string, reason: string) {
    super({
      message: sentence(`${at(place)}the regular expression ${pattern} cannot be used: ${reason}`),
      remedy: 'Write it without look-around and back-references: patterns are matched in linear time.',
    });
  }
}

/** Root of what an expression can come to on one object: that object is held, the others go on. */
export abstract class ExpressionFailedError extends CloudSyncError {}

export interface FailedOn {
  readonly expression: string;
  readonly place: Place;
  /** The attributes the expression looks at, secrets masked. */
  readonly inputs: string;
}

const onInputs = ({ expression, place, inputs }: FailedOn): string =>
  ` In ${expression} ${at(place).slice(0, -2)}${inputs === '' ? '' : `, with ${inputs}`}.`;

/** A function was given on this object what it cannot take. */
export class EvaluationError extends ExpressionFailedError {
  static readonly code: ErrorCode = 'CS3011';
  static readonly title = 'expression fails on an object';
  static readonly retry: Retry = 'later';

  constructor(reason: string, on: FailedOn) {
    super({
      message: sentence(reason) + onInputs(on),
      remedy: 'Correct the value in Active Directory, or let the expression provide for it.',
    });
  }
}

/** The expression itself called `Error` with this message. */
export class RaisedError extends ExpressionFailedError {
  static readonly code: ErrorCode = 'CS3012';
  static readonly title = 'expression refuses an object';
  static readonly retry: Retry = 'later';
  readonly raised: string;

  constructor(raised: string, on: FailedOn) {
    super({
      message: sentence(raised) + onInputs(on),
      remedy: 'The mapping calls Error for this object: correct its values in Active Directory.',
    });
    this.raised = raised;
  }
}

/** Every candidate of SelectUniqueValue is taken. */
export class NoUniqueValueError extends ExpressionFailedError {
  static readonly code: ErrorCode = 'CS3013';
  static readonly title = 'no unique value left';
  static readonly retry: Retry = 'later';

  constructor(candidates: readonly string[], on: FailedOn) {
    super({
      message: `Every candidate is taken: ${candidates.join(', ')}.${onInputs(on)}`,
      remedy: 'Add a further candidate to SelectUniqueValue.',
    });
  }
}

export class ExpressionLimitError extends ExpressionFailedError {
  static readonly code: ErrorCode = 'CS3014';
  static readonly title = 'expression needs too much on an object';
  static readonly retry: Retry = 'later';

  constructor(reason: string, on: FailedOn) {
    super({
      message: sentence(`The expression was stopped: ${reason}`) + onInputs(on),
      remedy: 'Make the expression or the values smaller.',
    });
  }
}
