import { refuse } from './refusals.ts';

/** What a delta query asked for at its start: later requests carry it in their token. */
export interface DeltaQuery {
  readonly kind: string;
  readonly select: readonly string[] | undefined;
  /** Ids it is limited to. */
  readonly ids: readonly string[] | undefined;
}

/** Within the links of one object: which attribute, and behind which linked object or change. */
export interface LinkPosition {
  readonly attribute: number;
  readonly after: number;
}

/** Where a round stands. `upTo` is the change it ends with; the next one begins behind it. */
export type DeltaPosition = {
  readonly upTo: number;
  /** The last object or change that was answered; with `links`, that one is answered in part. */
  readonly after: number;
  readonly links?: LinkPosition | undefined;
} & (
  | /** Everything there is, by number of the object. */ { readonly phase: 'all' }
  | /** What changed in (`from`, `upTo`], by change. */ { readonly phase: 'changes'; readonly from: number }
);

export interface DeltaToken {
  readonly query: DeltaQuery;
  readonly position: DeltaPosition;
  readonly issued: number;
  readonly epoch: number;
}

export function writeToken(token: DeltaToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

export function readToken(text: string, kind: string): DeltaToken {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isToken(value) && value.query.kind === kind) return value;
  } catch {
    // Not one of ours.
  }
  throw refuse.badToken();
}

/** Tokens come back from clients, but only this module writes them: the outline tells ours from others. */
function isToken(value: unknown): value is DeltaToken {
  return (
    typeof value === 'object' &&
    value !== null &&
    'query' in value &&
    typeof value.query === 'object' &&
    value.query !== null &&
    'kind' in value.query &&
    'position' in value &&
    typeof value.position === 'object' &&
    'issued' in value &&
    typeof value.issued === 'number' &&
    'epoch' in value
  );
}
