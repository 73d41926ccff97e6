/** What merely ticks in a draft: of something that goes on, how long by now. It is no news that time goes by. */

/** Behind the marks of a statement's evidence. */
const border = /(?<=\[\^\d{1,6}\])(?=\s)/;
/** The words with which drafts say that something goes on. A draft that tells of such a thing must use one of them. */
const goesOn = /\bso far\b|\bas of\b|\bnot over\b|\bnot finished yet\b|\bin half an hour\b/i;
/** The moment that a draft was made at, up to the end of its part of the sentence. */
const asOf = /\b(as of|in half an hour it is) [^,;()[\]|]*/gi;
const duration =
  /\b\d+(?:\.\d+)? (?:ms|s|min|h|d|(?:second|minute|hour|day)s?)\b(?: \d+ (?:s|min|h|(?:second|minute|hour)s?)\b)?|less than a (?:second|minute)/g;
const uptime = /\bup \d+(?:\.\d+)? %|\b\d+(?:\.\d+)? % up\b/g;

/**
 * Takes the clock out of a section's Markdown, to compare two drafts of it: where a statement says that something goes on, neither the moment
 * of the draft nor durations and uptimes up to then count. Its other words, its other times and its evidence do.
 */
export const withoutTicks = (markdown: string): string =>
  markdown
    .split('\n')
    // The marks of a row stand in the middle of it.
    .flatMap((line) => (line.startsWith('|') ? [line] : line.split(border)))
    .map((it) => (goesOn.test(it) ? it.replace(asOf, '$1 …').replace(duration, '…').replace(uptime, 'up …') : it))
    .join('\n');
