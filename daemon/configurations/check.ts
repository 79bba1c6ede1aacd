import { checkConfiguration, checkRules } from '../../src/config/index.ts';
import { profileOf, supportOf } from '../../src/engine/index.ts';
import type { CloudSyncError } from '../../src/model/index.ts';

/** Everything wrong with a configuration's text: the document itself, then what it asks of rules and target. */
export function configurationErrors(file: string, text: string): readonly CloudSyncError[] {
  const { document, errors } = checkConfiguration(file, text);
  return document === undefined ? errors : checkRules(file, text, document, supportOf(profileOf(document)));
}
