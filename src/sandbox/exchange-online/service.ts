import { z } from 'zod';
import type { DirectoryObject } from '../directory/index.ts';
import { type HttpAnswer, type HttpRequest, header, jsonAnswer } from '../http.ts';
import type { Applications, Tokens } from '../sign-in/index.ts';
import { cmdlets } from './cmdlets.ts';
import type { CmdletOutput, ExchangeContext } from './context.ts';
import { Parameters } from './parameters.ts';
import { CmdletRefusal } from './refusals.ts';

export interface ExchangeServiceContext extends ExchangeContext {
  readonly tokens: Tokens;
  readonly applications: Applications;
  /** Is a token's audience this service? */
  isExchange(audience: string): boolean;
}

/** The application role that lets a program run cmdlets; a directory role or a role group says which. */
export const manageRole = 'Exchange.ManageAsApp';
const administrators = ['Exchange Recipient Administrator', 'Exchange Administrator', 'Global Administrator'];

const input = z.object({
  CmdletInput: z.object({
    CmdletName: z.string(),
    Parameters: z.record(z.string(), z.unknown()).default({}),
  }),
});

const gateway = /^\/adminapi\/beta\/([^/]+)\/InvokeCommand$/i;

/** The transport of the Exchange Online module: one end point that runs cmdlets. `undefined` for any other path. */
export function exchangeService(context: ExchangeServiceContext): (request: HttpRequest) => HttpAnswer | undefined {
  function holdsRole(principal: DirectoryObject): boolean {
    return context.directory.links
      .allHolders('members', principal.number, 0, 100)
      .some(
        ({ kind, properties }) =>
          kind === 'directoryRole' && administrators.includes(String(properties['displayName'])),
      );
  }

  return (request) => {
    const [, tenant] = gateway.exec(request.path) ?? [];
    if (tenant === undefined || request.method !== 'POST') return undefined;
    const [, token = ''] = /^bearer\s+(\S+)$/i.exec(header(request.headers, 'authorization') ?? '') ?? [];
    const checked = context.tokens.check(token);
    if ('problem' in checked || !context.isExchange(checked.caller.audience) || tenant !== context.tenantId) {
      return jsonAnswer(401, { error: { code: 'Unauthorized', message: 'Unauthorized' } });
    }
    const { caller } = checked;
    const principal = context.applications.servicePrincipal(caller.appId);
    const parsed = input.safeParse(parseJson(request.body));
    if (!parsed.success) return jsonAnswer(400, { error: { code: 'BadRequest', message: 'Invalid Operation' } });
    const { CmdletName, Parameters: given } = parsed.data.CmdletInput;
    const cmdlet = cmdlets.get(CmdletName.toLowerCase());
    const allowed = caller.roles.has(manageRole) && principal !== undefined && holdsRole(principal);
    // The gateway says no more than that, of an unknown cmdlet and of a forbidden one.
    if (cmdlet === undefined || !allowed) return { status: 403, headers: {}, body: '' };
    try {
      return answer(request, cmdlet.run(context, new Parameters(given, cmdlet.parameters)));
    } catch (error) {
      if (error instanceof CmdletRefusal) return error.answer();
      throw error;
    }
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pages are asked for by repeating the POST to the next link. */
function answer(request: HttpRequest, output: readonly CmdletOutput[]): HttpAnswer {
  const [, size = '1000'] = /odata\.maxpagesize=(\d+)/i.exec(header(request.headers, 'prefer') ?? '') ?? [];
  const query = new URLSearchParams(request.query);
  const from = Number(query.get('$skiptoken') ?? 0);
  const page = output.slice(from, from + Number(size));
  const more = from + page.length < output.length;
  return jsonAnswer(200, {
    '@odata.context': `${request.origin}/adminapi/beta/$metadata#Collection(Exchange.GenericHashTable)`,
    '@adminapi.warnings': [],
    ...(more ? { '@odata.nextLink': `${request.origin}${request.path}?$skiptoken=${from + page.length}` } : {}),
    value: page,
  });
}
