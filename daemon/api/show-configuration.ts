import type { z } from 'zod';
import { checkConfiguration } from '../../src/config/index.ts';
import type { AppliedConfiguration } from '../configurations/history.ts';
import type { configurationVersion } from './daemon-shapes.ts';
import type { Answer, Shown } from './endpoint.ts';

/** A version with its ETag. */
export function showConfiguration(applied: AppliedConfiguration): Answer<Shown<z.output<typeof configurationVersion>>> {
  const document = checkConfiguration(applied.file, applied.text).document ?? null;
  return { body: { ...applied, document }, headers: { ETag: `"${applied.digest}"` } };
}
