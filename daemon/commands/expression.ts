import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CaseAnswer, type Dialect, dialects, runCase } from '../../src/rules/index.ts';
import { InputFileError, UsageError } from '../errors.ts';
import { command, type ExitCode, type Terminal } from './command.ts';

const caseShape = z.object({
  id: z.string(),
  dialect: z.string().optional(),
  expression: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
});
const casesShape = z.array(caseShape);
const inputShape = z.record(z.string(), z.unknown());

export const expressionCommand = command({
  name: 'expression',
  usage: [`expression 'TEXT' [--input 'JSON'] [--dialect ${dialects.join('|')}]`, 'expression --cases FILE'],
  summary:
    'Evaluates a mapping expression on attributes given as a JSON object; with --cases a JSON array of {id, dialect, expression, inputs}, one answer a line.',
  options: {
    input: { type: 'string', default: '{}' },
    dialect: { type: 'string', default: dialects[0] },
    cases: { type: 'string' },
  },
  positionals: [0, 1],
  async run({ values, positionals, terminal }) {
    const [expression] = positionals;
    const { cases, input, dialect } = values;
    if ((cases === undefined) === (expression === undefined)) {
      throw new UsageError('"expression" takes either a text or --cases.', 'See cloudsync expression --help.');
    }
    if (expression === undefined) return runCases(cases ?? '', terminal);
    if (!dialects.includes(dialect as Dialect))
      throw new UsageError(`--dialect is "${dialect}".`, `Give ${dialects.join(' or ')}.`);
    const inputs = parse('--input', input, inputShape);
    const { id: _, ...answer } = answerOf({ id: '', dialect, expression, inputs }, terminal);
    terminal.out(`${JSON.stringify(answer)}\n`);
    return 'error' in answer ? 1 : 0;
  },
});

/** An answer that is an error is an answer: the cases are there to show them. */
function runCases(file: string, terminal: Terminal): ExitCode {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputFileError(file, 'it cannot be read', error);
  }
  for (const example of parse(file, text, casesShape)) terminal.out(`${JSON.stringify(answerOf(example, terminal))}\n`);
  return 0;
}

function answerOf(example: z.output<typeof caseShape>, { now }: Terminal): CaseAnswer {
  return runCase(example, { now, random: (bound) => randomInt(bound) });
}

function parse<T extends z.ZodType>(what: string, text: string, shape: T): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputFileError(what, `it is not JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  const { data, error } = shape.safeParse(json);
  if (error === undefined) return data;
  const [issue] = error.issues;
  throw new InputFileError(
    what,
    `${(issue?.path ?? []).map(String).join('.')} ${issue?.message ?? 'is not as expected'}`.trim(),
  );
}
