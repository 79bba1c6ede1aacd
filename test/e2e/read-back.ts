import type { Sandbox } from '../../src/sandbox/index.ts';
import {
  attributeText,
  child,
  children,
  childText,
  decode,
  element,
  encode,
  find,
  namespace,
  namespaces,
  servicePath,
  text,
} from '../../src/wire/index.ts';
import { rawClient } from '../sync-api/raw-client.ts';

/** Properties by the service's names: text, or texts where there may be many; bytes in base64. */
export type SyncedObject = Readonly<Record<string, string | readonly string[]>>;

/** All that the tenant holds of what synchronization writes, asked of the service itself by one message over HTTPS. */
export async function readBack(sandbox: Sandbox): Promise<readonly SyncedObject[]> {
  using client = rawClient(sandbox);
  const token = await client.delegatedToken();
  const asked = encode(
    element(
      's:Envelope',
      [namespace('s', namespaces.soap)],
      [
        element(
          's:Header',
          [],
          [
            element(
              'SyncToken',
              [namespace('', namespaces.token)],
              Object.entries({ BearerToken: token, DirSyncBuildNumber: '2.4.21.0' }).map(([name, value]) =>
                element(name, [namespace('', namespaces.service)], [value]),
              ),
            ),
          ],
        ),
        element(
          's:Body',
          [],
          [
            element(
              'ReadBackAzureADSyncObjects2',
              [namespace('', namespaces.service)],
              [element('isFullSync', [], ['true'])],
            ),
          ],
        ),
      ],
    ),
  );
  const { status, body } = await client.send(servicePath, { 'content-type': 'application/soap+msbin1' }, asked);
  if (status !== 200) throw new Error(`the service answers ${status}`);
  return children(find(decode(body), 'ResultObjects'), 'AzureADSyncObject').map((object) => ({
    type: childText(object, 'SyncObjectType') ?? '',
    ...Object.fromEntries(
      children(child(object, 'PropertyValues'), 'KeyValueOfstringanyType').map((entry) => [
        childText(entry, 'Key') ?? '',
        wordsOf(child(entry, 'Value')),
      ]),
    ),
  }));
}

function wordsOf(value: ReturnType<typeof child>): string | readonly string[] {
  if (value === undefined) return '';
  const many = attributeText(value, 'type')?.includes('ArrayOf') === true;
  return many ? children(value).map(text) : text(value);
}
