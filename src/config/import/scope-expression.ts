import type { ScopeClause } from './connect-rule.ts';

/** Why a part of a configuration has no counterpart here. */
export class Untranslatable extends Error {}

/** A sync rule's scoping filter as an expression of the dialect `connect`; empty where the rule has none. */
export function scopeExpression(groups: readonly (readonly ScopeClause[])[]): string {
  const all = groups.filter((group) => group.length > 0).map((group) => joined(group.map(clauseExpression), '&&'));
  return joined(all, '||');
}

/** Parts joined by one operator, in parentheses where there are several. */
export function joined(parts: readonly string[], operator: '&&' | '||'): string {
  const [only = ''] = parts;
  return parts.length < 2 ? only : `(${parts.join(` ${operator} `)})`;
}

export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function clauseExpression({ attribute, operator, value }: ScopeClause): string {
  const name = `[${attribute}]`;
  const text = quoted(value);
  const integer = (): string => {
    if (!/^(-?\d+|&H[0-9A-F]+|0x[0-9A-F]+)$/i.test(value)) {
      throw new Untranslatable(`${attribute} ${operator} compares whole numbers, and ${text} is none`);
    }
    return value.replace(/^0x/i, '&H');
  };
  const not = (positive: string): string => `(${positive}) = False`;
  const among = (): string =>
    joined(
      value.split(';').map((one) => `${name} = ${quoted(one.trim())}`),
      '||',
    );
  switch (operator.toUpperCase().replace(/[\s_]/g, '')) {
    case 'EQUAL':
      return `${name} = ${text}`;
    case 'NOTEQUAL':
      return `${name} <> ${text}`;
    case 'LESSTHAN':
      return `CNum(${name}) < ${integer()}`;
    case 'LESSTHANOREQUAL':
      return `CNum(${name}) <= ${integer()}`;
    case 'GREATERTHAN':
      return `CNum(${name}) > ${integer()}`;
    case 'GREATERTHANOREQUAL':
      return `CNum(${name}) >= ${integer()}`;
    case 'CONTAINS':
      return `InStr(${name}, ${text}) > 0`;
    case 'NOTCONTAINS':
      return not(`InStr(${name}, ${text}) > 0`);
    case 'STARTSWITH':
      return `Left(${name}, ${value.length}) = ${text}`;
    case 'NOTSTARTSWITH':
      return not(`Left(${name}, ${value.length}) = ${text}`);
    case 'ENDSWITH':
      return `Right(${name}, ${value.length}) = ${text}`;
    case 'NOTENDSWITH':
      return not(`Right(${name}, ${value.length}) = ${text}`);
    case 'ISNULL':
      return `IsNullOrEmpty(${name})`;
    case 'ISNOTNULL':
      return `IsPresent(${name})`;
    case 'ISIN':
      return among();
    case 'ISNOTIN':
      return not(among());
    case 'ISBITSET':
      return `IsBitSet(${name}, ${integer()})`;
    case 'ISBITNOTSET':
      return not(`IsBitSet(${name}, ${integer()})`);
    default:
      throw new Untranslatable(`the operator ${operator} compares no attribute: name the group under scope.groups`);
  }
}
