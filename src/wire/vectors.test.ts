import { describe, expect, it } from 'vitest';
import type { Value, XmlContent, XmlElement } from './index.ts';
import { attribute, decodeFragment, element, encode, isElement, namespace, textOf } from './index.ts';

/**
 * Bytes that .NET's own writer made, the XML its reader shows for them, and the tree that stands for them here.
 * Each is read and compared as XML, and written and compared as bytes.
 */
type Vector = readonly [name: string, hex: string, xml: string, tree: XmlElement, use?: 'none'];

const e = (...content: readonly XmlContent[]): XmlElement => element('e', [], content);
const soap = 'http://www.w3.org/2003/05/soap-envelope';
const schema = 'http://www.w3.org/2001/XMLSchema';
const instance = 'http://www.w3.org/2001/XMLSchema-instance';
const uuid = '00112233-4455-6677-8899-aabbccddeeff';
const count = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at & 0xff);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const double = (value: number): Value => ({ type: 'double', value });

const base64Xml = (length: number): string => `<e>${Buffer.from(count(length)).toString('base64')}</e>`;

const vectors: readonly Vector[] = [
  ['empty element', '40016501', '<e></e>', e()],
  ['empty string', '40016501', '<e></e>', e('')],
  ['string:a', '400165990161', '<e>a</e>', e('a')],
  ['string:hello', '400165990568656c6c6f', '<e>hello</e>', e('hello')],
  ['string:é€😀', '4001659909c3a9e282acf09f9880', '<e>é€😀</e>', e('é€😀')],
  ['string:0', '40016581', '<e>0</e>', e('0')],
  ['string:1', '40016583', '<e>1</e>', e('1')],
  ['string:true', '400165990474727565', '<e>true</e>', e('true')],
  ['string:User', '400165990455736572', '<e>User</e>', e('User')],
  [
    'string:45 chars',
    '400165992d75726e3a757569643a30303131323233332d343435352d363637372d383839392d616162626363646465656666',
    '<e>urn:uuid:00112233-4455-6677-8899-aabbccddeeff</e>',
    e('urn:uuid:00112233-4455-6677-8899-aabbccddeeff'),
  ],
  ['string:a<b>&"\'', '4001659907613c623e262227', '<e>a&lt;b&gt;&amp;"\'</e>', e('a<b>&"\'')],
  ['string:  sp  ', '4001659906202073702020', '<e>  sp  </e>', e('  sp  ')],
  ['string:line\nfeed', '40016599096c696e650a66656564', '<e>line\nfeed</e>', e('line\nfeed')],
  ['string:tab\tcr\r', '40016599077461620963720d', '<e>tab\tcr\r</e>', e('tab\tcr\r')],
  ['int:0', '40016581', '<e>0</e>', e(0)],
  ['int:1', '40016583', '<e>1</e>', e(1)],
  ['int:2', '4001658902', '<e>2</e>', e(2)],
  ['int:-1', '40016589ff', '<e>-1</e>', e(-1)],
  ['int:127', '400165897f', '<e>127</e>', e(127)],
  ['int:128', '4001658b8000', '<e>128</e>', e(128)],
  ['int:-128', '4001658980', '<e>-128</e>', e(-128)],
  ['int:-129', '4001658b7fff', '<e>-129</e>', e(-129)],
  ['int:32767', '4001658bff7f', '<e>32767</e>', e(32767)],
  ['int:32768', '4001658d00800000', '<e>32768</e>', e(32768)],
  ['int:-32768', '4001658b0080', '<e>-32768</e>', e(-32768)],
  ['int:-32769', '4001658dff7fffff', '<e>-32769</e>', e(-32769)],
  ['int:2147483647', '4001658dffffff7f', '<e>2147483647</e>', e(2147483647)],
  ['int:-2147483648', '4001658d00000080', '<e>-2147483648</e>', e(-2147483648)],
  ['long:0', '40016581', '<e>0</e>', e(0)],
  ['long:1', '40016583', '<e>1</e>', e(1)],
  ['long:5', '4001658905', '<e>5</e>', e(5)],
  ['long:2147483648', '4001658f0000008000000000', '<e>2147483648</e>', e(2147483648)],
  ['long:-2147483649', '4001658fffffff7fffffffff', '<e>-2147483649</e>', e(-2147483649)],
  ['long:9223372036854775807', '4001658fffffffffffffff7f', '<e>9223372036854775807</e>', e(9223372036854775807n)],
  ['bool true', '40016587', '<e>true</e>', e(true)],
  ['bool false', '40016585', '<e>false</e>', e(false)],
  ['double 1.5', '400165910000c03f', '<e>1.5</e>', e(double(1.5))],
  ['double 2', '4001658902', '<e>2</e>', e(double(2))],
  ['float 1.5', '400165910000c03f', '<e>1.5</e>', e(double(1.5))],
  [
    'decimal 1.337',
    '4001659500000300000000003905000000000000',
    '<e>1.337</e>',
    e({ type: 'decimal', unscaled: 1337n, scale: 3 }),
  ],
  [
    'datetime min',
    '400165970000000000000000',
    '<e>0001-01-01T00:00:00</e>',
    e({ type: 'dateTime', ticks: 0n, zone: 'unspecified' }),
  ],
  [
    'datetime utc',
    '40016597d26e87ba6e49df48',
    '<e>2026-11-23T14:33:23.456789Z</e>',
    e({ type: 'dateTime', ticks: 639310412034567890n, zone: 'utc' }),
  ],
  [
    'datetime unspecified',
    '4001659780bb41ba6e49df08',
    '<e>2026-11-23T14:33:23</e>',
    e({ type: 'dateTime', ticks: 639310412030000000n, zone: 'unspecified' }),
  ],
  [
    'datetime local(TZ=UTC)',
    '4001659780bb41ba6e49df88',
    '<e>2026-11-23T14:33:23+00:00</e>',
    e({ type: 'dateTime', ticks: 639310412030000000n, zone: 'local' }),
  ],
  ['timespan PT30M', '400165af0034e23004000000', '<e>PT30M</e>', e({ type: 'duration', ticks: 18_000_000_000n })],
  [
    'guid',
    '400165b133221100554477668899aabbccddeeff',
    '<e>00112233-4455-6677-8899-aabbccddeeff</e>',
    e({ type: 'uuid', uuid }),
  ],
  [
    'uniqueid',
    '400165ad33221100554477668899aabbccddeeff',
    '<e>urn:uuid:00112233-4455-6677-8899-aabbccddeeff</e>',
    e({ type: 'urn', uuid }),
  ],
  ['uniqueid text', '400165990575726e3a78', '<e>urn:x</e>', e('urn:x')],
  ['base64 0', '40016501', '<e></e>', e(count(0))],
  ['base64 1', '4001659f0100', '<e>AA==</e>', e(count(1))],
  ['base64 3', '4001659f03000102', '<e>AAEC</e>', e(count(3))],
  [
    'dict string text',
    '400165ab14',
    '<e>http://www.w3.org/2005/08/addressing/anonymous</e>',
    e({ type: 'known', text: 'http://www.w3.org/2005/08/addressing/anonymous' }),
  ],
  [
    'dict element',
    '56020b01730401',
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"></s:Envelope>',
    element('s:Envelope', [namespace('s', soap)]),
  ],
  [
    'dict element default ns',
    '42020a0401',
    '<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"></Envelope>',
    element('Envelope', [namespace('', soap)]),
  ],
  [
    'string element same text as dict',
    '7008456e76656c6f706509017327687474703a2f2f7777772e77332e6f72672f323030332f30352f736f61702d656e76656c6f706501',
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"></s:Envelope>',
    element('s:Envelope', [namespace('s', soap)]),
    'none',
  ],
  [
    'prefix a..z string element',
    '5f03466f6f0901620575726e3a6e01',
    '<b:Foo xmlns:b="urn:n"></b:Foo>',
    element('b:Foo', [namespace('b', 'urn:n')]),
  ],
  [
    'prefix long string element',
    '410361626303466f6f09036162630575726e3a6e01',
    '<abc:Foo xmlns:abc="urn:n"></abc:Foo>',
    element('abc:Foo', [namespace('abc', 'urn:n')]),
  ],
  [
    'prefix long dict element',
    '4303616263080b036162630401',
    '<abc:Header xmlns:abc="http://www.w3.org/2003/05/soap-envelope"></abc:Header>',
    element('abc:Header', [namespace('abc', soap)]),
  ],
  [
    'default ns string element',
    '4003466f6f080575726e3a6e01',
    '<Foo xmlns="urn:n"></Foo>',
    element('Foo', [namespace('', 'urn:n')]),
  ],
  [
    'attributes',
    '4001650401788204017982380e6d757374556e6465727374616e648209017327687474703a2f2f7777772e77332e6f72672f323030332f30352f736f61702d656e76656c6f706501',
    '<e x="1" y="1" s:mustUnderstand="1" xmlns:s="http://www.w3.org/2003/05/soap-envelope"></e>',
    element('e', [attribute('x', '1'), attribute('y', '1'), attribute('s:mustUnderstand', '1'), namespace('s', soap)]),
    'none',
  ],
  [
    'attributes dict',
    '56081e00820b01730401',
    '<s:Header s:mustUnderstand="1" xmlns:s="http://www.w3.org/2003/05/soap-envelope"></s:Header>',
    element('s:Header', [attribute('s:mustUnderstand', '1'), namespace('s', soap)]),
  ],
  [
    'xsi:nil dict',
    '40016514f606860b0169f20601',
    '<e i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"></e>',
    element('e', [attribute('i:nil', true), namespace('i', instance)]),
  ],
  [
    'qname dict (i:type d:string)',
    '40016514f806bc0396070b0164f4060b0169f206990176',
    '<e i:type="d:string" xmlns:d="http://www.w3.org/2001/XMLSchema" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">v</e>',
    element(
      'e',
      [
        attribute('i:type', { type: 'qname', prefix: 'd', name: 'string' }),
        namespace('d', schema),
        namespace('i', instance),
      ],
      ['v'],
    ),
  ],
  [
    'qname string',
    '40016514f8069805643a666f6f0901640575726e3a6e0b0169f20601',
    '<e i:type="d:foo" xmlns:d="urn:n" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"></e>',
    element('e', [attribute('i:type', 'd:foo'), namespace('d', 'urn:n'), namespace('i', instance)]),
  ],
  [
    'qname high dict id (anyType=0x398.. multi-byte)',
    '40016514f806bc0398070b0164f4060b0169f20601',
    '<e i:type="d:base64Binary" xmlns:d="http://www.w3.org/2001/XMLSchema" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"></e>',
    element('e', [
      attribute('i:type', { type: 'qname', prefix: 'd', name: 'base64Binary' }),
      namespace('d', schema),
      namespace('i', instance),
    ]),
  ],
  ['mixed text+child', '40016598017840016601990179', '<e>x<f></f>y</e>', e('x', element('f'), 'y')],
  ['text chunks', '4001659802616299026364', '<e>abcd</e>', e('ab', 'cd')],
  ['comment', '40016502016301', '<e><!--c--></e>', e({ type: 'comment', text: 'c' })],
  ['chars raw', '40016599026869', '<e>hi</e>', e('hi')],
  [
    'list attr NMTOKENS (WriteValue object[])',
    '400165a48298016186a601',
    '<e>1 a true</e>',
    e({ type: 'list', items: ['1', 'a', true] }),
  ],
  ['base64: 255 bytes', `4001659fff${hexOf(count(255))}`, base64Xml(255), e(count(255))],
  ['base64: 256 bytes', `4001659eff${hexOf(count(255))}9f01ff`, base64Xml(256), e(count(256))],
  ['base64: 65536 bytes', `400165a0ffff${hexOf(count(65535))}9f01ff`, base64Xml(65536), e(count(65536))],
];

