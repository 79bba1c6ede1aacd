import { readFileSync } from 'node:fs';
import { connectorName } from '../../src/model/index.ts';
import {
  type ActiveDirectoryOptions,
  openActiveDirectory,
  type ReadRequest,
  type Source,
} from '../../src/source/index.ts';
import type { Forest } from './index.ts';

/** Attributes of each form: text, several values, bytes, integers, time, references. */
export const someAttributes: readonly string[] = [
  'sAMAccountName',
  'userPrincipalName',
  'displayName',
  'description',
  'department',
  'proxyAddresses',
  'otherTelephone',
  'thumbnailPhoto',
  'mS-DS-ConsistencyGuid',
  'userAccountControl',
  'whenCreated',
  'groupType',
  'isCriticalSystemObject',
  'distinguishedName',
  'member',
  'manager',
];

export function request(more: Partial<ReadRequest> = {}): ReadRequest {
  return { signal: new AbortController().signal, attributes: someAttributes, ...more };
}

/** Reads the forest as a configuration that names all that is needed would. */
export function optionsFor(forest: Forest, more: Partial<ActiveDirectoryOptions> = {}): ActiveDirectoryOptions {
  return {
    connector: connectorName('test', forest.domain),
    domain: forest.domain,
    servers: async () => [forest.ldapsUrl],
    user: forest.adminUser,
    password: () => forest.adminPassword,
    tls: { ca: readFileSync(forest.caFile, 'utf8') },
    clearText: false,
    now: () => new Date(),
    retryDelays: [20, 20],
    ...more,
  };
}

export function openForest(forest: Forest, more: Partial<ActiveDirectoryOptions> = {}): Source {
  return openActiveDirectory(optionsFor(forest, more));
}
