/** The little of fontkit that is used here; the package brings no types of its own. */
declare module 'fontkit' {
  export type Font = {
    hasGlyphForCodePoint(codePoint: number): boolean;
  };
  /** Called with `new` for bytes that `probe` knows; what it returns is the font. */
  export type FontFormat = {
    (stream: { readonly buffer: Uint8Array }): object;
    probe(file: Uint8Array): boolean;
  };
  export function create(file: Uint8Array): Font;
  export function registerFormat(format: FontFormat): void;
}
