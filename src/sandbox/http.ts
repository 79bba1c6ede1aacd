import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came in, read to its end. */
export interface HttpRequest {
  readonly method: string;
  /** Path as sent, encoded, without the query. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as it came: what is not text is read from here. */
  readonly bytes: Buffer;
  /** `https://host:port`, as the client calls this server. */
  readonly origin: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** In place of the body, where it is no text. */
  readonly bytes?: Buffer | undefined;
}

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
