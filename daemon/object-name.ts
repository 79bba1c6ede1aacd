import type { ObjectQuery } from '../src/engine/index.ts';
import { parseObjectGuid, parseSourceAnchor, toDn } from '../src/model/index.ts';

/** What a name can mean by its form, likeliest first. A GUID can be the tenant's id or the directory's. */
export function objectQueries(name: string): readonly ObjectQuery[] {
  if (parseSourceAnchor(name) !== undefined) return [{ by: 'anchor', value: name }];
  const guid = parseObjectGuid(name);
  if (guid !== undefined) {
    return [
      { by: 'tenantId', value: guid },
      { by: 'objectGuid', value: guid },
    ];
  }
  if (name.includes('=') && toDn(name) !== undefined) return [{ by: 'dn', value: name }];
  return [
    { by: 'userPrincipalName', value: name },
    { by: 'mail', value: name },
  ];
}
