import { hostname } from 'node:os';
import { version } from '../../version.ts';
import { agentPage } from '../agent-shapes.ts';
import { endpoint } from '../endpoint.ts';

export const listAgents = endpoint({
  name: 'listAgents',
  method: 'get',
  path: '/api/v1/agents',
  role: 'reader',
  summary: 'Who reads the directories: where it runs, the domains it serves, and the domain controllers it speaks to',
  answer: { schema: agentPage },
  async handle({ context: { engine, contacts, startedAt, now } }) {
    const [{ connectors }, known] = await Promise.all([engine.status(), contacts.get()]);
    const controllersOf = (name: string) =>
      known.connectors.find(({ connector }) => connector === name)?.controllers ?? [];
    const builtIn = {
      name: 'built-in',
      builtIn: true,
      state: 'online' as const,
      host: hostname(),
      platform: `${process.platform}-${process.arch}`,
      version,
      since: startedAt.toISOString(),
      lastContactAt: now().toISOString(),
      domains: connectors.map((connector) => ({ ...connector, controllers: controllersOf(connector.name) })),
    };
    return { body: { items: [builtIn], next: null } };
  },
});
