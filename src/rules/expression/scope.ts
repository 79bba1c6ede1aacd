import type { Moment } from './moment.ts';
import { isList, Mismatch, type Result, type Scalar, type Signal, type Value } from './value.ts';

/** What an expression is evaluated on; everything it learns from outside comes through here. */
export interface ExpressionInput {
  /** The attribute's value as the directory gave it: absent is null, several values are a list. */
  attribute(name: string): Value;
  /** `Domain.FQDN` and its like, without the percent signs. */
  parameter(name: string): string | undefined;
  /** The value the last import confirmed. */
  imported(name: string): Value;
  /** Is the value in use in the target already? */
  taken(value: string): boolean;
  now(): Date;
  /** A whole number from 0 to below the bound, all equally likely and not to be guessed. */
  random(bound: number): number;
}

/** Calls and values one evaluation may work through, and characters it may produce: far more than honest work needs. */
const mostSteps = 1_000_000;
const mostCharacters = 4_000_000;

/** Thrown when an evaluation has used up its share. */
export class LimitReached extends Error {}

/** One evaluation under way. */
export class Scope {
  readonly input: ExpressionInput;
  /** Set when a value passed through Redact. */
  redacted = false;
  /** The text offset of the call under way, for error messages. */
  at = 0;
  #variables: Value[] | undefined;
  #steps = 0;
  #characters = 0;

  constructor(input: ExpressionInput) {
    this.input = input;
  }

  /** What With, Select and Where have named, by slot. */
  variable(slot: number): Value {
    return this.#variables?.[slot] ?? null;
  }

  name(slot: number, value: Value): void {
    this.#variables ??= [];
    this.#variables[slot] = value;
  }

  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > mostSteps) throw new LimitReached(`it takes more than ${mostSteps} steps`);
  }

  /** Charges for text about to be made, or made. */
  grow(characters: number): void {
    this.#characters += characters;
    if (this.#characters > mostCharacters) throw new LimitReached(`it makes more than ${mostCharacters} characters`);
  }
}

/** A part of an expression, compiled. */
export type Evaluate = (scope: Scope) => Result;

/** Thrown where the flow is given up from inside an argument. */
export class FlowEnded extends Error {
  readonly signal: Signal;

  constructor(signal: Signal) {
    super('flow ended');
    this.signal = signal;
  }
}

/** The value of an argument; a signal in its place ends the whole evaluation. */
export function settled(result: Result): Value {
  if (typeof result === 'symbol') throw new FlowEnded(result);
  return result;
}

/** Runs per value where a list stands; signals end the flow, since half a list would be another value. */
export function perValue(
  list: readonly (Scalar | null)[],
  scope: Scope,
  one: (value: Scalar | null) => Result,
): Result {
  const results: (Scalar | null)[] = [];
  scope.step(list.length);
  for (const value of list) {
    const result = one(value);
    if (typeof result === 'symbol') return result;
    add(results, result);
  }
  return results;
}

/** What a value gives several of joins the list, flat. */
export function add(list: (Scalar | null)[], value: Value): void {
  if (isList(value)) for (const one of value) list.push(one);
  else list.push(value);
}

export function dateOf(moment: Moment | undefined): Moment {
  if (moment === undefined) throw new Mismatch('the date lies outside the years 1 to 9999');
  return moment;
}
