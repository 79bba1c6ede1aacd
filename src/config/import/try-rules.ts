import { type ObjectKind, objectKinds } from '../../model/index.ts';
import {
  defaultMappings,
  defaultReferences,
  type KindTaken,
  ruleProblems,
  type TargetSupport,
} from '../../rules/index.ts';
import { parsePath, record } from '../places.ts';
import { asConfiguration } from './document-parts.ts';
import type { ImportReport } from './report.ts';

/** Every attribute there is a mapping to: whether the target takes it is told when the document is checked. */
function everything(document: Readonly<Record<string, unknown>>): TargetSupport {
  const mappings = record(document['mappings']);
  const of = (kind: ObjectKind): KindTaken => {
    const references = new Set(defaultReferences[kind].map(({ target }) => target));
    const named = Object.keys(record(mappings[kind])).filter((target) => !references.has(target));
    return {
      supported: true,
      attributes: new Set([...Object.keys(defaultMappings[kind]), ...named]),
      references,
      reason: () => 'it is not there',
    };
  };
  return { user: of('user'), group: of('group'), contact: of('contact'), device: of('device') };
}

/**
 * Compiles the rules of a document that was put together, and takes out what is refused, with the reason in the report:
 * what is imported is always a document that compiles.
 */
export function keepWhatCompiles(document: Record<string, unknown>, report: ImportReport): void {
  for (const problem of ruleProblems(asConfiguration(document), everything(document))) {
    const place = problem.attribute ?? '';
    remove(document, parsePath(place));
    report.not(place, problem.message);
  }
  for (const kind of objectKinds) {
    const mappings = record(document['mappings']);
    if (kind in mappings && Object.keys(record(mappings[kind])).length === 0) remove(document, ['mappings', kind]);
  }
}

/** Takes away the key a path ends in, or the nearest one above it that stands for a rule of its own. */
function remove(document: Record<string, unknown>, path: readonly PropertyKey[]): void {
  const names = path.findIndex((step) => typeof step === 'string' && /^(user|group|contact|device)$/.test(step));
  const [root] = path;
  const end = root === 'mappings' ? names + 2 : names + 1;
  const steps = names < 0 ? path.slice(0, 1) : path.slice(0, end);
  let parent: unknown = document;
  for (const step of steps.slice(0, -1))
    parent = Array.isArray(parent) ? parent[Number(step)] : record(parent)[String(step)];
  const last = steps.at(-1);
  if (last !== undefined && typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, last);
}