/** `count` characters x: .NET ends the element of a long text by a record of its own, and reads the joined form as well. */
const long = (count: number, head: string, ours: string): readonly [string, string, string, string] => {
  const text = '78'.repeat(count);
  return [
    `string: ${count} characters`,
    `400165${head}${text}01`,
    `<e>${'x'.repeat(count)}</e>`,
    `400165${ours}${text}`,
  ];
};

/** Forms that .NET reads and no writer of ours chooses: what it writes for the same text is shown beside. */
const otherForms: readonly (readonly [name: string, hex: string, xml: string, ours: string])[] = [
  ['UnicodeChars8', '400165b706610062006300', '<e>abc</e>', '4001659903616263'],
  ['Bool record', '400165b501', '<e>true</e>', '400165990474727565'],
  ['Empty text w/ end', '400165a9', '<e></e>', '40016501'],
  ['Zero', '40016581', '<e>0</e>', '40016581'],
  ['One', '40016583', '<e>1</e>', '40016583'],
  ['False', '40016585', '<e>false</e>', '400165990566616c7365'],
  ['True', '40016587', '<e>true</e>', '400165990474727565'],
  ['Int16 w/end', '4001658b3905', '<e>1337</e>', '400165990431333337'],
  [
    'array of int32',
    '0340046974656d018d03010000000200000003000000',
    '<item>1</item><item>2</item><item>3</item>',
    '40046974656d8340046974656d99013240046974656d990133',
  ],
  long(255, '98ff', '99ff'),
  long(256, '9a0001', '9b0001'),
  long(65535, '9affff', '9bffff'),
  long(65536, '9c00000100', '9d00000100'),
];

