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
      throw refuse.searchSyntax();
    }
    const found = [...rules].find(([known]) => known.toLowerCase() === name.toLowerCase());
    if (found?.[1].searchable !== true) {
      throw refuse.searchUnsupported(name, resource);
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
      if (rest !== '') throw refuse.searchSyntax();
      break;
    }
    parts.push(operator);
    rest = rest.slice(joint.length);
  }
  const sql = parts.map((part, i) => (i % 2 === 0 ? `(${part})` : part)).join(' ');
  return { sql, parameters };
}
