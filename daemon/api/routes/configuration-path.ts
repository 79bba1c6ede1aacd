import { z } from 'zod';
import type { AppliedConfiguration } from '../../configurations/history.ts';
import type { ApiContext } from '../endpoint.ts';
import { ConfigurationVersionError } from '../errors.ts';

/** The path of everything below one version of the configuration. */
export const configurationPath = z.strictObject({
  version: z.coerce.number().int().min(1).max(999_999).describe('Its number'),
});

export function versionOf({ configurations }: ApiContext, version: number): AppliedConfiguration {
  const found = configurations.history.get(version);
  if (found === undefined) throw new ConfigurationVersionError(version);
  return found;
}
