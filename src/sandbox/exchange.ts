/** A request to Graph and its answer, an item of a batch by itself: what a validator looks at. */
export interface Exchange {
  readonly version: 'v1.0' | 'beta';
  readonly method: string;
  /** Below the version, with the query: `/users?$top=5`. */
  readonly target: string;
  /** By lower-case name; never holds the token. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** The JSON, or the text where it is none. */
  readonly responseBody: unknown;
}
