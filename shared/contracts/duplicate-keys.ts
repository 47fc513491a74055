/** A file may have many; this is enough to see what made them. */
export const duplicateKeysMax = 20;

type Level = { readonly keys: Set<string> | null; at: string | number };

/**
 * Where a JSON text, one that `JSON.parse` takes, gives a key of an object twice: the paths, at most twenty. Of two
 * values under one key the parser keeps the last without a word, and which of them was meant nobody can tell.
 */
export function duplicateKeysIn(json: string): readonly (readonly (string | number)[])[] {
  const found: (readonly (string | number)[])[] = [];
  const levels: Level[] = [];
  let isKeyNext = false;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case 0x22: {
        const end = endOfText(json, at);
        const level = levels.at(-1);
        if (isKeyNext && level !== undefined && level.keys !== null) {
          const key = textBetween(json, at, end);
          level.at = key;
          if (level.keys.has(key)) found.push(levels.map((each) => each.at));
          if (found.length === duplicateKeysMax) return found;
          level.keys.add(key);
          isKeyNext = false;
        }
        at = end;
        break;
      }
      case 0x7b:
        levels.push({ keys: new Set(), at: '' });
        isKeyNext = true;
        break;
      case 0x5b:
        levels.push({ keys: null, at: 0 });
        isKeyNext = false;
        break;
      case 0x7d:
      case 0x5d:
        levels.pop();
        isKeyNext = false;
        break;
      case 0x2c: {
        const level = levels.at(-1);
        if (level !== undefined && typeof level.at === 'number') level.at += 1;
        isKeyNext = level !== undefined && level.keys !== null;
        break;
      }
      default:
    }
  }
  return found;
}

/** Where the text that begins with a quotation mark ends: at the next one that no odd run of backslashes stands before. */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1) {
    let slashes = 0;
    while (json.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = json.indexOf('"', end + 1);
  }
  return json.length;
}

/** `"a"` and `"\u0061"` are the same key. */
function textBetween(json: string, start: number, end: number): string {
  const raw = json.slice(start + 1, end);
  return raw.includes('\\') ? String(JSON.parse(json.slice(start, end + 1))) : raw;
}
