import type { PlannedOperation } from '../../src/engine/index.ts';
import { showValue } from './show-value.ts';

/** An operation as a person reads it, after its number where one is to be named: what, whom, why, and each attribute on a line of its own. */
export function operationLine(operation: PlannedOperation, number = ''): string {
  const { type, kind, displayName, dn, cause, state, heldBy, changes, references, error } = operation;
  const others = references.map((one) => one.displayName).join(', ');
  const how = state === 'planned' ? '' : `, ${state}${heldBy === null ? '' : ` by ${heldBy}`}`;
  const head = `  ${number}${type} ${kind} ${displayName}${others === '' ? '' : ` <- ${others}`} (${cause}${how})${dn === null ? '' : `  ${dn}`}\n`;
  const lines = changes.map(({ attribute, before, after }) =>
    type === 'create'
      ? `      ${attribute}: ${showValue(after)}\n`
      : `      ${attribute}: ${showValue(before)} -> ${showValue(after)}\n`,
  );
  const why = error === null ? '' : `      ${error.code} ${error.message} ${error.remedy}\n`;
  return head + lines.join('') + why;
}
