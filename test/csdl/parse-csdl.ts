import type { EntityFacts, Facts, OperationFacts } from './facts.ts';

/** Attributes of one XML tag. */
type Attributes = Readonly<Record<string, string>>;

function attributes(tag: string): Attributes {
  return Object.fromEntries(
    [...tag.matchAll(/([\w.:]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Elements of a name with their attributes and inner text, for a document that does not nest them in one another. */
function elements(xml: string, name: string): readonly { readonly own: Attributes; readonly inner: string }[] {
  const shape = new RegExp(`<${name}\\b([^>]*?)(?:/>|>([\\s\\S]*?)</${name}>)`, 'g');
  return [...xml.matchAll(shape)].map(([, tag = '', inner = '']) => ({ own: attributes(tag), inner }));
}

/** `Collection(graph.keyValue)`, not nullable: `[keyValue]!` */
function typeText(type: string, nullable: string | undefined): string {
  const [, collected] = /^Collection\((.*)\)$/.exec(type) ?? [];
  const bare = (collected ?? type).replace(/^(Edm|graph|microsoft\.graph)\./, '');
  return `${collected === undefined ? bare : `[${bare}]`}${nullable === 'false' ? '!' : ''}`;
}

function entityFacts(own: Attributes, inner: string): EntityFacts {
  const properties = elements(inner, 'Property').map(({ own: { Name = '', Type = '', Nullable } }) => [
    Name,
    typeText(Type, Nullable),
  ]);
  const navigations = elements(inner, 'NavigationProperty');
  const targets = navigations
    .map(({ own: { Name = '' }, inner: text }): readonly [string, readonly string[]] => [
      Name,
      [...text.matchAll(/<String>microsoft\.graph\.(\w+)<\/String>/g)].map(([, type = '']) => type),
    ])
    .filter(([, types]) => types.length > 0);
  const keys = [...inner.matchAll(/Property="Alias" String="(\w+)"/g)].map(([, key = '']) => key);
  return {
    ...(own['BaseType'] === undefined ? {} : { base: typeText(own['BaseType'], undefined) }),
    ...(own['OpenType'] === 'true' ? { open: true } : {}),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(navigations.length === 0
      ? {}
      : {
          navigation: Object.fromEntries(
            navigations.map(({ own: { Name = '', Type = '' } }) => [Name, typeText(Type, undefined)]),
          ),
        }),
    ...(targets.length === 0 ? {} : { targets: Object.fromEntries(targets) }),
    ...(keys.length === 0 ? {} : { keys }),
  };
}

function operationFacts(xml: string): Record<string, OperationFacts[]> {
  const found: Record<string, OperationFacts[]> = {};
  for (const element of ['Action', 'Function']) {
    for (const { own, inner } of elements(xml, element)) {
      const [binding, ...parameters] = elements(inner, 'Parameter').map(
        ({ own: { Name = '', Type = '', Nullable } }) => ({
          name: Name,
          type: typeText(Type, Nullable),
        }),
      );
      if (binding === undefined) continue;
      const [result] = elements(inner, 'ReturnType');
      const name = own['Name'] ?? '';
      found[name] = [
        ...(found[name] ?? []),
        {
          on: binding.type.replace(/!$/, ''),
          action: element === 'Action',
          parameters: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.type])),
          ...(result === undefined ? {} : { returns: typeText(result.own['Type'] ?? '', result.own['Nullable']) }),
        },
      ];
    }
  }
  return found;
}

function bare(text: string): string {
  return text.replace(/[[\]!]/g, '');
}

/** Reads a CSDL document and keeps `wanted` entity types with all that they stand on. */
export function parseCsdl(xml: string, wanted: readonly string[]): Facts {
  const entities = new Map(
    elements(xml, 'EntityType').map(({ own, inner }) => [own['Name'] ?? '', entityFacts(own, inner)]),
  );
  const structures = new Map(
    elements(xml, 'ComplexType').map(({ own, inner }) => [own['Name'] ?? '', entityFacts(own, inner)]),
  );
  const enumerations = new Map(
    elements(xml, 'EnumType').map(({ own, inner }) => [
      own['Name'] ?? '',
      elements(inner, 'Member').map(({ own: member }) => member['Name'] ?? ''),
    ]),
  );
  const kept: Facts = { entities: {}, structures: {}, enumerations: {}, operations: {}, sets: {}, singletons: {} };
  const keep = {
    entities: kept.entities as Record<string, EntityFacts>,
    structures: kept.structures as Record<string, EntityFacts>,
    enumerations: kept.enumerations as Record<string, readonly string[]>,
    operations: kept.operations as Record<string, readonly OperationFacts[]>,
    sets: kept.sets as Record<string, string>,
    singletons: kept.singletons as Record<string, string>,
  };
  const known = new Set(wanted);

  function keepTypes(types: Iterable<string>): void {
    for (const type of types) {
      const name = bare(type);
      const structure = structures.get(name);
      if (structure !== undefined && !(name in keep.structures)) {
        keep.structures[name] = structure;
        keepTypes([structure.base ?? '', ...Object.values(structure.properties ?? {})]);
      }
      const members = enumerations.get(name);
      if (members !== undefined) keep.enumerations[name] = members;
    }
  }

  for (const name of wanted) {
    const entity = entities.get(name);
    if (entity === undefined) throw new Error(`the document has no entity type ${name}`);
    const reached = Object.entries(entity.navigation ?? {}).filter(([, type]) => known.has(bare(type)));
    const { navigation: _, targets, ...others } = entity;
    const narrowed = Object.entries(targets ?? {}).filter(([link]) => reached.some(([one]) => one === link));
    keep.entities[name] = {
      ...others,
      ...(reached.length === 0 ? {} : { navigation: Object.fromEntries(reached) }),
      ...(narrowed.length === 0 ? {} : { targets: Object.fromEntries(narrowed) }),
    };
    keepTypes(Object.values(entity.properties ?? {}));
  }
  for (const [name, operations] of Object.entries(operationFacts(xml))) {
    const bound = operations.filter(({ on }) => known.has(bare(on)));
    if (bound.length === 0) continue;
    keep.operations[name] = bound;
    keepTypes(bound.flatMap(({ parameters, returns = '' }) => [...Object.values(parameters), returns]));
  }
  for (const { own } of elements(xml, 'EntitySet')) {
    const type = typeText(own['EntityType'] ?? '', undefined);
    if (known.has(type)) keep.sets[own['Name'] ?? ''] = type;
  }
  for (const { own } of elements(xml, 'Singleton')) {
    const type = typeText(own['Type'] ?? '', undefined);
    if (known.has(type)) keep.singletons[own['Name'] ?? ''] = type;
  }
  return kept;
}
