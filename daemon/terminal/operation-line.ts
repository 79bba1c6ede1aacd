import type { PlannedOperation } from '../../src/engine/index.ts';
import { showValue } from './show-value.ts';

/** An operation as a person reads it: what, whom, why, and each attribute on a line of its own. */
export function operationLine(operation: PlannedOperation): string {
  const { type, kind, displayName, dn, cause, state, changes, references, error } = operation;
  const others = references.map((one) => one.displayName).join(', ');
  const head = `  ${type} ${kind} ${displayName}${others === '' ? '' : ` <- ${others}`} (${cause}${state === 'planned' ? '' : `, ${state}`})${dn === null ? '' : `  ${dn}`}\n`;
  const lines = changes.map(({ attribute, before, after }) =>
    type === 'create'
      ? `      ${attribute}: ${showValue(after)}\n`
      : `      ${attribute}: ${showValue(before)} -> ${showValue(after)}\n`,
  );
  const why = error === null ? '' : `      ${error.code} ${error.message} ${error.remedy}\n`;
  return head + lines.join('') + why;
}
