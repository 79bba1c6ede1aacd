import { checkConfiguration, checkReferences, checkRules, type SecretPlaces } from '../../src/config/index.ts';
import { profileOf, supportOf } from '../../src/engine/index.ts';
import type { CloudSyncError } from '../../src/model/index.ts';

/** Everything wrong with a configuration's text: the document itself, then what it asks of rules and target. */
export function configurationErrors(file: string, text: string): readonly CloudSyncError[] {
  const { document, errors } = checkConfiguration(file, text);
  return document === undefined ? errors : checkRules(file, text, document, supportOf(profileOf(document)));
}

/** And what of all it names is not there: files, taken from `folder`, and secrets. Nothing is asked of any directory or tenant. */
export function configurationErrorsHere(
  file: string,
  text: string,
  folder: string,
  secrets: SecretPlaces,
): readonly CloudSyncError[] {
  const wrong = configurationErrors(file, text);
  const { document } = checkConfiguration(file, text);
  return document === undefined ? wrong : [...wrong, ...checkReferences({ file, text, document, folder }, secrets)];
}
