import { BadAnswerError } from '../errors.ts';
import type { TenantFacts } from '../target.ts';
import type { GraphContext } from './context.ts';
import { pageOf, requireGood } from './find.ts';
import { records, text } from './json.ts';
import { query } from './odata.ts';
import { read } from './reader.ts';

/** More than this between the two clocks, and signed requests begin to be refused. */
const clockTolerance = 5 * 60_000;

/** Signs in and asks the tenant who it is. */
export async function checkTenant(context: GraphContext, signal: AbortSignal): Promise<TenantFacts> {
  await context.signIn.token(false);
  const path = `/organization${query({ $select: 'id,displayName,verifiedDomains' })}`;
  const organization = await read(context, { method: 'GET', path }, signal, (answer) => {
    requireGood(answer, path);
    const apart = Date.parse(answer.header('date') ?? '') - context.now().getTime();
    if (Math.abs(apart) > clockTolerance)
      context.log('warn', 'clockApart', { tenant: context.tenant, seconds: Math.round(apart / 1000) });
    const [found] = pageOf(answer).value;
    if (found === undefined) throw new BadAnswerError(path, 'it names no organization');
    return found;
  });
  const tenantId = text(organization['id']);
  if (tenantId === undefined) throw new BadAnswerError(path, 'the organization has no id');
  return {
    tenantId: tenantId.toLowerCase(),
    displayName: text(organization['displayName']) ?? tenantId,
    verifiedDomains: records(organization['verifiedDomains']).flatMap((domain) => text(domain['name']) ?? []),
  };
}
