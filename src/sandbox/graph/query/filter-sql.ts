import { isoTime } from '../../clock.ts';
import { type Condition, keyRule, type SqlValue } from '../../directory/index.ts';
import type { Entity, PropertyRule } from '../entities/index.ts';
import { refuse } from '../refusals.ts';
import type { Comparison, Filter, Literal, Path } from './filter.ts';

export interface FilterScope {
  readonly entity: Entity;
  /** Directory extensions that exist. */
  isExtension(name: string): boolean;
}

export interface CompiledFilter extends Condition {
  /** The property by which it needs `ConsistencyLevel: eventual` and `$count=true`. */
  readonly advanced: string | undefined;
}

const comparison: Readonly<Record<Comparison, string>> = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' };
const linkCounts = new Set(['members', 'owners', 'memberof']);

/** A filter as a condition on `object o`. Property names come from the rules, values go in as parameters. */
export function compileFilter(filter: Filter, scope: FilterScope): CompiledFilter {
  const compiler = new FilterCompiler(scope);
  const sql = compiler.condition(filter);
  return { sql, parameters: compiler.parameters, advanced: compiler.advanced };
}

interface Operand {
  readonly name: string;
  readonly rule: PropertyRule;
  readonly sql: string;
  readonly parent: string;
}

class FilterCompiler {
  readonly scope: FilterScope;
  readonly parameters: SqlValue[] = [];
  advanced: string | undefined;
  /** The property looked at last. */
  #property = '';

  constructor(scope: FilterScope) {
    this.scope = scope;
  }

  condition(filter: Filter): string {
    switch (filter.type) {
      case 'and':
      case 'or':
        return `(${this.condition(filter.left)}) ${filter.type === 'and' ? 'AND' : 'OR'} (${this.condition(filter.right)})`;
      case 'not': {
        const inner = this.condition(filter.of);
        this.#needsAdvanced();
        return `NOT coalesce((${inner}), 0)`;
      }
      case 'compare':
        return filter.path.at(-1) === '$count' ? this.#linkCount(filter) : this.#compare(filter);
      case 'in':
        return filter.values
          .map((value) => `(${this.#compare({ operator: 'eq', path: filter.path, value }, 'in')})`)
          .join(' OR ');
      case 'call':
        return this.#call(filter.name, this.#operand(filter.path), filter.value);
      case 'any':
        return this.#any(filter.path, filter.variable, filter.body);
      case 'all':
        throw refuse.unsupportedFilter(filter.path.join('/'), this.scope.entity.resource);
    }
  }

