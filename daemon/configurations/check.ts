import { type Configuration, checkConfiguration } from '../../src/config/index.ts';
import { profileOf, supportOf } from '../../src/engine/index.ts';
import { CloudSyncError } from '../../src/model/index.ts';
import { compileRules } from '../../src/rules/index.ts';

/** Everything wrong with a configuration's text: the document itself, then what it asks of rules and target. */
export function configurationErrors(file: string, text: string): readonly CloudSyncError[] {
  const { document, errors } = checkConfiguration(file, text);
  return document === undefined ? errors : ruleErrors(document);
}

function ruleErrors(document: Configuration): readonly CloudSyncError[] {
  try {
    compileRules(document, supportOf(profileOf(document)));
    return [];
  } catch (error) {
    if (error instanceof CloudSyncError) return [error];
    throw error;
  }
}
