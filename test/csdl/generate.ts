import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsdl } from './parse-csdl.ts';

/**
 * `node test/csdl/generate.ts CSDL.xml`: makes csdl.json, the facts that tests check every exchange against, from a CSDL
 * document of Microsoft Graph v1.0.
 */
export const wantedTypes = [
  'entity',
  'directoryObject',
  'user',
  'group',
  'orgContact',
  'device',
  'organization',
  'domain',
  'domainDnsRecord',
  'domainDnsTxtRecord',
  'domainDnsMxRecord',
  'extensionProperty',
  'application',
  'servicePrincipal',
  'administrativeUnit',
  'directory',
  'onPremisesDirectorySynchronization',
  'onPremisesSyncBehavior',
  'subscribedSku',
  'synchronization',
  'synchronizationJob',
  'synchronizationTemplate',
  'synchronizationSchema',
  'directoryDefinition',
  'bulkUpload',
  'auditLogRoot',
  'provisioningObjectSummary',
] as const;

if (import.meta.main) {
  const [, , source] = process.argv;
  if (source === undefined) throw new Error('usage: node test/csdl/generate.ts CSDL.xml');
  const facts = parseCsdl(readFileSync(source, 'utf8'), wantedTypes);
  writeFileSync(join(import.meta.dirname, 'csdl.json'), `${JSON.stringify(facts, null, 2)}\n`);
}
