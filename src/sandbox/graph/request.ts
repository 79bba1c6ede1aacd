import type { Caller } from '../sign-in/index.ts';
import { parsePath, type Segment } from './path.ts';
import { parseOptions, type QueryOptions } from './query/options.ts';
import { refuse } from './refusals.ts';

/** One request to Graph: its own HTTP request, or an item of a `$batch`. */
export interface GraphRequest {
  readonly method: string;
  readonly version: 'v1.0' | 'beta';
  readonly segments: readonly Segment[];
  readonly options: QueryOptions;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body; `undefined` where there is none. */
  readonly body: unknown;
  /** `https://host/v1.0` */
  readonly root: string;
  /** Path below the root and query, as sent. */
  readonly target: string;
  readonly caller: Caller;
  /** Is it marked for advanced queries by `ConsistencyLevel: eventual`? */
  readonly eventual: boolean;
}

export interface RawRequest {
  readonly method: string;
  readonly origin: string;
  readonly version: 'v1.0' | 'beta';
  /** Below the version, with the query: `/users?$top=5`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly caller: Caller;
}

export function parseRequest(raw: RawRequest): GraphRequest {
  const at = raw.target.indexOf('?');
  const path = at < 0 ? raw.target : raw.target.slice(0, at);
  const options = parseOptions(at < 0 ? '' : raw.target.slice(at + 1));
  return {
    method: raw.method,
    version: raw.version,
    segments: parsePath(path),
    options,
    headers: raw.headers,
    body: raw.body,
    root: `${raw.origin}/${raw.version}`,
    target: raw.target,
    caller: raw.caller,
    eventual: raw.headers['consistencylevel']?.toLowerCase() === 'eventual',
  };
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bodyObject(request: GraphRequest): JsonObject {
  if (request.body === undefined) throw refuse.emptyBody();
  if (!isJsonObject(request.body)) throw refuse.notJson();
  return request.body;
}
