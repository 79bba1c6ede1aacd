import { beyond } from './beyond.ts';
import csdl from './csdl.json' with { type: 'json' };

/**
 * A type as it is written here: `String`, `[String]` a collection, a closing `!` for never null.
 * Names that are no primitive name an entity, a structure or an enumeration.
 */
export type TypeText = string;

export interface EntityFacts {
  readonly base?: string;
  readonly open?: boolean;
  readonly properties?: Readonly<Record<string, TypeText>>;
  readonly navigation?: Readonly<Record<string, TypeText>>;
  /** Types a navigation property may lead to, where it is narrowed. */
  readonly targets?: Readonly<Record<string, readonly string[]>>;
  /** Alternate keys. */
  readonly keys?: readonly string[];
}

export interface OperationFacts {
  readonly on: TypeText;
  readonly action: boolean;
  readonly parameters: Readonly<Record<string, TypeText>>;
  readonly returns?: TypeText;
}

export interface Facts {
  readonly entities: Readonly<Record<string, EntityFacts>>;
  readonly structures: Readonly<Record<string, EntityFacts>>;
  readonly enumerations: Readonly<Record<string, readonly string[]>>;
  readonly operations: Readonly<Record<string, readonly OperationFacts[]>>;
  readonly sets: Readonly<Record<string, string>>;
  readonly singletons: Readonly<Record<string, string>>;
}

function joined(a: Facts, b: Facts): Facts {
  return {
    entities: { ...a.entities, ...b.entities },
    structures: { ...a.structures, ...b.structures },
    enumerations: { ...a.enumerations, ...b.enumerations },
    operations: { ...a.operations, ...b.operations },
    sets: { ...a.sets, ...b.sets },
    singletons: { ...a.singletons, ...b.singletons },
  };
}

/** What Graph's schema says, and the little beyond its subset that a sync meets. */
export const facts: Facts = joined(csdl, beyond);
