import {
  actionOf,
  attribute,
  element,
  encode,
  namespace,
  namespaces,
  type Value,
  type XmlContent,
  type XmlElement,
} from '../../wire/index.ts';

/** The application and version that clients of this service say they are. */
export const applicationId = '1651564e-7ce4-4d99-88be-0a65050d8dc3';
export const clientVersion = '8.0';

export interface RequestFacts {
  readonly operation: string;
  /** Where it is sent: part of the message, so a redirected one is written anew. */
  readonly url: string;
  readonly token: string;
  readonly build: string;
  /** A GUID: message id, tracking id and HTTP's `client-request-id`. */
  readonly id: string;
}

/** A request as one binary message: the token travels in its SOAP header. */
export function writeRequest(facts: RequestFacts, content: readonly XmlContent[]): Buffer {
  const { operation, url, id } = facts;
  const mustUnderstand = attribute('s:mustUnderstand', '1');
  return encode(
    element(
      's:Envelope',
      [namespace('s', namespaces.soap), namespace('a', namespaces.addressing)],
      [
        element(
          's:Header',
          [],
          [
            element('a:Action', [mustUnderstand], [actionOf(operation)]),
            syncToken(facts),
            element('a:MessageID', [], [{ type: 'urn', uuid: id }]),
            element('a:ReplyTo', [], [element('a:Address', [], [{ type: 'known', text: namespaces.anonymous }])]),
            element('a:To', [mustUnderstand], [url]),
          ],
        ),
        element('s:Body', [], [element(operation, [namespace('', namespaces.service)], content)]),
      ],
    ),
  );
}

/** Members in alphabetical order, as data contracts have them. */
function syncToken({ token, build, id }: RequestFacts): XmlElement {
  const members: readonly (readonly [string, Value])[] = [
    ['ApplicationId', applicationId],
    ['BearerToken', token],
    ['ClientVersion', clientVersion],
    ['DirSyncBuildNumber', build],
    ['FIMBuildNumber', build],
    ['IsInstalledOnDC', false],
    ['IssueDateTime', '0001-01-01T00:00:00'],
    ['LanguageId', 'en-US'],
    ['LiveToken', ''],
    ['ProtocolVersion', '2.0'],
    ['RichCoexistenceEnabled', false],
    ['TrackingId', id],
  ];
  return element(
    'SyncToken',
    [attribute('s:role', namespaces.token), namespace('', namespaces.token), namespace('i', namespaces.instance)],
    members.map(([name, value]) => element(name, [namespace('', namespaces.service)], [value])),
  );
}
