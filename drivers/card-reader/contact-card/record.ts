/** One record of a file: its tag and what stands in it. */
export type FileRecord = { readonly tag: number; readonly value: Uint8Array };

/**
 * Takes a record apart: tag, length, value (one byte each for the first two). Null where the length byte does
 * not agree with what came: a record that was cut off, or whose length is wrong, is no record.
 */
export function parseRecord(bytes: Uint8Array): FileRecord | null {
  const [tag, length] = bytes;
  if (tag === undefined || length === undefined || bytes.length !== 2 + length) return null;
  return { tag, value: bytes.subarray(2) };
}

/** Whether a field says nothing: no bytes, or only `00`, only `FF` or only spaces. */
export function isBlank(value: Uint8Array): boolean {
  return [0x00, 0xff, 0x20].some((filling) => value.every((byte) => byte === filling));
}

/** A field without what it was filled up with at its end. */
export function withoutPadding(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && [0x00, 0x20, 0xff].includes(value[end - 1] ?? 0)) end -= 1;
  return value.subarray(0, end);
}
