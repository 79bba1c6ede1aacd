import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type PageSession } from './dashboard-session.ts';
import { send } from './http.ts';
import { Contract } from './openapi.ts';
import { startTestService, type TestService } from './service.ts';

/** 100,000 requests made of the API's own words put together wrongly: each gets a refusal or an answer, none a defect. */

const requests = Number(process.env['CLOUDSYNC_FUZZ'] ?? 100_000);
const seed = Number(process.env['CLOUDSYNC_SEED'] ?? 20261125);

let daemon: TestService;
let contract: Contract;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
beforeAll(async () => {
  daemon = await startTestService({ tenant: 'nobody' });
  contract = new Contract((await send(daemon.url, { path: '/api/v1/openapi.json', token: daemon.token })).text);
});
afterAll(async () => {
  agent.destroy();
  await daemon[Symbol.asyncDispose]();
});

/** What says who asks: of these, a request of the page has exactly the right ones, and one with a token none. */
const browserHeaders = ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-dest'];
const proofs = ['cookie', 'cloudsync-session-key'];

interface Fuzzed {
  readonly by: 'token' | 'page';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const headerValue = fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, '?'));

function arbitrary(): fc.Arbitrary<Fuzzed> {
  // A stream that is rightly asked for never ends; the hostile suite asks for those.
  const operations = contract.operations.filter(({ path }) => !path.endsWith('/events'));
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.integer().map(String),
    fc.constantFrom('', '0', '1', 'null', '..', '%', "'"),
  );
  const query = fc.array(
    fc.tuple(fc.constantFrom('limit', 'cursor', 'by', 'value', 'type', 'state', 'level', 'x'), word),
    { maxLength: 3 },
  );
  const anyMethod = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
  const files = ['', 'dashboard.js', 'open/', 'x'].map((name) => ({ method: 'GET', path: `/dashboard/${name}{name}` }));
  const target = fc.constantFrom(...operations, ...files).chain(({ method, path }) =>
    fc.record({
      // Mostly the right one, so that what is wrong lies deeper.
      method: fc.oneof({ weight: 4, arbitrary: fc.constant(method) }, { weight: 1, arbitrary: anyMethod }),
      path: fc.tuple(word, query).map(([value, pairs]) => {
        const filled = path.replaceAll(/\{\w+\}/g, encodeURIComponent(value));
        const search = pairs.map(([name, text]) => `${name}=${encodeURIComponent(text)}`).join('&');
        return search === '' ? filled : `${filled}?${search}`;
      }),
    }),
  );
  const headersOf = (names: readonly string[]) =>
    fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(headerValue, fc.constantFrom('application/json', '*/*', 'same-origin', 'none', 'empty', 'document')),
      { maxKeys: 3 },
    );
  const rest = fc.record({
    by: fc.constantFrom('token', 'page'),
    // Mostly those an honest client sends: a wrong word of a browser's ends every request at the door.
    headers: fc.oneof(
      { weight: 3, arbitrary: headersOf(['if-match', 'idempotency-key', 'cloudsync-actor', 'accept', 'range']) },
      {
        weight: 1,
        arbitrary: headersOf(['content-type', 'origin', 'expect-ct', ...browserHeaders, ...proofs]),
      },
    ),
    body: fc.option(fc.oneof(fc.json({ maxDepth: 3 }), fc.string({ maxLength: 200 })), { nil: undefined }),
  });
  return fc.tuple(target, rest).map(([where, what]) => ({ ...where, ...what }));
}

function ask(
  { by, method, path, headers, body }: Fuzzed,
  session: PageSession,
): Promise<{ readonly status: number; readonly text: string }> {
  const json: Record<string, string> =
    body === undefined || method === 'GET' || method === 'HEAD'
      ? {}
      : // Node's client announces no body for some methods: it would be taken for the next request.
        { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      daemon.url,
      {
        agent,
        method,
        path,
        headers: {
          ...(by === 'page' ? session.headers : { authorization: `Bearer ${daemon.token}` }),
          ...json,
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(method === 'GET' || method === 'HEAD' ? undefined : body);
  });
}

test(`${requests} fuzzed requests bring no defect to light`, async () => {
  console.log(`seed ${seed}, ${requests} requests`);
  const documented = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
  const statuses = new Map<number, number>();
  const batch = 500;
  for (let done = 0; done < requests; done += batch) {
    const fuzzed = fc.sample(arbitrary(), { numRuns: Math.min(batch, requests - done), seed: seed + done });
    const session = await openSession(daemon);
    const answers = await Promise.all(fuzzed.map(async (one) => ({ one, answer: await ask(one, session) })));
    for (const { one, answer } of answers) {
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      // A directory or tenant that cannot be reached is 502, too much at once 503; a defect of the daemon would be 500.
      if (answer.status >= 500) {
        expect([502, 503], JSON.stringify(one)).toContain(answer.status);
        expect(documented).toContain(`| ${(JSON.parse(answer.text) as { code: string }).code} |`);
      }
      const told = one.by === 'page' ? [...browserHeaders, ...proofs] : browserHeaders;
      // The files of the page tell nothing, and are for whoever asks for them by hand as well.
      if (
        one.path.startsWith('/api/') &&
        told.some((name) => name in one.headers && one.headers[name] !== session.headers[name])
      )
        expect(answer.status, JSON.stringify(one)).toBeGreaterThanOrEqual(400);
      expect(answer.text, JSON.stringify(one)).not.toMatch(/\n {4}at |node_modules/);
    }
  }
  console.log(Object.fromEntries(statuses));
  expect(daemon.lines.filter((line) => /"(requestFailed|threadEnded)"|^died/.test(line))).toEqual([]);
  expect((await send(daemon.url, { path: '/healthz' })).status).toBe(200);
});
