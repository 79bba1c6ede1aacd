import { CloudSyncError } from '../../model/index.ts';
import { type Dialect, dialects } from './definition.ts';
import { NoUniqueValueError, RaisedError } from './errors.ts';
import { compileExpression } from './expression.ts';
import { fixtureCertificates } from './fixture-certificate.ts';
import { Moment } from './moment.ts';
import { isList, type Scalar, type Value } from './value.ts';

/**
 * One example of an expression, as `cloudsync expression --cases` reads it. `inputs` holds attributes by name, parameters
 * as `%Name%`, and under `$existingInTarget` the values the target has already; the texts `$cert:expired` and
 * `$cert:valid` stand for a certificate each.
 */
export interface Case {
  readonly id: string;
  /** `provisioning`, `connect`, or `cloudsync`, whose forms the provisioning dialect takes too. */
  readonly dialect?: string | undefined;
  readonly expression: string;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

/** What a case came to, ready for `JSON.stringify`: a result, a flow left alone, or why there is none. */
export type CaseAnswer = { readonly id: string } & (
  | { readonly result: unknown }
  | { readonly ignored: true }
  | { readonly error: string; readonly code?: string }
);

/** What a case takes from its surroundings. */
export interface CaseSurroundings {
  now(): Date;
  random(bound: number): number;
}

export function runCase(example: Case, { now, random }: CaseSurroundings): CaseAnswer {
  const { id, expression, inputs = {} } = example;
  const attributes = new Map(Object.entries(inputs).map(([name, value]) => [name.toLowerCase(), toValue(value)]));
  const taken = new Set(textsOf(inputs['$existingInTarget']).map((one) => one.toLowerCase()));
  const attribute = (name: string): Value => attributes.get(name.toLowerCase()) ?? null;
  try {
    const outcome = compileExpression(expression, dialectOf(example.dialect)).evaluate({
      attribute,
      imported: attribute,
      parameter: (name) => {
        const value = attributes.get(`%${name.toLowerCase()}%`);
        return typeof value === 'string' ? value : undefined;
      },
      taken: (value) => taken.has(value.toLowerCase()),
      now,
      random,
    });
    switch (outcome.kind) {
      case 'value':
        return { id, result: toJson(outcome.value) };
      case 'ignored':
        return { id, ignored: true };
      case 'authoritativeNull':
        return { id, result: null };
      case 'error':
        return { id, ...answerOf(outcome.error) };
      default:
        return outcome satisfies never;
    }
  } catch (error) {
    if (error instanceof CloudSyncError) return { id, ...answerOf(error) };
    throw error;
  }
}

/** The expression's own words where it refused the object itself; else what went wrong. */
function answerOf(error: CloudSyncError): { readonly error: string; readonly code: string } {
  const { code } = error;
  if (error instanceof RaisedError) return { error: error.raised, code };
  return { error: error instanceof NoUniqueValueError ? 'escrow' : error.message, code };
}

function dialectOf(name: string | undefined): Dialect {
  return dialects.find((dialect) => dialect === name) ?? 'provisioning';
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
}

function toValue(value: unknown): Value {
  return Array.isArray(value) ? value.map(toScalar) : toScalar(value);
}

function toScalar(value: unknown): Scalar | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return fixtureCertificates.get(value) ?? value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Uint8Array || typeof value === 'bigint') return value;
  return JSON.stringify(value);
}

/** Numbers beyond what JSON keeps exact become texts, bytes become base64. */
function toJson(value: Value): unknown {
  if (isList(value)) return value.map(toJson);
  if (value instanceof Uint8Array) {
    const fixture = [...fixtureCertificates].find(([, certificate]) => certificate === value);
    return fixture?.[0] ?? Buffer.from(value).toString('base64');
  }
  return typeof value === 'bigint' || value instanceof Moment ? value.toString() : value;
}
