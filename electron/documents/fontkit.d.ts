/** The little of fontkit that is used here; the package brings no types of its own. */
declare module 'fontkit' {
  export type Glyph = {
    readonly advanceWidth: number;
    readonly path: {
      readonly commands: readonly { readonly command: string; readonly args: readonly number[] }[];
    };
  };
  export type Font = {
    readonly unitsPerEm: number;
    hasGlyphForCodePoint(codePoint: number): boolean;
    glyphForCodePoint(codePoint: number): Glyph;
  };
  export function create(file: Uint8Array): Font;
}
