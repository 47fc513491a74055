export const codeEncodings = ['auto', 'utf-8', 'gbk'] as const;
/** `auto`: UTF-8 where the bytes are that, else GBK; digits and Latin letters are the same in both. */
export type CodeEncoding = (typeof codeEncodings)[number];

/** The text of a code, or null if its bytes are none in that encoding. */
export function decodeCodeText(bytes: Uint8Array, encoding: CodeEncoding): string | null {
  if (encoding !== 'gbk') {
    const text = decode(bytes, 'utf-8');
    if (text !== null || encoding === 'utf-8') return text;
  }
  // GB 18030 contains GBK.
  return decode(bytes, 'gb18030');
}

function decode(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
