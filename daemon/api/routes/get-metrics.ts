import { textEndpoint } from '../endpoint.ts';

export const getMetrics = textEndpoint({
  name: 'getMetrics',
  method: 'get',
  path: '/metrics',
  role: 'reader',
  summary: 'For Prometheus',
  async handle({ context }) {
    return { body: await context.metrics.text(), headers: { 'Content-Type': context.metrics.contentType } };
  },
});
