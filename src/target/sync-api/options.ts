/** What the configuration adds to what the sync API target does by itself. */
export interface SyncApiOptions {
  /** Origin of the service; known for the global cloud, and Graph's own for a custom one. */
  readonly endpoint?: string | undefined;
  /** The build of Entra Connect this client counts as: the service refuses those it finds too old. */
  readonly build?: string | undefined;
  /** Objects in one request. The last page size that Entra Connect was seen with is 30. */
  readonly objectsPerRequest?: number | undefined;
  /** Members of a group beyond which the service takes it no more. */
  readonly membersPerGroup?: number | undefined;
  /** Requests on their way at once. */
  readonly requests?: number | undefined;
  /** Names of the form `extension_<application id>_<name>` that mappings write. */
  readonly directoryExtensions?:
    | { readonly user?: readonly string[] | undefined; readonly group?: readonly string[] | undefined }
    | undefined;
}

/** By reference changes; the older form of the call took 50,000. */
export const defaultMembersPerGroup = 250_000;
export const defaultBuild = '2.4.21.0';
export const defaultObjectsPerRequest = 30;
export const defaultRequests = 4;
