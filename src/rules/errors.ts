import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

/** Root of what can be wrong with a configuration's rules: nothing runs with half of them. `attribute` is the place. */
export abstract class RulesError extends CloudSyncError {}

export class UnknownTargetAttributeError extends RulesError {
  static readonly code: ErrorCode = 'CS3021';
  static readonly title = 'mapping to an unknown attribute';
  static readonly retry: Retry = 'never';

  constructor(kind: string, attribute: string, near: string | undefined) {
    super({
      message: `mappings.${kind}.${attribute}: the tenant has no such attribute${near === undefined ? '.' : `; did you mean "${near}"?`}`,
      remedy: 'Use the name the attribute has in docs/mappings.md.',
      attribute: `mappings.${kind}.${attribute}`,
    });
  }
}

export class UnwritableAttributeError extends RulesError {
  static readonly code: ErrorCode = 'CS3022';
  static readonly title = 'mapping to an attribute the target cannot write';
  static readonly retry: Retry = 'never';

  constructor(kind: string, attribute: string, reason: string) {
    super({
      message: `mappings.${kind}.${attribute}: ${reason}.`,
      remedy: 'Remove the mapping, or use the target that can write it.',
      attribute: `mappings.${kind}.${attribute}`,
    });
  }
}

/** An expression that is wrong in itself. */
export class MappingRefusedError extends RulesError {
  static readonly code: ErrorCode = 'CS3023';
  static readonly title = 'mapping or filter cannot be understood';
  static readonly retry: Retry = 'never';

  constructor(place: string, cause: CloudSyncError) {
    super({ message: `${place}: ${cause.message}`, remedy: cause.remedy, attribute: place, cause });
  }
}

/** The same object would be mapped differently each time, and every cycle would write. */
export class ImpureMappingError extends RulesError {
  static readonly code: ErrorCode = 'CS3024';
  static readonly title = 'mapping whose outcome would change by itself';
  static readonly retry: Retry = 'never';

  constructor(what: 'clock' | 'randomness' | 'uniqueness') {
    const used = { clock: 'the clock', randomness: 'chance', uniqueness: 'what the tenant holds already' }[what];
    super({
      message: `It depends on ${used}: the same object would be mapped differently each time, and each cycle would write.`,
      remedy: 'Leave that function out; mappings and filters see the object alone.',
    });
  }
}

/** References are kept as links to other objects, not as texts. */
export class ReferenceInExpressionError extends RulesError {
  static readonly code: ErrorCode = 'CS3025';
  static readonly title = 'reference in an expression';
  static readonly retry: Retry = 'never';

  constructor(attribute: string) {
    super({
      message: `[${attribute}] names another object, and such attributes flow as references alone.`,
      remedy: `Map a reference (manager, member) as { attribute: ${attribute} }, or leave it out of the expression.`,
    });
  }
}

/** Settings of the rules that contradict one another, or name what is not there. */
export class RuleSettingError extends RulesError {
  static readonly code: ErrorCode = 'CS3026';
  static readonly title = 'rules that contradict themselves';
  static readonly retry: Retry = 'never';

  constructor(place: string, reason: string, remedy: string) {
    super({ message: `${place}: ${reason}.`, remedy, attribute: place });
  }
}

/** What a filter gives for an object is neither True nor False. */
export class FilterOutcomeError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS3027';
  static readonly title = 'filter that gives no condition';
  static readonly retry: Retry = 'later';

  constructor(filter: string, reason: string, object: string) {
    super({
      message: `The filter ${filter} decides nothing on ${object}: ${reason}.`,
      remedy: 'Write the filter as a comparison, so that it gives True or False for every object.',
      object,
    });
  }
}
