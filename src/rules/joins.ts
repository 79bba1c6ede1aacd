import type { Configuration, JoinConfiguration } from '../config/index.ts';
import { type ObjectKind, parseSid, type SourceValue, sidFromBytes } from '../model/index.ts';
import { attributeText, type Compile, configurationDialect } from './flow.ts';
import { type CompiledMapping, isNothing, toTenantValue } from './mapping.ts';
import type { Problems } from './problems.ts';
import type { SourceView } from './rules.ts';

/** Where a mailbox in another forest names the account it belongs to. */
const sidAttributes = ['objectSid', 'msExchMasterAccountSid', 'msRTCSIP-OriginatorSid'] as const;
/** NT AUTHORITY\SELF, as Exchange writes it where there is no other account. */
const self = 'S-1-5-10';

/** How objects of one kind are found to be the same person or thing as one of another connector. */
export interface Join {
  readonly attributes: readonly string[];
  keys(view: SourceView): readonly string[];
}

export function joinsOf(
  { joins }: Configuration,
  kind: ObjectKind,
  compile: Compile,
  problems: Problems,
): readonly Join[] {
  return problems.attemptAll(joins[kind] ?? [], (join, i) => compileJoin(join, `joins.${kind}[${i}]`, compile));
}

function compileJoin(join: JoinConfiguration, place: string, compile: Compile): Join {
  if (join === 'sid') return { attributes: sidAttributes, keys: sidKeys };
  if (join === 'mail') {
    return { attributes: ['mail'], keys: ({ attributes }) => texts('mail', attributes['mail']?.filter(isText) ?? []) };
  }
  const mapping =
    'attribute' in join
      ? compile(place, attributeText(join.attribute), configurationDialect)
      : compile(place, join.expression, join.dialect ?? configurationDialect);
  return { attributes: mapping.attributes, keys: (view) => texts(place, valuesOf(mapping, view)) };
}

/** A value that cannot be worked out joins nothing: two that fail alike are not the same. */
function valuesOf(mapping: CompiledMapping, view: SourceView): readonly string[] {
  const outcome = mapping.evaluate(view);
  if (outcome.kind !== 'value') return [];
  const value = toTenantValue(outcome.value);
  if (isNothing(value)) return [];
  return (Array.isArray(value) ? value : [value]).map((one) =>
    one instanceof Uint8Array ? Buffer.from(one).toString('base64') : String(one),
  );
}

/** Names and addresses are the same in any case. */
function texts(prefix: string, values: readonly string[]): readonly string[] {
  return values.filter((value) => value.trim() !== '').map((value) => `${prefix}:${value.trim().toLowerCase()}`);
}

function sidKeys({ attributes }: SourceView): readonly string[] {
  const sids = sidAttributes.flatMap((name) => {
    const [value] = attributes[name] ?? [];
    const sid = value instanceof Uint8Array ? sidFromBytes(value) : value === undefined ? undefined : parseSid(value);
    return sid === undefined || sid === self ? [] : [sid];
  });
  return [...new Set(sids)].map((sid) => `sid:${sid}`);
}

function isText(value: SourceValue): value is string {
  return typeof value === 'string';
}