function xmlOf(node: XmlContent): string {
  if (!isElement(node)) {
    if (typeof node === 'object' && 'type' in node && node.type === 'comment') return `<!--${node.text}-->`;
    return textOf(node).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  }
  const name = node.prefix === '' ? node.name : `${node.prefix}:${node.name}`;
  const attributes = node.attributes.map((one) =>
    one.type === 'namespace'
      ? ` xmlns${one.prefix === '' ? '' : `:${one.prefix}`}="${one.uri}"`
      : ` ${one.prefix === '' ? '' : `${one.prefix}:`}${one.name}="${textOf(one.value)}"`,
  );
  return `<${name}${attributes.join('')}>${node.content.map(xmlOf).join('')}</${name}>`;
}

const rows = vectors.map(([name, hex, xml, tree, use]) => ({ name, hex, xml, tree, use }));
/** The names that these vectors' author gave as strings of the dictionary; `e` is one too, and was not. */
const byNumber = new Set(['Envelope', 'Header', 'mustUnderstand', 'nil', 'type', soap, schema, instance]);

describe('the bytes of .NET', () => {
  it.each(rows)('$name: read as the same XML', ({ hex, xml }) => {
    const read = decodeFragment(Buffer.from(hex, 'hex')).map(xmlOf).join('');
    // A reader of values has no use for comments, and leaves them out.
    expect(read).toBe(xml.replace(/<!--.*-->/, ''));
  });

  it.each(rows)('$name: written byte for byte', ({ hex, xml, tree, use }) => {
    expect(xmlOf(tree)).toBe(xml);
    expect(encode(tree, use === 'none' ? 'none' : byNumber).equals(Buffer.from(hex, 'hex'))).toBe(true);
  });

  it.each(otherForms)('%s: read as the same XML, written in our form', (_name, hex, xml, ours) => {
    const read = decodeFragment(Buffer.from(hex, 'hex'));
    expect(read.map(xmlOf).join('')).toBe(xml);
    expect(read.map((root) => encode(root, 'none').toString('hex')).join('')).toBe(ours);
  });
});
