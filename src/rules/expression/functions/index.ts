import type { Dialect, FunctionDefinition } from '../definition.ts';
import { certificateFunctions } from './certificates.ts';
import { dateFunctions } from './dates.ts';
import { directoryFunctions } from './directory.ts';
import { encodingFunctions } from './encoding.ts';
import { flowFunctions } from './flow.ts';
import { listFunctions } from './lists.ts';
import { logic } from './logic.ts';
import { nameFunctions } from './names.ts';
import { numberFunctions } from './numbers.ts';
import { randomFunctions } from './random.ts';
import { replaceFunctions } from './replace.ts';
import { textFunctions } from './text.ts';

/** Every function of both dialects, by name. */
export const functions: readonly FunctionDefinition[] = [
  ...logic,
  ...textFunctions,
  ...numberFunctions,
  ...dateFunctions,
  ...listFunctions,
  ...flowFunctions,
  ...encodingFunctions,
  ...directoryFunctions,
  ...nameFunctions,
  ...randomFunctions,
  ...replaceFunctions,
  ...certificateFunctions,
].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

const byName = Map.groupBy(functions, ({ name }) => name.toLowerCase());

/** What a name stands for, one definition per meaning; names are taken in any case. */
export function functionNamed(name: string): readonly FunctionDefinition[] {
  return byName.get(name.toLowerCase()) ?? [];
}

export function functionNames(dialect: Dialect): readonly string[] {
  return functions.filter(({ dialects }) => dialects.includes(dialect)).map(({ name }) => name);
}
