/** Whether words stand in a text, whatever quotes, dashes, spaces and capitals they are written with. */

/** Some words, within a pattern: "Dana … 02:50". */
const some = /\s*…\s*/;
/** So much may stand between two parts of a pattern; more has nothing to do with each other. */
const mostBetween = 200;

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/[‐‑–—−]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();

const isWord = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

/** Where a part begins, as whole words: "4 behind" does not stand in "14 behind". */
function placesOf(part: string, text: string, from: number): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part, from); at >= 0; at = text.indexOf(part, at + 1)) {
    const end = at + part.length;
    const isWhole = !(isWord(part[0]) && isWord(text[at - 1])) && !(isWord(part.at(-1)) && isWord(text[end]));
    if (isWhole) found.push(at);
  }
  return found;
}

/** @param pattern words; " … " stands for some words between them */
export function stands(pattern: string, text: string): boolean {
  const parts = pattern
    .split(some)
    .map(plain)
    .filter((part) => part !== '');
  const all = plain(text);
  const follows = (index: number, from: number): boolean => {
    const part = parts[index];
    if (part === undefined) return true;
    return placesOf(part, all, from).some((at) => (index === 0 || at - from <= mostBetween) && follows(index + 1, at + part.length));
  };
  return parts.length > 0 && follows(0, 0);
}
