/**
 * What nobody sees in a text: control and format characters (marks of direction, of no width, soft hyphens, byte order
 * marks), fillers, and selectors of how a character is drawn.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0]|\u034F|[\p{Variation_Selector}]/gu;

/** A text as it is seen: white space of every kind is a space, what is invisible is gone. */
export function asSeen(text: string): string {
  return text.replace(/[\p{Zs}\t\n\v\f\r\u0085\u2028\u2029]/gu, ' ').replace(invisible, '');
}

/** Full-width letters, digits and signs of ASCII as the narrow ones they stand for. */
export function narrow(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - fullWidthAbove),
  );
}

const fullWidthAbove = 0xfee0;