  #needsAdvanced(): void {
    this.advanced ??= this.#property;
  }

  #unsupported(name: string): never {
    throw refuse.unsupportedFilter(name, this.scope.entity.resource);
  }

  #rule(path: Path): { readonly rule: PropertyRule; readonly names: readonly string[] } {
    const { rules, type } = this.scope.entity;
    const [first = '', second, ...rest] = path;
    this.#property = path.join('/');
    const name = [...rules.keys()].find((known) => known.toLowerCase() === first.toLowerCase());
    if (name === undefined) {
      if (second === undefined && this.scope.isExtension(first)) return { rule: extensionRule, names: [first] };
      throw refuse.unknownFilter(first, type);
    }
    const rule = rules.get(name);
    if (rule === undefined || rest.length > 0) return this.#unsupported(path.join('/'));
    if (second === undefined) return { rule, names: [name] };
    const member = rule.members?.get(second);
    if (member === undefined) return this.#unsupported(path.join('/'));
    return { rule: member, names: [name, second] };
  }

  #operand(path: Path): Operand {
    const { rule, names } = this.#rule(path);
    if (rule.collection || rule.type === 'Structure') return this.#unsupported(names.join('/'));
    return { name: names.join('/'), rule, sql: column(names), parent: names[0] ?? '' };
  }

  #compare(
    { operator, path, value }: { operator: Comparison; path: Path; value: Literal },
    asked: 'in' | Comparison = operator,
  ): string {
    const operand = this.#operand(path);
    // Inequality of order comes in pairs: who takes `ge` takes `gt`.
    const needed = asked === 'gt' ? 'ge' : asked === 'lt' ? 'le' : asked;
    if (!operand.rule.filter.has(needed)) return this.#unsupported(operand.name);
    if (operator === 'ne') this.#needsAdvanced();
    if (value.type === 'null') {
      if (operator !== 'eq' && operator !== 'ne') return this.#unsupported(operand.name);
      return `${operand.sql} IS ${operator === 'eq' ? '' : 'NOT '}NULL`;
    }
    const parameter = this.#parameter(operand, value);
    const keyed = operand.name === operand.parent ? keyRule(operand.name) : undefined;
    if (operator === 'eq' && keyed !== undefined && typeof parameter === 'string') {
      this.parameters.push(keyed.name, keyed.exact === true ? parameter : parameter.toLowerCase());
      return 'o.number IN (SELECT object FROM key WHERE name = ? AND value = ?)';
    }
    const folds = operand.rule.type === 'String' && keyed?.exact !== true && typeof parameter === 'string';
    this.parameters.push(folds ? parameter.toLowerCase() : parameter);
    const sql = folds ? `fold(${operand.sql})` : operand.sql;
    // An absent value is not equal to anything, so it counts among the unequal.
    return operator === 'ne' ? `coalesce(${sql} <> ?, 1)` : `${sql} ${comparison[operator]} ?`;
  }

  #parameter({ name, rule }: Operand, value: Literal): SqlValue {
    switch (rule.type) {
      case 'Boolean':
        return value.type === 'boolean' ? Number(value.value) : this.#wrongLiteral(name);
      case 'Int32':
        return value.type === 'number' ? value.value : this.#wrongLiteral(name);
      case 'DateTimeOffset': {
        const time = value.type === 'time' || value.type === 'text' ? Date.parse(value.value) : Number.NaN;
        return Number.isNaN(time) ? this.#wrongLiteral(name) : isoTime(time);
      }
      default:
        return value.type === 'text' || value.type === 'guid' ? value.value : this.#wrongLiteral(name);
    }
  }

  #wrongLiteral(name: string): never {
    throw refuse.filterLiteral(name);
  }

  #call(name: 'startswith' | 'endswith' | 'contains', operand: Operand, value: Literal): string {
    if (!operand.rule.filter.has(name) || value.type !== 'text') return this.#unsupported(operand.name);
    if (name === 'endswith') this.#needsAdvanced();
    const folded = value.value.toLowerCase();
    const keyed = keyRule(operand.name);
    if (name === 'startswith' && folded !== '' && keyed !== undefined) {
      const from = keyed.exact === true ? value.value : folded;
      this.parameters.push(operand.name, from, `${from}\u{10ffff}`);
      return 'o.number IN (SELECT object FROM key WHERE name = ? AND value >= ? AND value < ?)';
    }
    return this.#textTest(name, `fold(${operand.sql})`, folded);
  }

  #textTest(name: 'startswith' | 'endswith' | 'contains', sql: string, folded: string): string {
    this.parameters.push(folded);
    switch (name) {
      case 'startswith':
        return `instr(${sql}, ?) = 1`;
      case 'endswith':
        return `ends_with(${sql}, ?)`;
      case 'contains':
        return `instr(${sql}, ?) > 0`;
    }
  }

  #any(path: Path, variable: string, body: Filter | undefined): string {
    const { rule, names } = this.#rule(path);
    const [name = ''] = names;
    if (!rule.collection || rule.type === 'Structure') return this.#unsupported(names.join('/'));
    if (body === undefined) {
      this.#needsAdvanced();
      return `json_array_length(o.properties, '$.${name}') > 0`;
    }
    return `EXISTS (SELECT 1 FROM json_each(o.properties, '$.${name}') j WHERE ${this.#element(body, variable, name, rule)})`;
  }

  #element(body: Filter, variable: string, name: string, rule: PropertyRule): string {
    switch (body.type) {
      case 'and':
      case 'or':
        return `(${this.#element(body.left, variable, name, rule)}) ${body.type} (${this.#element(body.right, variable, name, rule)})`;
      case 'compare': {
        if (body.path.join('/') !== variable || body.value.type !== 'text' || body.operator !== 'eq') break;
        if (!rule.filter.has('eq')) break;
        const folded = body.value.value.toLowerCase();
        // Narrowed by index first.
        const keyed = keyRule(name) !== undefined;
        this.parameters.push(folded);
        if (keyed) this.parameters.push(name, folded);
        return `fold(j.value) = ?${keyed ? ' AND o.number IN (SELECT object FROM key WHERE name = ? AND value = ?)' : ''}`;
      }
      case 'call': {
        if (body.path.join('/') !== variable || body.value.type !== 'text' || !rule.filter.has(body.name)) break;
        if (body.name === 'endswith') this.#needsAdvanced();
        return this.#textTest(body.name, 'fold(j.value)', body.value.value.toLowerCase());
      }
      default:
        break;
    }
    return this.#unsupported(name);
  }

  #linkCount({ operator, path, value }: { operator: Comparison; path: Path; value: Literal }): string {
    const [link = ''] = path;
    this.#property = path.join('/');
    if (path.length !== 2 || value.type !== 'number' || !linkCounts.has(link.toLowerCase())) {
      return this.#unsupported(path.join('/'));
    }
    this.#needsAdvanced();
    this.parameters.push(value.value);
    const counted =
      link.toLowerCase() === 'memberof'
        ? `SELECT count(*) FROM link l WHERE l.target = o.number AND l.attribute = 'members'`
        : `SELECT count(*) FROM link l WHERE l.holder = o.number AND l.attribute = '${link.toLowerCase()}'`;
    return `(${counted}) ${comparison[operator]} ?`;
  }
}

const extensionRule: PropertyRule = {
  type: 'String',
  collection: false,
  byDefault: false,
  write: 'always',
  nullable: true,
  max: undefined,
  values: undefined,
  pattern: undefined,
  filter: new Set(['eq', 'ne', 'in', 'startswith'] as const),
  sortable: false,
  searchable: false,
  mastered: false,
  members: undefined,
};

/** The SQL of a property. Names come from the rules or have the form of a directory extension. */
export function column(names: readonly string[]): string {
  switch (names[0]) {
    case 'id':
      return 'o.id';
    case 'createdDateTime':
    case 'renewedDateTime':
      return `strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at / 1000, 'unixepoch')`;
    case 'deletedDateTime':
      return `strftime('%Y-%m-%dT%H:%M:%SZ', o.deleted_at / 1000, 'unixepoch')`;
    case 'onPremisesSyncEnabled':
      return `CASE o.mastery WHEN 'synced' THEN 1 WHEN 'formerlySynced' THEN 0 END`;
    default:
      return `(o.properties ->> '$.${names.join('.')}')`;
  }
}
