import { MalformedMessageError } from './errors.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { type Token, Tokenizer } from './tokens.ts';
import type { XmlAttribute, XmlContent, XmlElement } from './tree.ts';

interface Open {
  readonly prefix: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly content: XmlContent[];
}

/** Puts elements together; one that is an item is handed out as soon as it ends, and kept out of what it stood in. */
class Builder {
  readonly #isItem: (path: readonly string[]) => boolean;
  readonly #open: Open[] = [];
  readonly #path: string[] = [];

  constructor(isItem: (path: readonly string[]) => boolean = () => false) {
    this.#isItem = isItem;
  }

  /** The item, or the outermost element, that this token ends. */
  add(token: Token): { readonly type: 'item' | 'root'; readonly element: XmlElement } | undefined {
    switch (token.type) {
      case 'start':
        this.#open.push({ prefix: token.prefix, name: token.name, attributes: token.attributes, content: [] });
        this.#path.push(token.name);
        return undefined;
      case 'text':
        addText(this.#open.at(-1)?.content, token.text);
        return undefined;
      case 'comment':
        return undefined;
      case 'end': {
        const element = this.#open.pop();
        if (element === undefined) return undefined;
        const item = this.#isItem(this.#path);
        this.#path.pop();
        const parent = this.#open.at(-1);
        if (parent === undefined) return { type: 'root', element };
        if (item) return { type: 'item', element };
        parent.content.push(element);
        return undefined;
      }
      default:
        return token satisfies never;
    }
  }
}

/** Text next to text is one text, however many records it came in. */
function addText(content: XmlContent[] | undefined, text: string): void {
  if (content === undefined) return;
  const last = content.at(-1);
  if (typeof last === 'string') content[content.length - 1] = last + text;
  else content.push(text);
}

/** The elements of a fragment. */
export function decodeFragment(bytes: Uint8Array, limits: Limits = defaultLimits): readonly XmlElement[] {
  const tokenizer = new Tokenizer(limits);
  const builder = new Builder();
  const roots: XmlElement[] = [];
  for (const token of tokenizer.push(bytes)) {
    const done = builder.add(token);
    if (done !== undefined) roots.push(done.element);
  }
  tokenizer.finish();
  return roots;
}

/** The one element of a message. */
export function decode(bytes: Uint8Array, limits: Limits = defaultLimits): XmlElement {
  const [root, second] = decodeFragment(bytes, limits);
  if (root === undefined || second !== undefined) throw new MalformedMessageError(bytes.length, notOne);
  return root;
}

const notOne = 'it is not one element';

/**
 * Reads a message as it comes. Elements whose path of local names is an item's are given one by one, and not kept;
 * the message without them comes last.
 */
export async function* decodeStream(
  chunks: AsyncIterable<Uint8Array>,
  isItem: (path: readonly string[]) => boolean,
  limits: Limits = defaultLimits,
): AsyncGenerator<{ readonly type: 'item' | 'root'; readonly element: XmlElement }> {
  const tokenizer = new Tokenizer(limits);
  const builder = new Builder(isItem);
  let root: XmlElement | undefined;
  for await (const chunk of chunks) {
    for (const token of tokenizer.push(chunk)) {
      const done = builder.add(token);
      if (done?.type === 'item') yield done;
      else if (done !== undefined) {
        if (root !== undefined) throw new MalformedMessageError(0, notOne);
        root = done.element;
      }
    }
  }
  tokenizer.finish();
  if (root === undefined) throw new MalformedMessageError(0, notOne);
  yield { type: 'root', element: root };
}
