import { extensionNames } from './extension.ts';
import type { GraphOptions } from './graph/options.ts';
import { graphProfile } from './graph/profile.ts';
import { syncApiProfile } from './sync-api/index.ts';
import type { TargetProfile } from './target.ts';

/** What a target can be told. Pure data: no request is made. */
export function targetProfile(name: TargetProfile['name'], options: GraphOptions = {}): TargetProfile {
  switch (name) {
    case 'graph':
      return graphProfile(options);
    case 'syncApi':
      return syncApiProfile({ ...options, directoryExtensions: extensionNames(options.directoryExtensions) });
    default:
      return name satisfies never;
  }
}
