import { expect } from 'vitest';
import { type Answer, readEvents, send, sendJson } from './http.ts';
import { type Call, Contract, type Operation } from './openapi.ts';

/** What a client is told when it was the request itself that the document does not allow. */
const wrongRequests = [400, 413, 415];

/** A client that holds all it sends and every answer it gets to the daemon's own description, and notes what it has seen. */
export class ContractClient {
  readonly contract: Contract;
  /** `operationId status` */
  readonly seen = new Set<string>();
  readonly #url: string;
  readonly #token: string;

  private constructor(contract: Contract, url: string, token: string) {
    this.contract = contract;
    this.#url = url;
    this.#token = token;
  }

  static async of(url: string, token: string): Promise<ContractClient> {
    const { text } = await send(url, { path: '/api/v1/openapi.json', token });
    return new ContractClient(new Contract(text), url, token);
  }

  pathOf({ path }: Operation, { params = {}, query = {} }: Call = {}): string {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? 1)));
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
    return search === '' ? filled : `${filled}?${search}`;
  }

  /** Notes an answer after holding it to what the document says of its status. */
  check(operation: Operation, answer: Answer): void {
    const name = `${operation.operationId} ${answer.status}`;
    const said = answer.text.slice(0, 500);
    const described = operation.responses[String(answer.status)];
    expect(described, `${name} is not in the document: ${said}`).toBeDefined();
    const [[type, content] = []] = Object.entries(described?.content ?? {});
    expect(answer.headers['content-type']?.split(';')[0], name).toBe(type);
    if (type === 'application/json' || type === 'application/problem+json') {
      expect(this.contract.problems(content?.schema, JSON.parse(answer.text)), `${name}: ${said}`).toEqual([]);
    }
    for (const header of Object.keys(described?.headers ?? {})) {
      expect(answer.headers, name).toHaveProperty(header.toLowerCase());
    }
    this.seen.add(name);
  }

  /** Calls an operation by its name and gives back the answer's JSON. */
  async call(operationId: string, expected: number, asked: Call = {}): Promise<Record<string, unknown>> {
    const operation = this.contract.of(operationId);
    const path = this.pathOf(operation, asked);
    const answer = await sendJson(this.#url, this.#token, operation.method, path, asked.body, asked.headers);
    this.check(operation, answer);
    expect(answer.status, `${operationId}: ${answer.text.slice(0, 500)}`).toBe(expected);
    if (!wrongRequests.includes(expected)) {
      expect(this.contract.problemsOfCall(operation, asked), `${operationId} ${expected}`).toEqual([]);
    }
    const isJson = answer.headers['content-type']?.includes('json') === true;
    return isJson ? (JSON.parse(answer.text) as Record<string, unknown>) : {};
  }

  async refused(operationId: string, expected: number, code: string, asked: Call = {}): Promise<void> {
    expect(await this.call(operationId, expected, asked)).toMatchObject({ code, status: expected });
  }

  /** The events of a stream, each held to its shape, until it ends or enough were seen. */
  async events(operationId: string, asked: Call = {}, enough?: Parameters<typeof readEvents>[3]) {
    const operation = this.contract.of(operationId);
    const events = await readEvents(this.#url, this.#token, this.pathOf(operation, asked), enough);
    const shapes = operation.responses['200']?.content['text/event-stream']?.['x-events'] ?? {};
    for (const { event, data } of events) expect(this.contract.problems(shapes[event], data), event).toEqual([]);
    this.seen.add(`${operationId} 200`);
    return events;
  }

  /** A cycle from its start to its end, as a client follows it. */
  async cycle(body: unknown): Promise<Record<string, unknown>> {
    const { id } = await this.call('startCycle', 202, { body });
    const params = { cycle: Number(id) };
    const events = await this.events('watchCycle', { params });
    expect(events.at(-1)?.event).toBe('ended');
    return await this.call('getCycle', 200, { params });
  }
}
