import { describe, expect, it } from 'vitest';
import { exchanges } from '../../test/wire/exchanges.ts';
import type { Value, XmlContent, XmlElement } from './index.ts';
import { attributeText, child, children, childText, decode, encode, find, isElement, text } from './index.ts';

/** The strings that WCF's message layer takes from the dictionary; data contracts write theirs in full. */
const messageLayer = new Set([
  'http://www.w3.org/2003/05/soap-envelope',
  'http://www.w3.org/2005/08/addressing',
  ...['Envelope', 'Header', 'Body', 'Action', 'MessageID', 'ReplyTo', 'Address', 'To', 'mustUnderstand', 'role'],
]);

/** By element, the type that its data contract gives it. */
const types: Readonly<Record<string, (text: string) => Value>> = {
  MessageID: (urn) => ({ type: 'urn', uuid: urn.slice('urn:uuid:'.length) }),
  Address: (anonymous) => ({ type: 'known', text: anonymous }),
  IssueDateTime: () => ({ type: 'dateTime', ticks: 0n, zone: 'unspecified' }),
  IsInstalledOnDC: (boolean) => boolean === 'true',
  RichCoexistenceEnabled: (boolean) => boolean === 'true',
  includeLicenseInformation: (boolean) => boolean === 'true',
  base64Binary: (base64) => Buffer.from(base64, 'base64'),
  'd:boolean': (boolean) => boolean === 'true',
  'd:long': (number) => Number(number),
  'd:base64Binary': (base64) => Buffer.from(base64, 'base64'),
};

function typed(element: XmlElement): XmlElement {
  const type = types[attributeText(element, 'type') ?? element.name];
  const value = (one: XmlContent): XmlContent =>
    isElement(one) ? typed(one) : typeof one === 'string' && type !== undefined ? type(one) : one;
  const attributes = element.attributes.map((one) =>
    one.type === 'attribute' && one.name === 'nil' ? { ...one, value: true } : one,
  );
  return { ...element, attributes, content: element.content.map(value) };
}

describe('a real WCF client', () => {
  it.each(exchanges)(
    '$operation: is read, and written again byte for byte once values have their types',
    ({ request }) => {
      expect(encode(typed(decode(request)), messageLayer).toString('hex')).toBe(request.toString('hex'));
    },
  );

  it('sends the properties of an object as a dictionary of any types', () => {
    const envelope = decode(exchanges[1]?.request ?? Buffer.alloc(0));
    const properties = children(find(envelope, 'PropertyValues')).map((entry) => {
      const value = child(entry, 'Value');
      const items = children(value).map(text);
      return [
        childText(entry, 'Key'),
        value && attributeText(value, 'type'),
        items.length > 0 ? items : childText(entry, 'Value'),
      ];
    });
    expect(properties).toEqual([
      ['SourceAnchor', 'd:string', 'Vvl6blILG0/Cr/8TWOe9pg=='],
      ['accountEnabled', 'd:boolean', 'true'],
      ['countryCode', 'd:long', '0'],
      ['onPremiseSecurityIdentifier', 'd:base64Binary', 'AQID'],
      ['proxyAddresses', 'c:ArrayOfstring', ['SMTP:a@b.c', 'smtp:d@e.f']],
      ['userCertificate', 'c:ArrayOfbase64Binary', ['CQ==']],
      ['displayName', 'd:string', 'Test Ü'],
      ['title', undefined, undefined],
    ]);
  });

  it('takes answers with every name as a plain string', () => {
    const [, second, third] = exchanges.map(({ reply }) => decode(reply));
    expect(second && childText(find(second, 'AzureADSyncObjectResult'), 'ResultCode')).toBe('Success');
    expect(third && childText(find(third, 'Reason'), 'Text')).toBe('Access denied.');
  });
});
