import { z } from 'zod';
import { levels } from '../../../src/model/index.ts';
import { logPage } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';

export const listLog = endpoint({
  name: 'listLog',
  method: 'get',
  path: '/api/v1/log',
  role: 'reader',
  summary: 'The latest lines of the log, newest first; older ones are in the files',
  query: paging.extend({ level: z.enum(levels).default('info').describe('This and what is worse') }),
  answer: { schema: logPage },
  async handle({ context, query: { level, cursor, limit } }) {
    const items = context.logs.recent(level, cursor === undefined ? undefined : Number(cursor), limit);
    return { body: { items, next: items.length < limit ? null : String(items.at(-1)?.seq) } };
  },
});
