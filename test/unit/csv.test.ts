import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsv } from '../../shared/csv.ts';

const cell = (value: string | number | null): string => toCsv([], [[value]]).slice('\ufeff\r\n'.length, -2);

describe('toCsv', () => {
  const table: [string, string | number | null, string][] = [
    ['plain text', 'web1', 'web1'],
    ['a number', 12.5, '12.5'],
    ['a number below zero is no formula', -3, '-3'],
    ['no number at all', Number.NaN, ''],
    ['nothing', null, ''],
    ['a comma', 'a,b', '"a,b"'],
    ['a semicolon, the comma of other countries', 'a;b', '"a;b"'],
    ['a quote', 'say "hi"', '"say ""hi"""'],
    ['a line break', 'a\r\nb', '"a\r\nb"'],
    ['blanks round it are kept', ' a ', '" a "'],
    ['equals', '=1+1', "'=1+1"],
    ['plus', '+1', "'+1"],
    ['minus', '-1', "'-1"],
    ['at', '@SUM(A1)', "'@SUM(A1)"],
    ['tab', '\t=1', `"'\t=1"`],
    ['carriage return', '\r=1', `"'\r=1"`],
    ['line feed', '\nx', `"'\nx"`],
    ['blanks before a formula', '  =1', "'  =1"],
    ['something invisible before a formula', '\u200b=1', "'\u200b=1"],
    ['a wide equals', '＝1', "'＝1"],
    ['a formula with a quote', '=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['a command', "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['a date is no formula', '2026-11-20', '2026-11-20'],
    ['half a character', 'a\ud800', 'a\ufffd'],
  ];
  it.each(table)('%s', (_name, value, expected) => {
    expect(cell(value)).toBe(expected);
  });

  it('writes a byte order mark, the header, and CRLF after every line', () => {
    expect(
      toCsv(
        ['name', 'up'],
        [
          ['web1', 1],
          ['ü', null],
        ],
      ),
    ).toBe('\ufeffname,up\r\nweb1,1\r\nü,\r\n');
  });

  it('never begins a cell with a formula, and reads back as it was written', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', '"', ',', ';', "'", 'a', 'ü', '＝', '\u200b'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' })), { minLength: 2, maxLength: 2 }), { maxLength: 5 }),
        (rows) => {
          const read = parse(toCsv(['a', 'b'], rows).slice(1));
          expect(read.slice(1).map((row) => row.map((it) => it.replace(/^'/, '')))).toEqual(
            rows.map((row) => row.map((it) => it.toWellFormed().replace(/^'/, ''))),
          );
          for (const it of read.flat()) expect(it).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        },
      ),
    );
  });
});

/** RFC 4180, written down once more by somebody else. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < csv.length) {
    let text = '';
    if (csv[at] === '"') {
      for (at += 1; ; at += 1) {
        if (csv[at] === '"' && csv[at + 1] === '"') at += 1;
        else if (csv[at] === '"') break;
        text += csv[at];
      }
      at += 1;
    } else while (csv[at] !== ',' && csv[at] !== '\r') text += csv[at++];
    row.push(text);
    if (csv[at] === ',') {
      at += 1;
      continue;
    }
    rows.push(row);
    row = [];
    at += 2;
  }
  return rows;
}
