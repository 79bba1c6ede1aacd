import type { Argument, Dialect, ParameterFacts } from './definition.ts';
import { Moment } from './moment.ts';
import { parseNumber } from './number.ts';
import { show, type Value } from './value.ts';

/** Why what is known of an argument already does not fit; nothing where it fits, or only the object will show. */
export function unfit(
  { kind, constant }: Pick<Argument, 'kind' | 'constant'>,
  takes: ParameterFacts['takes'],
  dialect: Dialect,
): string | undefined {
  if (kind === 'any' || kind === 'null' || kind === 'list') return undefined;
  const named = constant === undefined ? `the ${kind} given` : show(constant.value);
  switch (takes) {
    case 'text':
      return kind === 'bytes' ? `takes a text, and ${named} is none: convert it first` : undefined;
    case 'number':
      if (kind === 'number') return undefined;
      if (kind !== 'text') return `takes a number, and ${named} is none`;
      if (constant !== undefined) return isNumber(constant.value) ? undefined : `takes a number, and ${named} is none`;
      return dialect === 'connect' ? 'takes a number, and a text is given: convert it with CNum' : undefined;
    case 'date':
      if (kind === 'date') return undefined;
      if (kind !== 'text') return `takes a date, and ${named} is none`;
      if (constant === undefined || isDate(constant.value)) return undefined;
      return `takes a date, and ${named} is none`;
    case 'condition':
      if (kind === 'date' || kind === 'bytes') return `takes a condition, and ${named} is none`;
      if (kind !== 'text' || constant === undefined) return undefined;
      return isCondition(constant.value) ? undefined : `takes a condition, and ${named} is none`;
    case 'word':
      return kind === 'text' ? undefined : `takes a word, and ${named} is none`;
    default:
      return undefined;
  }
}

function isNumber(value: Value): boolean {
  return typeof value === 'string' && (value === '' || parseNumber(value) !== undefined);
}

function isDate(value: Value): boolean {
  return typeof value === 'string' && (value === '' || Moment.parse(value) !== undefined);
}

function isCondition(value: Value): boolean {
  return typeof value === 'string' && (/^\s*(true|false)?\s*$/i.test(value) || parseNumber(value) !== undefined);
}
