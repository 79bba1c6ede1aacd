import { connectorName } from '../../src/model/index.ts';
import { type ActiveDirectoryOptions, openActiveDirectory, type Source } from '../../src/source/index.ts';
import type { Double } from './index.ts';

/** Reads doubles as a configuration that names clear text would, with time-outs a test can wait for. */
export function openDoubles(doubles: readonly Double[], more: Partial<ActiveDirectoryOptions> = {}): Source {
  const [first] = doubles;
  if (first === undefined) throw new Error('no double to read');
  return openActiveDirectory({
    connector: connectorName('test', first.domain),
    domain: first.domain,
    servers: async () => doubles.map(({ url }) => url),
    user: 'reader@double.test',
    password: () => 'secret',
    tls: {},
    clearText: true,
    now: () => new Date(),
    connectTimeout: 2000,
    readTimeout: 2000,
    retryDelays: [],
    ...more,
  });
}
