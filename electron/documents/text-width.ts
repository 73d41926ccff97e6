/** How wide text is where every letter has the same width, and how it folds there. */

/** Letters that are two columns wide (East Asian Wide and Fullwidth, Unicode Annex 11), near enough; and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const mark = /\p{M}/u;
const plain = /^[ -~]*$/;

/** Columns. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += mark.test(letter) ? 0 : wide.test(letter) ? 2 : 1;
  return width;
}

/** Folds one line of text at spaces; a word that is longer than a line is cut where it is a quarter longer, else it may stand out (an address must stay whole to be copied). */
export function fold(text: string, width: number, cutWords = false): string[] {
  const lines: string[] = [];
  let line = '';
  let at = 0;
  const end = (): void => {
    lines.push(line);
    line = '';
    at = 0;
  };
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && at + 1 + widthOf(rest) > width) end();
    while (cutWords && widthOf(rest) > width) {
      const head = headOf(rest, width);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    at += (line === '' ? 0 : 1) + widthOf(rest);
    line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

/** As much of a word as fits; never half a letter, and at least one. */
function headOf(word: string, width: number): string {
  let head = '';
  for (const letter of word) {
    if (head !== '' && widthOf(head + letter) > width) break;
    head += letter;
  }
  return head;
}
