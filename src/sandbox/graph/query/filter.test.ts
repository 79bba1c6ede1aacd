import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entities } from '../entities/index.ts';
import { GraphRefusal } from '../refusals.ts';
import { parseFilter } from './filter.ts';
import { compileFilter } from './filter-sql.ts';

const scope = { entity: entities.user, isExtension: () => false };

describe('a filter', () => {
  test('binds and before or, and not before both', () => {
    expect(parseFilter("not city eq 'a' and city eq 'b' or city eq 'c'")).toMatchObject({
      type: 'or',
      left: { type: 'and', left: { type: 'not' } },
      right: { type: 'compare', value: { value: 'c' } },
    });
  });

  test('knows the literals of OData', () => {
    const literal = (text: string) => {
      const filter = parseFilter(`x eq ${text}`);
      return filter.type === 'compare' ? filter.value : undefined;
    };
    expect(literal("'it''s'")).toEqual({ type: 'text', value: "it's" });
    expect(literal('2026-01-31T10:00:00Z')).toEqual({ type: 'time', value: '2026-01-31T10:00:00Z' });
    expect(literal('28eb3e09-2cfc-458a-ad2c-aa275bdc791a')).toMatchObject({ type: 'guid' });
    expect(literal('-1.5')).toEqual({ type: 'number', value: -1.5 });
    expect(literal('true')).toEqual({ type: 'boolean', value: true });
    expect(literal('null')).toEqual({ type: 'null' });
  });

  test('takes any text as one value, and never as SQL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const compiled = compileFilter(parseFilter(`displayName eq '${value.replaceAll("'", "''")}'`), scope);
        expect(compiled.sql).toBe('o.number IN (SELECT object FROM key WHERE name = ? AND value = ?)');
        expect(compiled.parameters).toEqual(['displayName', value.toLowerCase()]);
      }),
    );
  });

  test('is refused or compiled, whatever comes', () => {
    const words = fc.constantFrom(
      'displayName',
      'eq',
      'ne',
      'and',
      'or',
      'not',
      '(',
      ')',
      "'x'",
      'startswith',
      ',',
      'in',
      'any',
      '/',
      ':',
      'null',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        try {
          compileFilter(parseFilter(parts.join(' ')), scope);
        } catch (error) {
          expect(error).toBeInstanceOf(GraphRefusal);
        }
      }),
    );
  });
});
