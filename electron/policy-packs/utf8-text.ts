/** The text of bytes in UTF-8; null where they are not: one in GBK would be read as other characters. */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
