import { configurationVersionPage } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../paging.ts';

export const listConfigurationVersions = endpoint({
  name: 'listConfigurationVersions',
  method: 'get',
  path: '/api/v1/configuration/versions',
  role: 'reader',
  summary: 'Every configuration that was in force, newest first',
  query: paging,
  answer: { schema: configurationVersionPage },
  async handle({ context: { configurations }, query: { cursor, limit } }) {
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
    const versions = configurations.history
      .list()
      .filter((version) => version < before)
      .slice(0, limit);
    const items = versions.flatMap((version) => {
      const { text: _, ...facts } = configurations.history.get(version) ?? {};
      return 'version' in facts ? [facts] : [];
    });
    return { body: { items, next: versions.length < limit ? null : String(versions.at(-1)) } };
  },
});
