import {
  actionOf,
  attribute,
  child,
  children,
  childText,
  decode,
  element,
  encode,
  namespace,
  namespaces,
  type XmlContent,
  type XmlElement,
} from '../../wire/index.ts';
import { fault, type SyncFault, type SyncRedirect } from './faults.ts';

/** A call as it came, whoever made it: names are read without their prefixes. */
export interface SyncCall {
  readonly operation: string;
  /** The operation's own element. */
  readonly body: XmlElement;
  readonly messageId: string | undefined;
  readonly token: string;
  readonly build: string | undefined;
}

export function readCall(bytes: Uint8Array): SyncCall {
  const envelope = decode(bytes);
  const header = child(envelope, 'Header');
  const [body] = children(child(envelope, 'Body'));
  if (envelope.name !== 'Envelope' || body === undefined) throw fault.malformed('it is no SOAP envelope');
  const token = child(header, 'SyncToken');
  return {
    operation: body.name,
    body,
    messageId: childText(header, 'MessageID'),
    token: childText(token, 'BearerToken') ?? '',
    build: childText(token, 'DirSyncBuildNumber'),
  };
}

/** Clients look for these prefixes: `s:` for the envelope, and what the operation's own elements bring. */
function envelope(action: string, messageId: string | undefined, content: readonly XmlContent[]): Buffer {
  const relates = messageId === undefined ? [] : [element('a:RelatesTo', [], [messageId])];
  return encode(
    element(
      's:Envelope',
      [namespace('s', namespaces.soap), namespace('a', namespaces.addressing)],
      [
        element('s:Header', [], [element('a:Action', [attribute('s:mustUnderstand', '1')], [action]), ...relates]),
        element('s:Body', [], content),
      ],
    ),
  );
}

/** `result` is the element `{operation}Result`, where there is one. */
export function writeAnswer(operation: string, messageId: string | undefined, result: XmlElement | undefined): Buffer {
  const response = element(
    `${operation}Response`,
    [namespace('', namespaces.service)],
    result === undefined ? [] : [result],
  );
  return envelope(`${actionOf(operation)}Response`, messageId, [response]);
}

export function writeFault(
  operation: string,
  messageId: string | undefined,
  { message, code }: SyncFault,
  trackingId: string,
): Buffer {
  const members: readonly XmlElement[] = [
    ...(code === undefined ? [] : [element('ErrorCode', [], [code])]),
    element('ErrorDescription', [], [message]),
    element('ServerName', [], ['SANDBOX']),
    element('TrackingId', [], [trackingId]),
  ];
  const detail = element('AdminWebServiceFault', [namespace('', namespaces.coexistence)], members);
  return faultEnvelope(operation, messageId, message, detail);
}

export function writeRedirect(operation: string, messageId: string | undefined, { url }: SyncRedirect): Buffer {
  const detail = element(
    'BindingRedirectionFault',
    [namespace('', namespaces.coexistence)],
    [element('Url', [], [url])],
  );
  return faultEnvelope(operation, messageId, 'The binding is redirected.', detail);
}

function faultEnvelope(operation: string, messageId: string | undefined, reason: string, detail: XmlElement): Buffer {
  return envelope(`${actionOf(operation)}Fault`, messageId, [
    element(
      's:Fault',
      [],
      [
        element('s:Code', [], [element('s:Value', [], ['s:Sender'])]),
        element('s:Reason', [], [element('s:Text', [attribute('xml:lang', 'en-US')], [reason])]),
        element('s:Detail', [], [detail]),
      ],
    ),
  ]);
}

/** A member of a result; without a value it is nil, as clients look for it. */
export function member(name: string, value: string | undefined): XmlElement {
  return value === undefined ? element(name, [attribute('i:nil', 'true')]) : element(name, [], [value]);
}

/** What the value of an operation's boolean is, in whatever case it is written. */
export function flag(parent: XmlElement, name: string): boolean {
  return /^(true|1)$/i.test(childText(parent, name)?.trim() ?? '');
}
