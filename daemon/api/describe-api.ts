import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';
import { routes } from './routes/index.ts';

let document: Record<string, unknown> | undefined;

export const describeApi = endpoint({
  name: 'describeApi',
  method: 'get',
  path: '/api/v1/openapi.json',
  role: 'reader',
  summary: 'This document',
  answer: { schema: z.record(z.string(), z.unknown()) },
  async handle() {
    document ??= openApiDocument([...routes, describeApi]);
    return { body: document };
  },
});
