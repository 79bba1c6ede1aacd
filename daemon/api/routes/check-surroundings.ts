import { checkDisk } from '../../check-disk.ts';
import { EngineReplacedError } from '../../errors.ts';
import { findingPage } from '../agent-shapes.ts';
import { endpoint } from '../endpoint.ts';

export const checkSurroundings = endpoint({
  name: 'checkSurroundings',
  method: 'post',
  path: '/api/v1/checks',
  role: 'operator',
  summary:
    'Looks from where the daemon runs at all it needs: domain controllers (reach, TLS, sign-in, clock, rights), tenant and permissions, disk',
  answer: { schema: findingPage },
  errors: [EngineReplacedError],
  async handle({ context: { engine, dataDirectory }, signal }) {
    const [outside, disk] = await Promise.all([engine.check(signal), checkDisk(dataDirectory)]);
    return { body: { items: [...outside, disk], next: null } };
  },
});
