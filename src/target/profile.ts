import { TargetUnavailableHereError } from './errors.ts';
import type { GraphOptions } from './graph/options.ts';
import { graphProfile } from './graph/profile.ts';
import type { TargetProfile } from './target.ts';

/** What a target can be told. Pure data: no request is made. */
export function targetProfile(name: TargetProfile['name'], options: GraphOptions = {}): TargetProfile {
  switch (name) {
    case 'graph':
      return graphProfile(options);
    case 'syncApi':
      throw new TargetUnavailableHereError(name);
    default:
      return name satisfies never;
  }
}
