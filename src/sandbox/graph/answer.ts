import type { JsonObject } from './request.ts';

/** What a handler answers; headers and identifiers are added outside. */
export interface GraphAnswer {
  readonly status: number;
  readonly body?: JsonObject | string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export const noContent: GraphAnswer = { status: 204 };

export function ok(body: JsonObject): GraphAnswer {
  return { status: 200, body };
}

/** `{root}/v1.0/$metadata#users(id,displayName)/$entity` */
export function contextUrl(root: string, path: string, select?: readonly string[], single = false): string {
  return `${root}/$metadata#${path}${select === undefined ? '' : `(${select.join(',')})`}${single ? '/$entity' : ''}`;
}
