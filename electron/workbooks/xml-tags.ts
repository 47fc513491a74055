/** A tag of an XML text with the text that follows it, up to the next tag. */
export type XmlTag = {
  /** Without its namespace. */
  readonly name: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
};

const noAttributes: ReadonlyMap<string, string> = new Map();

/**
 * The tags of an XML text one after another. Only what office programs write: a document type is refused, so nothing
 * is ever included or multiplied by an entity. Throws where the text is no such XML.
 */
export function* xmlTags(xml: string): Generator<XmlTag> {
  let at = xml.indexOf('<');
  while (at !== -1) {
    if (xml.startsWith('<?', at)) {
      at = xml.indexOf('<', endOf(xml, '?>', at));
      continue;
    }
    if (xml.startsWith('<!--', at)) {
      at = xml.indexOf('<', endOf(xml, '-->', at));
      continue;
    }
    if (xml.startsWith('<!', at)) throw new Error('a declaration inside a workbook');
    const end = endOf(xml, '>', at);
    const inside = xml.slice(at + 1, end - 1);
    const isClose = inside.startsWith('/');
    const isEmpty = inside.endsWith('/');
    const name = /^\/?([^\s/>]+)/.exec(inside)?.[1] ?? '';
    if (name === '') throw new Error('a tag without a name');
    const { text, next } = textUntilTag(xml, end);
    yield {
      name: name.slice(name.indexOf(':') + 1),
      kind: isClose ? 'close' : isEmpty ? 'empty' : 'open',
      attributes: isClose ? noAttributes : attributesOf(inside.slice(name.length)),
      text,
    };
    at = next;
  }
}

/** The place behind a mark; throws where there is none. */
function endOf(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  if (at === -1) throw new Error(`no ${mark} after ${String(from)}`);
  return at + mark.length;
}

function textUntilTag(xml: string, from: number): { readonly text: string; readonly next: number } {
  let text = '';
  let at = from;
  for (;;) {
    const tag = xml.indexOf('<', at);
    if (tag === -1) return { text: text + unescaped(xml.slice(at)), next: -1 };
    if (tag > at) text += unescaped(xml.slice(at, tag));
    if (!xml.startsWith('<![CDATA[', tag)) return { text, next: tag };
    const end = endOf(xml, ']]>', tag);
    text += xml.slice(tag + '<![CDATA['.length, end - ']]>'.length);
    at = end;
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
