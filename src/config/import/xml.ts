/** One XML element; text of its own and of its children apart. */
export interface Element {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  readonly text: string;
}

/** Why a text is not the XML that is read here. */
export class XmlProblem extends Error {}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const deepest = 200;
const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Reads a document without a type definition, as configuration exports are; entities of its own are refused. */
export function readXml(text: string): Element {
  if (/<!DOCTYPE/i.test(text)) throw new XmlProblem('it has a document type definition');
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [root];
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, cdata, closing, opening, attributes = '', empty] = match;
    const current = open.at(-1) ?? root;
    current.text += decode(text.slice(at, match.index));
    at = match.index + whole.length;
    if (cdata !== undefined) current.text += cdata;
    else if (closing !== undefined) close(open, local(closing));
    else if (opening !== undefined) {
      const element: Open = { name: local(opening), attributes: attributesOf(attributes), children: [], text: '' };
      if (open.length > deepest) throw new XmlProblem('its elements are nested too deep');
      open.push(element);
      if (empty === '/') close(open, element.name);
    }
  }
  if (text.slice(at).includes('<')) throw new XmlProblem('a tag is not closed');
  if (open.length > 1) throw new XmlProblem(`the element ${open.at(-1)?.name} is not closed`);
  const [first, ...others] = root.children;
  if (first === undefined || others.length > 0) throw new XmlProblem('it does not have one outermost element');
  return first;
}

function close(open: Open[], name: string): void {
  const element = open.pop();
  const parent = open.at(-1);
  if (element === undefined || parent === undefined || element.name !== name) {
    throw new XmlProblem(`</${name}> closes nothing`);
  }
  parent.children.push({ ...element, text: element.text.trim() });
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(attribute)].map(([, name = '', a, b]) => [local(name), decode(a ?? b ?? '')]));
}

function decode(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The elements at a path below one: `childrenAt(rule, 'attribute-mappings', 'mapping')`. */
export function childrenAt(element: Element, ...path: readonly string[]): readonly Element[] {
  return path.reduce<readonly Element[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    [element],
  );
}

/** The text of the first element at a path; `undefined` where there is none or it is empty. */
export function textAt(element: Element, ...path: readonly string[]): string | undefined {
  const text = childrenAt(element, ...path)[0]?.text;
  return text === '' ? undefined : text;
}
