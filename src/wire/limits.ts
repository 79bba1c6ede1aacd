/** What a reader takes before it says no. */
export interface Limits {
  readonly bytes: number;
  /** Elements open at once. */
  readonly depth: number;
  /** Elements of the whole message, those of arrays among them. */
  readonly elements: number;
  /** Of one element, declarations of namespaces among them. */
  readonly attributes: number;
}

/** Room for the largest message of the service, a batch of 15,000 links or of photos, several times over. */
export const defaultLimits: Limits = { bytes: 128 * 2 ** 20, depth: 48, elements: 2_000_000, attributes: 64 };
