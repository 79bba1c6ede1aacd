import type { z } from 'zod';
import { type AppliedConfiguration, documentOf } from '../configurations/history.ts';
import type { Answer, Shown } from './endpoint.ts';
import { IfMatchMissingError } from './errors.ts';
import type { configurationVersion } from './shapes.ts';

/** A version with its ETag. */
export function showConfiguration(applied: AppliedConfiguration): Answer<Shown<z.output<typeof configurationVersion>>> {
  return { body: { ...applied, document: documentOf(applied) }, headers: { ETag: `"${applied.digest}"` } };
}

/** The digest an If-Match header names. */
export function digestOfIfMatch(header: string | undefined): string {
  if (header === undefined) throw new IfMatchMissingError();
  return header.match(/^"([^"]*)"$/)?.[1] ?? header;
}
