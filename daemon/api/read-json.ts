import type { IncomingMessage } from 'node:http';
import { BodyTooLargeError, InvalidRequestError } from './errors.ts';

/** Reads a JSON body; one that is too large is refused as soon as that is known, without waiting for its end. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLargeError(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  // An iterator would destroy the connection when left early, and the refusal with it.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else reject(new BodyTooLargeError(limit));
    });
    request.once('end', resolve);
    // The client left, or was too slow and cut off.
    request.once('error', () => reject(new InvalidRequestError('body', 'it broke off')));
    request.once('close', resolve);
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new InvalidRequestError('body', 'it is not JSON in UTF-8');
  }
}
