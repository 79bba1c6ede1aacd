import { CloudSyncError, type ErrorCode, type Retry } from '../model/index.ts';

export class UnknownTargetAttributeError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS3021';
  static readonly title = 'mapping to an unknown attribute';
  static readonly retry: Retry = 'never';

  constructor(kind: string, attribute: string, near: string | undefined) {
    super({
      message: `mappings.${kind}.${attribute}: the tenant has no such attribute${near === undefined ? '.' : `; did you mean "${near}"?`}`,
      remedy: 'Use the name the attribute has in the default mappings, as listed in the README.',
      attribute,
    });
  }
}

export class UnwritableAttributeError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS3022';
  static readonly title = 'mapping to an attribute the target cannot write';
  static readonly retry: Retry = 'never';

  constructor(kind: string, attribute: string, reason: string) {
    super({
      message: `mappings.${kind}.${attribute}: ${reason}.`,
      remedy: 'Remove the mapping, or use the target that can write it.',
      attribute,
    });
  }
}

export class MappingRefusedError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS3023';
  static readonly title = 'mapping cannot be understood';
  static readonly retry: Retry = 'never';

  constructor(place: string, cause: CloudSyncError) {
    super({ message: `${place}: ${cause.message}`, remedy: cause.remedy, attribute: place, cause });
  }
}

export class ImpureMappingError extends CloudSyncError {
  static readonly code: ErrorCode = 'CS3024';
  static readonly title = 'mapping whose outcome would change by itself';
  static readonly retry: Retry = 'never';

  constructor(what: string) {
    super({
      message: `It uses ${what}: the same object would be mapped differently each time, and each cycle would write.`,
      remedy: 'Leave that function out.',
    });
  }
}
