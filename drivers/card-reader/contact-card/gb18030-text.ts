import iconv from 'iconv-lite';

/**
 * Eight characters of rare names that GB 18030 gives places in the two-byte part, and that the decoder's table,
 * older than their place in Unicode, gives to private use (GB 18030-2005, table of changes).
 */
const privateToStandard: ReadonlyMap<string, string> = new Map(
  [
    [0xe81e, 0x9fb4],
    [0xe826, 0x9fb5],
    [0xe82b, 0x9fb6],
    [0xe82c, 0x9fb7],
    [0xe832, 0x9fb8],
    [0xe843, 0x9fb9],
    [0xe854, 0x9fba],
    [0xe864, 0x9fbb],
  ].map(([from = 0, to = 0]) => [String.fromCodePoint(from), String.fromCodePoint(to)]),
);

/** Text in GB 18030, of which GBK is a part; null where the bytes are none. */
export function textOfGb18030(bytes: Uint8Array): string | null {
  const text = iconv.decode(Buffer.from(bytes), 'gb18030');
  if (text.includes('\uFFFD')) return null;
  return [...text].map((character) => privateToStandard.get(character) ?? character).join('');
}
