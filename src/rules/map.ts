import type { ErrorReport, TenantValue } from '../model/index.ts';
import type { Outcome } from './expression/index.ts';
import type { Flow } from './flow.ts';
import { isNothing, toTenantValue } from './mapping.ts';
import type { Lineage, Mapped, MappedValue, SourceView } from './rules.ts';

/** A value on its way; its lineage is only spelled out when somebody asks. */
class FlowingValue implements MappedValue {
  readonly value: TenantValue;
  readonly flow: MappedValue['flow'];
  readonly #origin: Flow;
  readonly #source: SourceView;
  readonly #merged: readonly SourceView[];

  constructor(
    value: TenantValue,
    flow: MappedValue['flow'],
    origin: Flow,
    source: SourceView,
    merged: readonly SourceView[],
  ) {
    this.value = value;
    this.flow = flow;
    this.#origin = origin;
    this.#source = source;
    this.#merged = merged;
  }

  get lineage(): Lineage {
    const { connector, guid } = this.#source;
    const merged = this.#merged.map((source) => ({ connector: source.connector, guid: source.guid }));
    return {
      connector,
      guid,
      mapping: this.#origin.mapping.text,
      origin: this.#origin.origin,
      ...(merged.length === 0 ? {} : { merged }),
    };
  }
}

/** The objects of one identity in the orders attributes are taken in. */
export interface Ordered {
  /** As the configuration ranks the connectors. */
  readonly byRank: readonly SourceView[];
  /** The enabled account first. */
  readonly byAccount: readonly SourceView[];
}

const none: readonly SourceView[] = [];

/**
 * Prepares the mapping of one kind. Most attributes of most objects are absent, and what a mapping makes of nothing is
 * known beforehand: only mappings that look at what an object has are evaluated. A mapping that fails holds the object
 * with the reason; all failures are told.
 */
export function mapper(flows: readonly Flow[]): (ordered: Ordered) => Mapped {
  const idle = flows.map(({ mapping }) => mapping.nothing);
  const interested = new Map<string, number[]>();
  for (const [i, { mapping }] of flows.entries()) {
    if (mapping.nothing === undefined) continue;
    for (const attribute of mapping.attributes) {
      const known = interested.get(attribute);
      if (known === undefined) interested.set(attribute, [i]);
      else known.push(i);
    }
  }
  const asleep = Uint8Array.from(idle, (nothing) => (nothing === undefined ? 0 : 1));
  const sleeping = new Uint8Array(asleep.length);
  return (ordered) => {
    const values: Record<string, MappedValue> = {};
    const unwritten: Record<string, MappedValue> = {};
    const errors: ErrorReport[] = [];
    const [only, another] = ordered.byRank;
    const alone = another === undefined ? only : undefined;
    if (alone !== undefined) {
      sleeping.set(asleep);
      for (const attribute of Object.keys(alone.attributes)) {
        const waking = interested.get(attribute);
        if (waking !== undefined) for (const i of waking) sleeping[i] = 0;
      }
    }
    for (let i = 0; i < flows.length; i += 1) {
      const flow = flows[i];
      if (flow === undefined) continue;
      const mapped =
        alone !== undefined && flow.from === undefined
          ? mapAlone(flow, alone, sleeping[i] === 1 ? idle[i] : undefined, errors)
          : mapJoined(flow, sourcesOf(flow, ordered), errors);
      if (mapped === undefined) continue;
      if (flow.written) values[flow.target] = mapped;
      else unwritten[flow.target] = mapped;
    }
    return { values, unwritten, errors };
  };
}

function sourcesOf({ from, ofAccount }: Flow, { byRank, byAccount }: Ordered): readonly SourceView[] {
  if (from === undefined) return ofAccount ? byAccount : byRank;
  const rank = ({ connector }: SourceView): number => from.get(connector) ?? -1;
  return byRank.filter((source) => rank(source) >= 0).sort((a, b) => rank(a) - rank(b));
}

/** Nearly every identity is one object: nothing to choose or to merge. */
function mapAlone(
  flow: Flow,
  source: SourceView,
  known: Outcome | undefined,
  errors: ErrorReport[],
): MappedValue | undefined {
  const outcome = known ?? flow.mapping.evaluate(source);
  switch (outcome.kind) {
    case 'value': {
      const plain = toTenantValue(outcome.value);
      const value = flow.typed === undefined ? plain : flow.typed(plain);
      return isNothing(value) ? whenNothing(flow, source) : new FlowingValue(value, flow.flow, flow, source, none);
    }
    case 'ignored':
      return undefined;
    case 'authoritativeNull':
      return new FlowingValue(null, flow.flow, flow, source, none);
    case 'error':
      errors.push({ ...outcome.error.report(), attribute: flow.target, object: source.dn });
      return undefined;
    default:
      return outcome satisfies never;
  }
}

/** Of the joined objects the first that has a value gives it, or each adds its own. */
function mapJoined(flow: Flow, sources: readonly SourceView[], errors: ErrorReport[]): MappedValue | undefined {
  const { mapping, merge, typed } = flow;
  let ignored = false;
  let cleared = false;
  let first: SourceView | undefined;
  let collected: TenantValue[] | undefined;
  let merged: SourceView[] | undefined;
  for (const source of sources) {
    const outcome = mapping.evaluate(source);
    if (outcome.kind === 'error') {
      errors.push({ ...outcome.error.report(), attribute: flow.target, object: source.dn });
      return undefined;
    }
    if (outcome.kind === 'ignored') {
      ignored = true;
      continue;
    }
    if (outcome.kind === 'authoritativeNull') {
      cleared = true;
      first ??= source;
      break;
    }
    const plain = toTenantValue(outcome.value);
    const value = typed === undefined ? plain : typed(plain);
    if (isNothing(value)) continue;
    if (merge === 'first') return new FlowingValue(value, flow.flow, flow, source, none);
    if (collected === undefined) {
      first = source;
      collected = [value];
      merged = [];
    } else {
      collected.push(value);
      merged?.push(source);
    }
  }
  const [strongest] = sources;
  if (collected !== undefined && first !== undefined) {
    return new FlowingValue(union(collected, merge), flow.flow, flow, first, merged ?? none);
  }
  if (strongest === undefined) return undefined;
  if (cleared) return new FlowingValue(null, flow.flow, flow, first ?? strongest, none);
  if (ignored) return undefined;
  return whenNothing(flow, strongest);
}

function whenNothing(flow: Flow, source: SourceView): MappedValue | undefined {
  const { initial, whenEmpty } = flow;
  if (initial !== undefined) return new FlowingValue(initial, 'create', flow, source, none);
  if (whenEmpty === 'keep') return undefined;
  return new FlowingValue(whenEmpty === 'clear' ? null : whenEmpty.value, flow.flow, flow, source, none);
}

/** All values, each once, in the order of the objects. */
function union(collected: readonly TenantValue[], merge: Flow['merge']): TenantValue {
  const texts = new Map<string, string>();
  const bytes = new Map<string, Uint8Array>();
  for (const value of collected) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one instanceof Uint8Array) bytes.set(Buffer.from(one).toString('base64'), one);
      else {
        const text = String(one);
        const key = merge === 'allIgnoringCase' ? text.toLowerCase() : text;
        if (!texts.has(key)) texts.set(key, text);
      }
    }
  }
  return texts.size === 0 ? [...bytes.values()] : [...texts.values()];
}
