import { z } from 'zod';
import { InvalidSettingError } from '../../../src/config/index.ts';
import { diffDocuments } from '../../configurations/diff.ts';
import { documentOf } from '../../configurations/history.ts';
import { configurationDifferences } from '../daemon-shapes.ts';
import { endpoint } from '../endpoint.ts';
import { ConfigurationVersionError } from '../errors.ts';
import { configurationPath, versionOf } from './configuration-path.ts';

export const compareConfiguration = endpoint({
  name: 'compareConfiguration',
  method: 'get',
  path: '/api/v1/configuration/versions/{version}/differences',
  role: 'reader',
  summary: 'What differs between a version and another one, or the one in force',
  params: configurationPath,
  query: z.strictObject({ with: configurationPath.shape.version.optional().describe('Left out: the one in force') }),
  answer: { schema: configurationDifferences },
  errors: [ConfigurationVersionError, InvalidSettingError],
  async handle({ context, params, query }) {
    const before = documentOf(versionOf(context, params.version));
    const after = documentOf(
      query.with === undefined ? context.configurations.applied : versionOf(context, query.with),
    );
    return { body: { differences: diffDocuments(before, after) } };
  },
});
