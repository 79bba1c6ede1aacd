import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerLostError, BadAnswerError } from '../errors.ts';
import { batchAnswers, batchBody } from './batch.ts';
import type { GraphAnswer } from './client.ts';

const answer = (body: unknown): GraphAnswer => ({ status: 200, body, header: () => undefined, requestId: 'batch' });

const isFinal = (status: unknown): boolean => Number.isInteger(status) && /^[245]..$/.test(String(status));

test('answers come back in any order and go to the request they are for', () => {
  const orders = fc.integer({ min: 1, max: 20 }).chain((count) =>
    fc.shuffledSubarray(
      Array.from({ length: count }, (_, i) => i),
      { minLength: count },
    ),
  );
  fc.assert(
    fc.property(orders, (order) => {
      const responses = order.map((i) => ({
        id: String(i + 1),
        status: 200 + i,
        headers: { 'Request-Id': `r${i}` },
        body: { i },
      }));
      const answers = batchAnswers(order.length, answer({ responses }));
      expect(answers).toHaveLength(order.length);
      answers.forEach((one, i) => {
        expect(one).toMatchObject({ status: 200 + i, body: { i }, requestId: `r${i}` });
      });
    }),
  );
});

test('a request the batch came back without is lost, the others are not', () => {
  const answers = batchAnswers(
    3,
    answer({
      responses: [
        { id: '3', status: 204 },
        { id: '1', status: 204 },
      ],
    }),
  );
  expect(answers[0]).toMatchObject({ status: 204 });
  expect(answers[1]).toBeInstanceOf(AnswerLostError);
  expect(answers[2]).toMatchObject({ status: 204 });
});

test('whatever comes in place of a batch answer, each request has an outcome', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 20 }), (body, count) => {
      const answers = batchAnswers(count, answer(body));
      expect(answers).toHaveLength(count);
      for (const one of answers)
        expect(one instanceof AnswerLostError || one instanceof BadAnswerError || isFinal(one.status)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.integer({ min: -10, max: 700 }), fc.double()), (status) => {
      const [one] = batchAnswers(1, answer({ responses: [{ id: '1', status }] }));
      if (isFinal(status)) expect(one).toMatchObject({ status });
      else expect(one).toBeInstanceOf(BadAnswerError);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (responses) => {
      expect(batchAnswers(2, answer({ responses }))).toHaveLength(2);
    }),
  );
});

test('a body has its content type, and a request without one has none', () => {
  expect(
    batchBody([
      { method: 'DELETE', path: '/users/1' },
      { method: 'PATCH', path: '/groups/2', headers: { Prefer: 'create-if-missing' }, body: { displayName: 'x' } },
    ]),
  ).toEqual({
    requests: [
      { id: '1', method: 'DELETE', url: '/users/1' },
      {
        id: '2',
        method: 'PATCH',
        url: '/groups/2',
        headers: { 'Content-Type': 'application/json', Prefer: 'create-if-missing' },
        body: { displayName: 'x' },
      },
    ],
  });
});
