/** What the scripts of inside-scripts.ts print, cut into sections. All of it is hostile: bounded, and nothing but numbers and cleaned text goes on. */

export interface Section {
  lines: string[];
  /** Exit code of the command; null where the answer was cut off before it. */
  code: number | null;
}

/** timeout(1) with KILL ends with this. */
const endedAtItsTime = 137;
const mostLines = 5_000;
/** Longer ones are left out: nothing that is looked for is so long. */
const mostLine = 2_000;

/** @returns sections by name; `end` stands there when the script came to its end */
export function sectionsOf(text: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  let current: Section | null = null;
  for (const raw of text.split('\n', mostLines)) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '' || line.length > mostLine) continue;
    const name = /^@@([a-z]{1,12})$/.exec(line)?.[1];
    const code = /^@=(\d{1,3})$/.exec(line)?.[1];
    if (name !== undefined) {
      current = { lines: [], code: null };
      sections.set(name, current);
    } else if (code !== undefined && current) current.code = Number(code);
    else current?.lines.push(line);
  }
  return sections;
}

/** Why a section says nothing, in words; null where it may say something. */
export function silenceOf(section: Section | undefined): string | null {
  if (!section) return 'is not there';
  if (section.code === endedAtItsTime) return 'did not answer in time';
  if (section.lines.length > 0) return null;
  return section.code === 127 ? 'is not there' : section.code === null ? 'did not answer' : 'tells nothing';
}

/** A number of plain digits, such as a counter; undefined otherwise. */
export const wholeNumber = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
};
