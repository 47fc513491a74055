/** A tag of an XML text with the text that follows it, up to the next tag. */
export type XmlTag = {
  /** Without its namespace. */
  readonly name: string;
  /** What stands before the colon; empty where none does. */
  readonly prefix: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  /** How many elements it stands in: that of the whole is in none. */
  readonly depth: number;
};

/** Much deeper than any office program goes. */
const depthMax = 64;

const noAttributes: ReadonlyMap<string, string> = new Map();

/**
 * The tags of an XML text one after another. Only what office programs write: a document type is refused, so nothing
 * is ever included or multiplied by an entity. Throws where the text is no such XML.
 */
export function* xmlTags(xml: string): Generator<XmlTag> {
  let { next: at } = textUntilTag(xml, 0);
  const open: string[] = [];
  while (at !== -1) {
    const end = endOfTag(xml, at);
    const inside = xml.slice(at + 1, end - 1);
    const isClose = inside.startsWith('/');
    const isEmpty = inside.endsWith('/');
    const name = /^\/?([^\s/>]+)/.exec(inside)?.[1] ?? '';
    if (name === '') throw new Error('a tag without a name');
    const { text, next } = textUntilTag(xml, end);
    if (isClose && open.pop() !== name) throw new Error(`${name} ends and did not begin`);
    const colon = name.indexOf(':');
    yield {
      name: name.slice(colon + 1),
      prefix: name.slice(0, Math.max(colon, 0)),
      depth: open.length,
      kind: isClose ? 'close' : isEmpty ? 'empty' : 'open',
      attributes: isClose ? noAttributes : attributesOf(inside.slice(name.length)),
      text,
    };
    if (!isClose && !isEmpty && open.push(name) > depthMax) throw new Error('nested too deep');
    at = next;
  }
}

/** Behind the `>` of a tag: one within a value in quotes ends nothing, and what looks like tags there is none. */
function endOfTag(xml: string, from: number): number {
  for (let at = from + 1; at < xml.length; at += 1) {
    const letter = xml[at];
    if (letter === '>') return at + 1;
    if (letter === '<') throw new Error('a tag within a tag');
    if (letter === '"' || letter === "'") {
      const value = at + 1;
      at = endOf(xml, letter, value) - 1;
      if (xml.slice(value, at).includes('<')) throw new Error('a tag within a value');
    }
  }
  throw new Error(`no > after ${String(from)}`);
}

/** The place behind a mark; throws where there is none. */
function endOf(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  if (at === -1) throw new Error(`no ${mark} after ${String(from)}`);
  return at + mark.length;
}

/** The text up to the next tag. A comment or an instruction in the middle of it is no part of it and does not end it. */
function textUntilTag(xml: string, from: number): { readonly text: string; readonly next: number } {
  let text = '';
  let at = from;
  for (;;) {
    const tag = xml.indexOf('<', at);
    if (tag === -1) return { text: text + unescaped(xml.slice(at)), next: -1 };
    if (tag > at) text += unescaped(xml.slice(at, tag));
    if (xml.startsWith('<![CDATA[', tag)) {
      at = endOf(xml, ']]>', tag);
      text += xml.slice(tag + '<![CDATA['.length, at - ']]>'.length);
    } else if (xml.startsWith('<!--', tag)) at = endOf(xml, '-->', tag + '<!--'.length);
    else if (xml.startsWith('<?', tag)) at = endOf(xml, '?>', tag);
    else if (xml.startsWith('<!', tag)) throw new Error('a declaration inside a workbook');
    else return { text, next: tag };
  }
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(attribute)) {
    found.set(name, unescaped(double ?? single ?? ''));
  }
  return found;
}

const attribute = /([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const entities: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
};

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (_whole, hex, number, name) => {
      if (typeof hex === 'string') return String.fromCodePoint(Number.parseInt(hex, 16));
      if (typeof number === 'string') return String.fromCodePoint(Number(number));
      const known = entities[String(name)];
      if (known === undefined) throw new Error(`the entity ${String(name)}`);
      return known;
    },
  );
}
