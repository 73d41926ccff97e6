/** Reads changes ("security patches on web1") from a file of another program: CSV with a header line, or JSON lines. */
import { z } from 'zod';
import type { ChangeEntry } from '../contract.ts';
import { fail, ok, type Result } from '../result.ts';
import { clean, count } from '../text.ts';
import { parseIso } from '../time.ts';

/** A mistake in such a file: its line (1 is the first), and what was expected there. */
export interface ChangeProblem {
  line: number;
  expected: string;
}

/** As addChanges takes them. */
const mostChanges = 10_000;
/** Whoever picked the wrong file need not read a thousand lines about it. */
const mostProblems = 20;
const mostWords = 1_000;
const mostName = 80;

const columns = ['at', 'subject', 'text', 'by'] as const;
type Column = (typeof columns)[number];
type Raw = { line: number; cells: Partial<Record<Column, string>> };

/**
 * Columns (or keys): `at` (ISO time; without an offset it is in `zone`) and `text`; `subject` (an id of the inventory) and `by` may
 * be missing or empty. CSV may be separated by commas, semicolons or tabs, with cells in quotes (RFC 4180).
 * @returns the changes in the order of the file, or every mistake in it (at most 20): all or nothing
 */
export function parseChanges(text: string, zone: string): Result<ChangeEntry[], ChangeProblem[]> {
  // Spreadsheets put a byte order mark before their text.
  const plain = text.replace(/^\uFEFF/, '');
  const problems: ChangeProblem[] = [];
  const expected = (line: number, what: string): void => void problems.push({ line, expected: what });
  const rows = plain.trimStart().startsWith('{') ? jsonRows(plain, expected) : csvRows(plain, expected);
  const changes: ChangeEntry[] = [];
  for (const { line, cells } of rows) {
    const change = changeOf(cells, zone, (what) => expected(line, what));
    if (change) changes.push(change);
  }
  if (problems.length === 0 && changes.length === 0) expected(1, 'a change; there is none in this file');
  if (changes.length > mostChanges) expected(1, `at most ${count(mostChanges, 'change')} in one file; there are ${changes.length}`);
  return problems.length === 0 ? ok(changes) : fail(problems.sort((a, b) => a.line - b.line).slice(0, mostProblems));
}

function changeOf(cells: Raw['cells'], zone: string, expected: (what: string) => void): ChangeEntry | null {
  const [at, subject, text, by] = columns.map((column) => cells[column]?.trim() ?? '') as [string, string, string, string];
  const moment = parseIso(at.replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, '$1T'), zone);
  if (moment === null) expected(`"at" to be an ISO time such as 2026-11-20T03:00${at === '' ? '' : `, not "${clean(at, 60)}"`}`);
  if (clean(text) === '') expected('"text": what was changed');
  if (text.length > mostWords) expected(`"text" of at most ${mostWords} characters`);
  if (by.length > mostName) expected(`"by" of at most ${mostName} characters`);
  if (moment === null || clean(text) === '' || text.length > mostWords || by.length > mostName) return null;
  return { at: moment, subject: clean(subject) || null, text: clean(text, mostWords), by: clean(by) || null };
}

const cell = z.string().nullish();
const rowSchema = z.looseObject({ at: cell, subject: cell, text: cell, by: cell });

function jsonRows(text: string, expected: (line: number, what: string) => void): Raw[] {
  return text.split(/\r?\n/).flatMap((written, index) => {
    if (written.trim() === '') return [];
    const line = index + 1;
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch {
      expected(line, 'one JSON object a line');
      return [];
    }
    const read = rowSchema.safeParse(value);
    if (!read.success) {
      expected(line, 'an object whose "at", "subject", "text" and "by" are texts');
      return [];
    }
    const cells = Object.fromEntries(columns.map((column) => [column, read.data[column] ?? ''])) as Raw['cells'];
    return [{ line, cells }];
  });
}

function csvRows(text: string, expected: (line: number, what: string) => void): Raw[] {
  const records = readCsv(text, expected);
  const [head, ...rest] = records.filter(({ cells }) => cells.some((it) => it.trim() !== ''));
  if (!head) return [];
  const names = head.cells.map((name) => name.trim().toLowerCase());
  for (const needed of ['at', 'text'])
    if (!names.includes(needed)) expected(head.line, `a header line with the column "${needed}", such as: at,subject,text,by`);
  const twice = columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice) expected(head.line, `each column once; "${twice}" is there twice`);
  if (!names.includes('at') || !names.includes('text') || twice) return [];
  return rest.flatMap(({ line, cells }) => {
    // A comma that was meant as part of the text must not cut it short.
    if (cells.slice(names.length).some((it) => it.trim() !== '')) {
      expected(
        line,
        `${count(names.length, 'cell')}, as in the header line; there are ${cells.length} (a text with a separator in it stands in quotes)`,
      );
      return [];
    }
    return [{ line, cells: Object.fromEntries(columns.map((column) => [column, cells[names.indexOf(column)] ?? ''])) as Raw['cells'] }];
  });
}

/** Records of cells with the line each begins in. */
function readCsv(text: string, expected: (line: number, what: string) => void): { line: number; cells: string[] }[] {
  const separator = separatorOf(text);
  const records: { line: number; cells: string[] }[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const record = { line, cells: [] as string[] };
    records.push(record);
    for (let more = true; more; ) {
      let value = '';
      if (text[at] === '"') {
        const end = endOfQuotes(text, at);
        if (end < 0) {
          expected(record.line, 'an end to the quotes that begin here');
          return records.slice(0, -1);
        }
        value = text.slice(at + 1, end).replaceAll('""', '"');
        line += value.split('\n').length - 1;
        at = end + 1;
      }
      // After quotes there is nothing but the end of the cell; what stands there all the same is kept.
      const from = at;
      while (at < text.length && text[at] !== separator && text[at] !== '\n') at += 1;
      value += text.slice(from, at).replace(/\r$/, '');
      record.cells.push(value);
      more = text[at] === separator;
      at += 1;
    }
    line += 1;
  }
  return records;
}

/** Where the closing quote stands: the first that is not one of a pair; -1 when there is none. */
function endOfQuotes(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}

/** The header line holds no text that could have one of these in it. */
function separatorOf(text: string): string {
  const head = text.trimStart().split('\n', 1)[0] ?? '';
  return [',', ';', '\t'].find((it) => head.includes(it)) ?? ',';
}
