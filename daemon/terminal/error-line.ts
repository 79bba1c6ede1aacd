import type { ErrorReport } from '../../src/model/index.ts';

/** One line: the code, what went wrong, what to do. */
export function errorLine({ code, message, remedy }: ErrorReport): string {
  return `cloudsync: ${code} ${message} ${remedy}\n`;
}
