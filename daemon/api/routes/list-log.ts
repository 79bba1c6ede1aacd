import { logPage } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';
import { lineFilter } from './line-filter.ts';

export const listLog = endpoint({
  name: 'listLog',
  method: 'get',
  path: '/api/v1/log',
  role: 'reader',
  summary: 'The latest lines of the log, newest first; older ones are in the files',
  query: paging.extend(lineFilter.shape),
  answer: { schema: logPage },
  async handle({ context, query: { cursor, limit, ...filter } }) {
    const items = context.logs.recent(filter, cursor === undefined ? undefined : Number(cursor), limit);
    return { body: { items, next: items.length < limit ? null : String(items.at(-1)?.seq) } };
  },
});
