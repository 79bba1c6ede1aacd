/** What the configuration adds to what the Graph target does by itself. */
export interface GraphOptions {
  /** Write `onPremises*` of cloud users through Graph beta, which carries no promise of support. */
  readonly onPremisesByBeta?: boolean | undefined;
  /** Make the group's `managedBy` its owner, who may then change its members in the tenant. */
  readonly owners?: boolean | undefined;
  /** Names of the form `extension_<application id>_<name>` that mappings write. */
  readonly directoryExtensions?:
    | { readonly user?: readonly string[] | undefined; readonly group?: readonly string[] | undefined }
    | undefined;
}
