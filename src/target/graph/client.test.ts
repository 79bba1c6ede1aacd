import { describe, expect, test } from 'vitest';
import { BadAnswerError } from '../errors.ts';
import { graphClient } from './client.ts';

const origin = 'https://graph.test';
const never = new AbortController().signal;

function clientOver(answer: (url: string, init: RequestInit) => Response) {
  const asked = { tokens: [] as boolean[], urls: [] as string[], authorizations: [] as (string | null)[] };
  const client = graphClient(
    origin,
    {
      async token(fresh) {
        asked.tokens.push(fresh);
        return { value: `token-${asked.tokens.length}`, roles: [] };
      },
    },
    async (url, init) => {
      asked.urls.push(url);
      asked.authorizations.push(new Headers(init.headers).get('authorization'));
      return answer(url, init);
    },
  );
  return { client, asked };
}

const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

test('a link to another host is not followed, and no token is asked for', async () => {
  const { client, asked } = clientOver(() => json({}));
  for (const link of [
    'https://elsewhere.test/v1.0/users',
    'https://graph.test.elsewhere.test/v1.0/users',
    'https://graph.test:444/v1.0/users',
  ])
    await expect(client.follow(link, never)).rejects.toThrow(BadAnswerError);
  expect(asked).toEqual({ tokens: [], urls: [], authorizations: [] });
});

test('a link of the tenant is followed as it is', async () => {
  const { client, asked } = clientOver(() => json({}));
  const link = `${origin}/v1.0/users/delta?$deltatoken=a%2Bb=c&x=%20`;
  await client.follow(link, never);
  expect(asked.urls).toEqual([link]);
});

test('a path keeps what is encoded in it', async () => {
  const { client, asked } = clientOver(() => json({}));
  await client.send({ method: 'GET', path: "/groups(uniqueName='a%2Bb%2Fc%3D%3D')?$select=id%2CdisplayName" }, never);
  await client.send({ method: 'GET', path: '/users', version: 'beta' }, never);
  expect(asked.urls).toEqual([
    `${origin}/v1.0/groups(uniqueName='a%2Bb%2Fc%3D%3D')?$select=id%2CdisplayName`,
    `${origin}/beta/users`,
  ]);
});

test('a token the tenant finds expired is replaced once, and a second refusal is the answer', async () => {
  const expired = clientOver((_, init) =>
    json({}, new Headers(init.headers).get('authorization') === 'Bearer token-2' ? 200 : 401),
  );
  expect(await expired.client.send({ method: 'GET', path: '/users' }, never)).toMatchObject({ status: 200 });
  expect(expired.asked.tokens).toEqual([false, true]);
  const refused = clientOver(() => json({}, 401));
  expect(await refused.client.send({ method: 'GET', path: '/users' }, never)).toMatchObject({ status: 401 });
  expect(refused.asked.urls).toHaveLength(2);
});

describe('what is not an answer of the tenant', () => {
  test.each([
    [
      'a page',
      new Response('<html>Sign in to the hotel</html>', { status: 200, headers: { 'content-type': 'text/html' } }),
    ],
    ['half a JSON text', new Response('{"value":[{"id"', { status: 200 })],
    ['a redirect', new Response(null, { status: 302, headers: { location: 'https://portal.test' } })],
    ['an error page', new Response('Forbidden by policy', { status: 403 })],
  ])('%s is refused', async (_, response) => {
    const { client } = clientOver(() => response);
    await expect(client.send({ method: 'GET', path: '/users?$select=id' }, never)).rejects.toThrow(BadAnswerError);
  });

  test('but of a gateway’s error the status is enough', async () => {
    const { client } = clientOver(() => new Response('<html>Bad gateway</html>', { status: 502 }));
    expect(await client.send({ method: 'GET', path: '/users' }, never)).toMatchObject({ status: 502, body: undefined });
  });
});

test('what the network throws comes through as it is', async () => {
  const error = new BadAnswerError('x', 'y');
  const { client } = clientOver(() => {
    throw error;
  });
  await expect(client.send({ method: 'GET', path: '/users' }, never)).rejects.toBe(error);
});
