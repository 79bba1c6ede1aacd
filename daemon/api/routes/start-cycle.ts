import { CycleRunningError, CycleUnknownError, NothingToUndoError, PlanMovedError } from '../../../src/engine/index.ts';
import { endpoint } from '../endpoint.ts';
import { IdempotencyKeyReusedError, InvalidRequestError } from '../errors.ts';
import { cycle, startCycle as startCycleShape } from '../shapes.ts';

export const startCycle = endpoint({
  name: 'startCycle',
  method: 'post',
  path: '/api/v1/cycles',
  role: 'operator',
  summary:
    'Starts a cycle; answers as soon as it has begun, or once the plan or the undo it is to carry out was found to be possible',
  body: startCycleShape,
  headers: { 'Idempotency-Key': 'The same key gives the same cycle, however often it is sent' },
  answer: { status: 202, schema: cycle, headers: { Location: 'The cycle' } },
  errors: [IdempotencyKeyReusedError, CycleRunningError, CycleUnknownError, PlanMovedError, NothingToUndoError],
  async handle({ context, body, header, actor }) {
    const key = header('idempotency-key');
    if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw new InvalidRequestError('header.Idempotency-Key', '1 to 200 printable ASCII characters');
    }
    if ((body.type === 'undo') !== (body.undo !== undefined)) {
      throw new InvalidRequestError('body.undo', 'it belongs to the type undo, which needs it');
    }
    const started = await context.starts.start(key, { ...body, trigger: 'manual', actor });
    return { body: started, headers: { Location: `/api/v1/cycles/${started.id}` } };
  },
});
