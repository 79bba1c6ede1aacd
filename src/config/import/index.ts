/** Documents of ours from the configurations of Entra Connect and Cloud Sync, with a report of what became of what. */
import { exportOfJson, exportOfXml } from './connect-export.ts';
import { caseless } from './connect-rule.ts';
import { UnknownExportError } from './errors.ts';
import { fromCloudSync } from './from-cloud-sync.ts';
import { fromConnect } from './from-connect.ts';
import type { ImportedConfiguration } from './report.ts';
import { type Element, readXml, XmlProblem } from './xml.ts';

export { UnknownExportError } from './errors.ts';
export type { ImportedConfiguration, ImportedItem } from './report.ts';

export interface ImportedFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Takes the settings file of Connect's wizard (JSON), the XML files of a Connect server's export together, or a Cloud
 * Sync job's schema (JSON). Throws `UnknownExportError` for anything else.
 */
export function importConfiguration(files: readonly ImportedFile[]): ImportedConfiguration {
  const [first, ...others] = files;
  if (first === undefined) throw new UnknownExportError('nothing', 'no file is given');
  if (files.every(({ text }) => /^\uFEFF?\s*</.test(text))) {
    const exported = exportOfXml(files.map(xmlOf));
    if (exported.forests.length === 0)
      throw new UnknownExportError(first.name, 'no connector to Active Directory is among the files');
    return fromConnect(exported);
  }
  if (others.length > 0) throw new UnknownExportError(first.name, 'a JSON export is one file');
  const value = jsonOf(first);
  const key = caseless(value);
  if (Array.isArray(key('synchronizationRules'))) return fromCloudSync(value);
  if (key('onpremisesDirectoryPolicy') !== undefined) return fromConnect(exportOfJson(value));
  throw new UnknownExportError(first.name, 'it is neither a settings file of Entra Connect nor a schema of Cloud Sync');
}

function xmlOf({ name, text }: ImportedFile): Element {
  try {
    return readXml(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof XmlProblem) throw new UnknownExportError(name, error.message);
    throw error;
  }
}

function jsonOf({ name, text }: ImportedFile): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UnknownExportError(name, error instanceof Error ? error.message : String(error));
  }
}
