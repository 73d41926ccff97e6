/** The band of a drill: on top of everything that leaves one, and in the name of its file, so that nobody takes an exercise for the truth. */

/** As a sentence, for people. */
export const drillBand = 'DRILL. This was an exercise; nothing of it happened.';
/** In front of a title, where there is one line only. */
export const drillTitle = (title: string): string => `DRILL: ${title}`;
/** The name of a file or folder of a drill. It begins with a word, so that it can neither be hidden nor an option. */
export const drillFileName = (name: string): string => `DRILL ${name}`;

type Cell = string | number | null;
/** A table of a drill: a first column that says so in each line, as lines are sorted, filtered and copied. */
export const drillTable = (header: readonly string[], rows: readonly (readonly Cell[])[]): { header: string[]; rows: Cell[][] } => ({
  header: [drillBand, ...header],
  rows: rows.map((row) => ['DRILL', ...row]),
});
