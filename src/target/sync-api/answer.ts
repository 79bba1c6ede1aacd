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

/** One object of a read-back. */
export interface AnsweredObject {
  /** Without its properties. */
  readonly element: XmlElement;
  readonly properties: readonly AnsweredProperty[];
}

export interface AnsweredProperty {
  /** Key and value. */
  readonly element: XmlElement;
  /** The texts of a list, in place of elements in the value: a group's members are a great many. */
  readonly texts: readonly string[];
}

const objectPath = [
  'ResultObjects',
  'AzureADSyncObject',
  'PropertyValues',
  'KeyValueOfstringanyType',
  'Value',
  'string',
];
const [above, objectDepth, propertyDepth, textDepth] = [4, 6, 8, 10];

/** Objects of a read-back, their properties, and the texts of a list. */
function isPart(names: readonly string[]): boolean {
  const depth = names.length;
  if (depth !== objectDepth && depth !== propertyDepth && depth !== textDepth) return false;
  for (let at = above; at < depth; at += 1) if (names[at] !== objectPath[at - above]) return false;
  return true;
}

/** Reads an answer as it comes; each object of a read-back goes to `item` and is not kept. */
export async function readAnswer(
  operation: string,
  chunks: AsyncIterable<Uint8Array>,
  item: (object: AnsweredObject) => void = () => undefined,
): Promise<Answer> {
  let envelope: XmlElement | undefined;
  let properties: AnsweredProperty[] = [];
  let texts: string[] = [];
  for await (const { type, element } of decodeStream(chunks, isPart)) {
    if (type === 'root') envelope = element;
    else if (element.name === 'string') texts.push(text(element));
    else if (element.name === 'AzureADSyncObject') {
      item({ element, properties });
      properties = [];
    } else {
      properties.push({ element, texts });
      texts = [];
    }
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
