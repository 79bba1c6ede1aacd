import type { IncomingMessage } from 'node:http';
import { proofOf } from '../dashboard/browser.ts';
import { type Dashboard, sessionRoutes } from '../dashboard/dashboard.ts';
import type { Asker, Endpoint } from './endpoint.ts';
import { ReaderRefusedError, SessionEndedError, SessionRefusedError, TokenRefusedError } from './errors.ts';
import { isFromBrowser } from './guard.ts';
import type { Tokens } from './tokens.ts';

/** Programs come with a token, the dashboard with its session; neither is taken for the other. */
export class WhoAsks {
  readonly #dashboard: Dashboard;
  readonly #tokens: Tokens;

  constructor(dashboard: Dashboard, tokens: Tokens) {
    this.#dashboard = dashboard;
    this.#tokens = tokens;
  }

  /** Who asks, when they may; throws when not. */
  may({ name, role }: Pick<Endpoint, 'name' | 'role'>, request: IncomingMessage): Asker {
    if (role === 'anyone') return { role: 'reader', actor: 'anyone', session: undefined };
    const asker = this.#of(request);
    if (asker.session !== undefined && !sessionRoutes.has(name)) throw new SessionRefusedError();
    if (role === 'operator' && asker.role !== 'operator') throw new ReaderRefusedError();
    return asker;
  }

  /** Throws for whoever may not even look. */
  mayRead(request: IncomingMessage): void {
    this.#of(request);
  }

  #of({ headers }: IncomingMessage): Asker {
    if (isFromBrowser(headers)) {
      const proof = proofOf(headers);
      const session = proof === undefined ? undefined : this.#dashboard.sessions.find(proof);
      if (session === undefined) throw new SessionEndedError();
      return { role: session.role, actor: session.actor, session };
    }
    const [, token] = headers.authorization?.match(/^Bearer ([\w-]{1,200})$/i) ?? [];
    const role = token === undefined ? undefined : this.#tokens.roleOf(token);
    if (role === undefined) throw new TokenRefusedError();
    return { role, actor: actorOf(headers), session: undefined };
  }
}

/** The name a client gives its user; it is shown, never trusted. */
function actorOf(headers: IncomingMessage['headers']): string {
  const given = headers['cloudsync-actor'];
  return typeof given === 'string' && /^[\x20-\x7e]{1,200}$/.test(given) ? given : 'operator';
}
