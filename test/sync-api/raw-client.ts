import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { decode, encode, isElement, textOf, type XmlElement } from '../../src/wire/index.ts';

export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: Buffer;
}

type Json = { readonly [name: string]: unknown };

/** A client of the sandbox with none of our own code in it but to show an answer as text. */
export interface RawClient extends Disposable {
  send(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | string,
    method?: string,
  ): Promise<Answer>;
  form(path: string, fields: Readonly<Record<string, string>>): Promise<Json>;
  /** A binary message to the synchronization service, and its answer as text with the prefixes that came. */
  call(
    message: Uint8Array,
  ): Promise<{ readonly status: number; readonly type: string | undefined; readonly xml: string }>;
  /** By device code on the old end points, as the old clients sign in. */
  delegatedToken(resource?: string): Promise<string>;
}

export const adminClient = '1b730954-1685-4b74-9bfd-dac224a7b894';

export function rawClient(sandbox: Sandbox): RawClient {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(sandbox.ca) });

  const send: RawClient['send'] = (path, headers, body, method = 'POST') =>
    new Promise((resolve, reject) => {
      const sent = request(new URL(path, sandbox.graphUrl), { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'],
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });

  const form: RawClient['form'] = async (path, fields) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return JSON.parse((await send(path, headers, new URLSearchParams(fields).toString())).body.toString('utf8'));
  };

  return {
    send,
    form,
    async call(message) {
      const headers = { 'content-type': 'application/soap+msbin1', 'user-agent': '' };
      const { status, type, body } = await send('/provisioningservice.svc', headers, message);
      return { status, type, xml: xmlOf(decode(body)) };
    },
    async delegatedToken(resource = 'https://graph.windows.net') {
      const start = await form('/common/oauth2/devicecode?api-version=1.0', { client_id: adminClient, resource });
      const poll = { grant_type: 'device_code', client_id: adminClient, code: String(start['device_code']), resource };
      const pending = await form('/common/oauth2/token', poll);
      if (pending['error'] !== 'authorization_pending') throw new Error(JSON.stringify(pending));
      return String((await form('/common/oauth2/token', poll))['access_token']);
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function xmlOf(element: XmlElement): string {
  const name = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`;
  const attributes = element.attributes
    .filter((one) => one.type === 'attribute')
    .map((one) => ` ${one.prefix}:${one.name}="${textOf(one.value)}"`);
  const content = element.content.map((one) => (isElement(one) ? xmlOf(one) : typeof one === 'string' ? one : ''));
  return `<${name}${attributes.join('')}>${content.join('')}</${name}>`;
}

/** A recorded request with another token in it. */
export function withToken(message: Buffer, token: string): Buffer {
  const change = (element: XmlElement): XmlElement => ({
    ...element,
    content: element.content.map((one) =>
      isElement(one) ? (one.name === 'BearerToken' ? { ...one, content: [token] } : change(one)) : one,
    ),
  });
  return encode(change(decode(message)), 'none');
}
