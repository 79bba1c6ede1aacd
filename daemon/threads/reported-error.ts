import { CloudSyncError, type ErrorCode, type ErrorReport, type Retry } from '../../src/model/index.ts';

/** An error of another thread, as it was reported: its class stayed there, its code came along. */
export class ReportedError extends CloudSyncError {
  readonly #report: ErrorReport;

  constructor(report: ErrorReport, stack?: string) {
    super(report);
    this.#report = report;
    if (stack !== undefined) this.stack = stack;
  }

  override get code(): ErrorCode {
    return this.#report.code;
  }

  override get retry(): Retry {
    return this.#report.retry;
  }

  override report(): ErrorReport {
    return this.#report;
  }
}
