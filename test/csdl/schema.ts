import { betaProperties } from './beyond.ts';
import { type EntityFacts, facts, type TypeText } from './facts.ts';

export interface TypeReference {
  readonly name: string;
  readonly collection: boolean;
  readonly nullable: boolean;
}

export function parseType(text: TypeText): TypeReference {
  const [, open = '', name = '', never = ''] = /^(\[?)(\w+)\]?(!?)$/.exec(text) ?? [];
  return { name, collection: open !== '', nullable: never === '' };
}

/** A type and what it inherits from, the nearest first. */
export function lineage(name: string): readonly string[] {
  const base = facts.entities[name]?.base ?? facts.structures[name]?.base;
  return base === undefined ? [name] : [name, ...lineage(base)];
}

function own(name: string): EntityFacts | undefined {
  return facts.entities[name] ?? facts.structures[name];
}

export function isOpen(name: string): boolean {
  return lineage(name).some((one) => own(one)?.open === true);
}

export function propertyType(name: string, property: string, beta: boolean): TypeText | undefined {
  for (const one of lineage(name)) {
    const type = own(one)?.properties?.[property] ?? (beta ? betaProperties[one]?.[property] : undefined);
    if (type !== undefined) return type;
  }
  return undefined;
}

export function navigationType(name: string, link: string): TypeText | undefined {
  for (const one of lineage(name)) {
    const type = own(one)?.navigation?.[link];
    if (type !== undefined) return type;
  }
  return undefined;
}

/** May an object of this type stand where that one is named? */
export function fits(actual: string, expected: string): boolean {
  return lineage(actual).includes(expected);
}

/** The types a navigation property may lead to. */
export function targetsOf(name: string, link: string): readonly string[] | undefined {
  for (const one of lineage(name)) {
    const targets = own(one)?.targets?.[link];
    if (targets !== undefined) return targets;
  }
  return undefined;
}
