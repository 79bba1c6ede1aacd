import { child, childText, decodeStream, find, text, type XmlElement } from '../../wire/index.ts';

/** What the service says in place of a result. */
export type Fault =
  | { readonly type: 'redirect'; readonly url: string }
  | { readonly type: 'fault'; readonly code: string | undefined; readonly description: string };

export interface Answer {
  /** The result's element, without the objects that were handed out one by one. */
  readonly result: XmlElement | undefined;
  readonly fault: Fault | undefined;
}

const itemPath = (operation: string): string =>
  `Envelope/Body/${operation}Response/${operation}Result/ResultObjects/AzureADSyncObject`;

/** Reads an answer as it comes; each object of a read-back goes to `item` and is not kept. */
export async function readAnswer(
  operation: string,
  chunks: AsyncIterable<Uint8Array>,
  item: (object: XmlElement) => void = () => undefined,
): Promise<Answer> {
  const path = itemPath(operation);
  let envelope: XmlElement | undefined;
  for await (const part of decodeStream(chunks, (names) => names.length === 6 && names.join('/') === path)) {
    if (part.type === 'item') item(part.element);
    else envelope = part.element;
  }
  const body = child(envelope, 'Body');
  const fault = child(body, 'Fault');
  return {
    result: child(body, `${operation}Response`, `${operation}Result`),
    fault: fault === undefined ? undefined : readFault(fault),
  };
}

function readFault(fault: XmlElement): Fault {
  const redirection = find(fault, 'BindingRedirectionFault');
  const url = childText(redirection, 'Url');
  if (url !== undefined) return { type: 'redirect', url: url.trim() };
  const code = find(fault, 'ErrorCode');
  const description = find(fault, 'ErrorDescription');
  const reason = child(fault, 'Reason', 'Text');
  const words = [description, reason].map((one) => (one === undefined ? '' : text(one).trim()));
  return {
    type: 'fault',
    code: code === undefined ? undefined : text(code).trim(),
    description: words.find((one) => one !== '') ?? 'it gives no reason',
  };
}
