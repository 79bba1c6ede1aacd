import fc from 'fast-check';
import {
  attribute,
  element,
  isElement,
  namespace,
  textOf,
  type Value,
  type XmlAttribute,
  type XmlContent,
  type XmlElement,
} from '../../src/wire/index.ts';

const names = fc.oneof(
  fc.constantFrom('Envelope', 'Body', 'Value', 'type', 'nil', 'Key', 'e'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((name) => !name.includes(':')),
);
const uris = fc.oneof(fc.constant('http://www.w3.org/2001/XMLSchema'), fc.webUrl(), fc.constant(''));
const prefixes = fc.constantFrom('a', 'b', 'z', 'abc', 'é');
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '0', '1', 'true', 'True', ' 007 ', '{28eb3e09-2cfc-458a-ad2c-aa275bdc791a}', 'AAEC', 'User'),
);
const uuids = fc.uuid();
const ticks = fc.bigInt({ min: 0n, max: 3_155_378_975_999_999_999n });

const plainValues: fc.Arbitrary<Value> = fc.oneof(
  texts,
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.constantFrom<Value>({ type: 'known', text: 'Envelope' }, { type: 'qname', prefix: 'd', name: 'string' }),
  fc.record({ type: fc.constant('dateTime' as const), ticks, zone: fc.constantFrom('unspecified', 'utc', 'local') }),
  fc.record({ type: fc.constant('duration' as const), ticks: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constantFrom('uuid' as const, 'urn' as const), uuid: uuids }),
  fc.record({ type: fc.constant('double' as const), value: fc.oneof(fc.double(), fc.float()) }),
  fc.record({
    type: fc.constant('decimal' as const),
    unscaled: fc.bigInt({ min: -(2n ** 96n) + 1n, max: 2n ** 96n - 1n }),
    scale: fc.nat(28),
  }),
  fc.uint8Array({ maxLength: 600 }),
);

export const values: fc.Arbitrary<Value> = fc.oneof(
  { weight: 8, arbitrary: plainValues },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('list' as const), items: fc.array(plainValues, { maxLength: 4 }) }),
  },
);

const unique = (one: XmlAttribute): string =>
  one.type === 'namespace' ? `xmlns:${one.prefix}` : `${one.prefix}:${one.name}`;

/** Trees of up to five levels whose root declares every prefix in use. */
export const trees: fc.Arbitrary<XmlElement> = fc
  .letrec<{ node: XmlElement; content: XmlContent }>((tie) => ({
    node: fc
      .tuple(
        fc.option(prefixes, { nil: '' }),
        names,
        fc.uniqueArray(
          fc.oneof(
            fc
              .tuple(fc.option(prefixes, { nil: '' }), names, values)
              .map(([prefix, name, value]): XmlAttribute => ({ type: 'attribute', prefix, name, value })),
            fc.tuple(fc.constantFrom('', 'q'), uris).map(([prefix, uri]) => namespace(prefix, uri)),
          ),
          { maxLength: 4, selector: unique },
        ),
        fc.array(tie('content'), { maxLength: 4 }),
      )
      .map(([prefix, name, attributes, content]) => ({ prefix, name, attributes, content })),
    content: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      values,
      fc.record({ type: fc.constant('comment' as const), text: fc.string() }),
      tie('node'),
    ),
  }))
  .node.map((node) =>
    element(
      'root',
      ['a', 'b', 'z', 'abc', 'é'].map((prefix) => namespace(prefix, `urn:${prefix}`)),
      [node, attributeHolder],
    ),
  );

const attributeHolder = element('a:last', [attribute('b:x', 'y')]);

/** What a reader is to get of a tree: values as text, neighbours joined, comments and empty texts left out. */
export function asRead(tree: XmlElement): XmlElement {
  const content: XmlContent[] = [];
  for (const one of tree.content) {
    if (isElement(one)) content.push(asRead(one));
    else if (typeof one !== 'object' || !('type' in one) || one.type !== 'comment') {
      const last = content.at(-1);
      const text = textOf(one);
      if (typeof last === 'string') content[content.length - 1] = last + text;
      else if (text !== '') content.push(text);
    }
  }
  const attributes = tree.attributes.map((one) =>
    one.type === 'namespace' ? one : { ...one, value: textOf(one.value) },
  );
  return { prefix: tree.prefix, name: tree.name, attributes, content };
}

/** Bytes near to a message: cut, bent, repeated or put together by chance. */
export const nearMessages = (message: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc
      .tuple(message, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([bytes, changes]) => {
        const bent = new Uint8Array(bytes);
        for (const [place, value] of changes) bent[place % bent.length] = value;
        return bent;
      }),
    fc.tuple(message, fc.nat()).map(([bytes, length]) => bytes.slice(0, length % (bytes.length + 1))),
    fc
      .tuple(message, fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 12 }))
      .map(([bytes, from, to, between]) =>
        Buffer.concat([bytes.slice(0, from % bytes.length), between, bytes.slice(to % bytes.length)]),
      ),
  );
