import type { Explanation, ObjectInfo } from '../../src/engine/index.ts';
import type { ErrorReport } from '../../src/model/index.ts';
import { showValue } from './show-value.ts';

/** The way of one object from the directory to the tenant, as a person reads it. */
export function explanationText({ object, match, next, history }: Explanation): string {
  const { kind, displayName, state, reason, error, anchor, tenantId } = object;
  const lines = [
    `${kind} ${displayName}: ${state}${reason === null ? '' : `. ${reason.text} (${reason.code})`}`,
    ...(error === null ? [] : [`  ${told(error)}`]),
    ...sources(object),
    ...(anchor === null ? [] : ['', `Anchor ${anchor}`]),
    ...(match === null || match.by === 'known' ? [] : [`Matched by ${match.by} with ${match.tenantId}`]),
    ...(match !== null && match.by !== 'known' ? [] : knownAs(match?.tenantId ?? tenantId)),
    ...values(object),
    ...(next === null ? [] : coming(next)),
    ...(history.length === 0 ? [] : ['', 'Done so far, newest first']),
    ...history.map(
      ({ at, action, status, actor, cycle, detail }) =>
        `  ${at} ${action} ${status}, by ${actor}${cycle === null ? '' : `, cycle ${cycle}`}${answered(detail)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function knownAs(tenantId: string | null): readonly string[] {
  return tenantId === null ? [] : [`Tenant id ${tenantId}`];
}

/** Who let it go, by which request it was done, and what the tenant answered to one that failed. */
function answered({ approvedBy, requestId, error }: Explanation['history'][number]['detail']): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? `: ${String(error.message)}` : '';
  return `${approvedBy === undefined ? '' : `, approved by ${String(approvedBy)}`}${requestId === undefined ? '' : `, request ${String(requestId)}`}${message}`;
}

function told({ code, message, remedy }: ErrorReport): string {
  return `${code} ${message} ${remedy}`;
}

function sources({ sources }: ObjectInfo): readonly string[] {
  return sources.flatMap(({ connector, server, dn, guid, readAt, usn, inScope, reason }) => [
    '',
    `Read from ${connector}${server === null ? '' : `, last from ${server}`}`,
    `  ${dn}`,
    `  objectGUID ${guid}, read ${readAt}${usn === null ? '' : `, uSNChanged ${usn}`}`,
    `  ${inScope ? 'in scope' : 'out of scope'}: ${reason.text} (${reason.code})`,
  ]);
}

/** What should be there and where each value comes from; what is there, where that differs. */
function values({ desired, tenant }: ObjectInfo): readonly string[] {
  const names = Object.keys(desired);
  if (names.length === 0) return [];
  const width = Math.max(...names.map((name) => name.length));
  return [
    '',
    'Should be in the tenant',
    ...Object.entries(desired).map(([name, { value, mapping }]) => {
      const known = tenant === null || JSON.stringify(tenant[name] ?? null) === JSON.stringify(value ?? null);
      return `  ${name.padEnd(width)}  ${showValue(value)}  <- ${mapping}${known ? '' : `  (is ${showValue(tenant[name])})`}`;
    }),
  ];
}

function coming({ outcome, error, retryAt, operations }: NonNullable<Explanation['next']>): readonly string[] {
  return [
    '',
    `The next cycle: ${outcome}${retryAt === null ? '' : `, again at ${retryAt}`}`,
    ...(error === null ? [] : [`  ${told(error)}`]),
    ...operations.flatMap(({ type, changes, references, heldBy }) => [
      `  ${[type, ...references.map(({ displayName }) => displayName)].join(' ')}${heldBy === null ? '' : `, held by ${heldBy}`}`,
      ...changes.map(({ attribute, before, after }) => `    ${attribute}: ${showValue(before)} -> ${showValue(after)}`),
    ]),
  ];
}
