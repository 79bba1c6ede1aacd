import { z } from 'zod';
import { dashboardLink } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { ReaderRefusedError } from '../errors.ts';
import { named } from '../named.ts';

export const createDashboardLink = endpoint({
  name: 'createDashboardLink',
  method: 'post',
  path: '/api/v1/dashboard/links',
  role: 'reader',
  summary: 'A link that opens the dashboard once, within a minute',
  body: named(
    'CreateDashboardLink',
    z.strictObject({
      role: z.enum(['reader', 'operator']).optional().describe('What the dashboard may; left out: what the token may'),
    }),
  ),
  answer: { status: 201, schema: dashboardLink },
  errors: [ReaderRefusedError],
  async handle({ context: { dashboard, logs }, body, asker, header }) {
    const { role = asker.role } = body;
    if (role === 'operator' && asker.role !== 'operator') throw new ReaderRefusedError();
    const { code, expiresAt } = dashboard.links.make({ role, actor: asker.actor });
    logs.of('api')('info', 'dashboardLinkMade', { role, actor: asker.actor });
    return {
      body: { url: `http://${header('host')}/dashboard/open/${code}`, expiresAt: expiresAt.toISOString() },
    };
  },
});
