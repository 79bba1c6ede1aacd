import { z } from 'zod';
import { type Cycle, CycleUnknownError } from '../../../src/engine/index.ts';
import type { ApiContext } from '../endpoint.ts';

/** The path of everything below one cycle. */
export const cyclePath = z.strictObject({
  cycle: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Its number'),
});

export async function cycleOf({ engine }: ApiContext, id: number): Promise<Cycle> {
  const cycle = await engine.cycle(id);
  if (cycle === undefined) throw new CycleUnknownError(id);
  return cycle;
}
