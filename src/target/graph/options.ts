import type { DirectoryExtensions } from '../extension.ts';

/** What the configuration adds to what the Graph target does by itself. */
export interface GraphOptions {
  /** Write `onPremises*` of cloud users through Graph beta, which carries no promise of support. */
  readonly onPremisesByBeta?: boolean | undefined;
  /** Make the group's `managedBy` its owner, who may then change its members in the tenant. */
  readonly owners?: boolean | undefined;
  readonly directoryExtensions?: DirectoryExtensions | undefined;
}
