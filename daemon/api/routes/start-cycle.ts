import { CycleRunningError, CycleUnknownError, NothingToUndoError, PlanMovedError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { IdempotencyKeyReusedError, InvalidRequestError } from '../errors.ts';
import { idempotencyKey } from '../idempotent-answers.ts';
import { cycle, startCycle as startCycleShape } from '../shapes.ts';

export const startCycle = endpoint({
  name: 'startCycle',
  method: 'post',
  path: '/api/v1/cycles',
  role: 'operator',
  summary:
    'Starts a cycle; answers as soon as it has begun, or once the plan or the undo it is to carry out was found to be possible',
  body: startCycleShape,
  headers: { 'Idempotency-Key': idempotencyKey },
  answer: { status: 202, schema: cycle, headers: { Location: 'The cycle' } },
  errors: [IdempotencyKeyReusedError, CycleRunningError, CycleUnknownError, PlanMovedError, NothingToUndoError],
  async handle({ context: { cycles }, body, actor }) {
    if ((body.type === 'undo') !== (body.undo !== undefined)) {
      throw new InvalidRequestError('body.undo', 'it belongs to the type undo, which needs it');
    }
    const { cycle: started, ended } = await cycles.start({ ...body, trigger: 'manual', actor });
    // Its end is told to whoever listens, and is in the state.
    ended.catch(() => {});
    return { body: started, headers: { Location: `/api/v1/cycles/${started.id}` } };
  },
});
