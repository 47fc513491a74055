/**
 * Text as a social-security card keeps it, GB 18030 (what GBK has, and four bytes for rarer characters), worked
 * out from the table of the Unicode library inside Node: the driver uses another one.
 */

type CodeTable = ReadonlyMap<string, readonly number[]>;

let table: CodeTable | null = null;

/** The bytes of a text. Throws for what GB 18030 cannot say: half a character. */
export function gb18030Bytes(text: string): number[] {
  table ??= buildTable();
  const bytes: number[] = [];
  for (const character of text) {
    const code = table.get(character) ?? beyondTheFirstPlane(character);
    bytes.push(...code);
  }
  return bytes;
}

/** Every code of one, two and four bytes of the first plane, from what it decodes to. */
function buildTable(): CodeTable {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, readonly number[]>();
  const add = (code: readonly number[]): void => {
    const decoded = decoder.decode(Uint8Array.from(code));
    const isOne = [...decoded].length === 1 && decoded !== '\uFFFD';
    if (isOne && !codes.has(decoded)) codes.set(decoded, code);
  };
  for (let byte = 0; byte < 0x80; byte += 1) add([byte]);
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) add([lead, trail]);
  }
  for (let order = 0; order < 39_420; order += 1) add(fourBytes(order));
  return codes;
}

/** Characters beyond U+FFFF stand in order from 90 30 81 30 on. */
function beyondTheFirstPlane(character: string): number[] {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x10000) throw new Error('GB 18030 has no code for half a character');
  return fourBytes(189_000 + point - 0x10000);
}

/** The four-byte code with this place in their order, counted from 81 30 81 30. */
function fourBytes(order: number): number[] {
  return [
    0x81 + Math.floor(order / 12_600),
    0x30 + (Math.floor(order / 1260) % 10),
    0x81 + (Math.floor(order / 10) % 126),
    0x30 + (order % 10),
  ];
}
