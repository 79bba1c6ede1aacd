import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  readonly token?: string | undefined;
}

/** One request by plain HTTP, with exactly these headers. */
export async function send(url: string, { method = 'GET', path, headers = {}, body, token }: Sent): Promise<Answer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const sent = request(url, { method, path, headers: { ...authorization, ...headers }, agent: false });
  sent.end(body);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no response');
  return { status: response.statusCode ?? 0, headers: response.headers, text: await textOf(response) };
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A request as JSON, with a token. */
export function sendJson(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  more: Sent['headers'] = {},
): Promise<Answer> {
  if (body === undefined) return send(url, { method, path, token, headers: { ...more } });
  const text = JSON.stringify(body);
  return send(url, {
    method,
    path,
    token,
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)), ...more },
    body: text,
  });
}

/** Bytes as they are on a connection of their own; whatever comes back until it is closed. */
export async function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
  socket.on('error', () => {});
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

/** Reads server-sent events until the stream ends or enough were seen. */
export async function readEvents(
  url: string,
  token: string,
  path: string,
  enough: (events: readonly { event: string; data: unknown }[]) => boolean = () => false,
): Promise<{ event: string; data: unknown }[]> {
  const sent = request(url, {
    path,
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    agent: false,
  });
  sent.end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (response === undefined) throw new Error('no response');
  const events: { event: string; data: unknown }[] = [];
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = block.match(/^event: (.*)$/m)?.[1];
      const data = block.match(/^data: (.*)$/m)?.[1];
      if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) });
    }
    if (enough(events)) break;
  }
  sent.destroy();
  return events;
}
