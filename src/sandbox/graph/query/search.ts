import type { Condition, SqlValue } from '../../directory/index.ts';
import type { Entity } from '../entities/index.ts';
import { refuse } from '../refusals.ts';
import { column } from './filter-sql.ts';

/** `$search="displayName:ada" AND "mail:contoso"`: each word of a clause begins a word of the property. */
export function compileSearch(text: string, { rules, resource }: Entity): Condition {
  const parameters: SqlValue[] = [];
  const parts: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [clause, name, value = ''] = /^"([A-Za-z]+):((?:[^"\\]|\\.)*)"\s*/.exec(rest) ?? [];
    if (clause === undefined || name === undefined) {
      throw refuse.badQuery('Syntax error: character in $search is not valid at this position.');
    }
    const found = [...rules].find(([known]) => known.toLowerCase() === name.toLowerCase());
    if (found?.[1].searchable !== true) {
      throw refuse.unsupportedQuery(`Property '${name}' of resource '${resource}' does not support $search.`);
    }
    const words = value
      .replaceAll(/\\(.)/g, '$1')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    parts.push(words.map(() => `instr(' ' || fold(${column([found[0]])}), ?) > 0`).join(' AND ') || '1');
    parameters.push(...words.map((word) => ` ${word}`));
    rest = rest.slice(clause.length);
    const [joint, operator] = /^(AND|OR)\s+/.exec(rest) ?? [];
    if (joint === undefined || operator === undefined) {
      if (rest !== '') throw refuse.badQuery('Syntax error: $search clauses are joined by AND or OR.');
      break;
    }
    parts.push(operator);
    rest = rest.slice(joint.length);
  }
  const sql = parts.map((part, i) => (i % 2 === 0 ? `(${part})` : part)).join(' ');
  return { sql, parameters };
}
