/**
 * Whether two spellings are one name. Registers write the dot of a minority name in five ways, full-width letters
 * and stray spaces; the comma after a foreign surname is printed on the card and nowhere else. Another character
 * is another name.
 */
export function isSameName(one: string, other: string): boolean {
  return spelling(one) === spelling(other);
}

function spelling(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[·•・‧．.∙⋅]/g, '·')
    .replace(/[\s,]+/g, '')
    .toUpperCase();
}
