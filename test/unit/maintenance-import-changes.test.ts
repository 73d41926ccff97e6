/** Changes from the files of other programs: spreadsheets, ticket systems, scripts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChanges } from '../../shared/maintenance/import-changes.ts';
import { clean } from '../../shared/text.ts';

const zone = 'Europe/Berlin';
const at = Date.parse('2026-11-20T03:00:00Z');
const head = 'at,subject,text,by\n';
const one = { at, subject: 'web1', text: 'security patches', by: 'Ada' };

describe('changes that fit', () => {
  it.each<[string, string, object[]]>([
    ['CSV', `${head}2026-11-20T03:00:00Z,web1,security patches,Ada\n`, [one]],
    ['without a last line end', `${head}2026-11-20T03:00Z,web1,security patches,Ada`, [one]],
    ['line ends of Windows', `at,subject,text,by\r\n2026-11-20T03:00Z,web1,security patches,Ada\r\n`, [one]],
    ['a byte order mark', `\uFEFF${head}2026-11-20T03:00Z,web1,security patches,Ada\n`, [one]],
    ['a time in the zone', `${head}2026-11-20T04:00,web1,security patches,Ada\n`, [one]],
    ['a time with another offset', `${head}2026-11-19T19:00-08:00,web1,security patches,Ada\n`, [one]],
    ['a blank between date and time, as spreadsheets write it', `${head}2026-11-20 04:00:00,web1,security patches,Ada\n`, [one]],
    [
      'a day without a time begins at midnight in the zone',
      `${head}2026-11-20,web1,security patches,Ada\n`,
      [{ ...one, at: Date.parse('2026-11-19T23:00Z') }],
    ],
    ['summer time of the zone', `${head}2026-07-01T05:00,web1,security patches,Ada\n`, [{ ...one, at: Date.parse('2026-07-01T03:00Z') }]],
    ['no subject and nobody', `${head}2026-11-20T03:00Z,,security patches,\n`, [{ ...one, subject: null, by: null }]],
    [
      'columns in another order, others beside them',
      'ticket,by,text,at\n#7,Ada,security patches,2026-11-20T03:00Z\n',
      [{ ...one, subject: null }],
    ],
    ['only the needed columns', 'at,text\n2026-11-20T03:00Z,security patches\n', [{ ...one, subject: null, by: null }]],
    ['a header in capitals with blanks', ' AT , Subject ,TEXT, By\n2026-11-20T03:00Z,web1,security patches,Ada\n', [one]],
    ['semicolons', 'at;subject;text;by\n2026-11-20T03:00Z;web1;patches, all of them;Ada\n', [{ ...one, text: 'patches, all of them' }]],
    ['tabs', 'at\tsubject\ttext\tby\n2026-11-20T03:00Z\tweb1\tpatches; and more, too\tAda\n', [{ ...one, text: 'patches; and more, too' }]],
    ['quotes round a comma', `${head}2026-11-20T03:00Z,web1,"patches, and a reboot",Ada\n`, [{ ...one, text: 'patches, and a reboot' }]],
    ['quotes in quotes', `${head}2026-11-20T03:00Z,web1,"the ""new"" kernel",Ada\n`, [{ ...one, text: 'the "new" kernel' }]],
    ['nothing but quotes', `${head}2026-11-20T03:00Z,"",security patches,""\n`, [{ ...one, subject: null, by: null }]],
    [
      'a line end in quotes: one line on the screen',
      `${head}2026-11-20T03:00Z,web1,"patches\r\nand a reboot",Ada\n`,
      [{ ...one, text: 'patches and a reboot' }],
    ],
    ['hostile letters go', `${head}2026-11-20T03:00Z,web1,\u001b[31msecurity\u202e patches\u0007,Ada\n`, [one]],
    ['blanks round cells', `${head} 2026-11-20T03:00Z , web1 , security patches , Ada \n`, [one]],
    ['empty lines', `\n${head}\n2026-11-20T03:00Z,web1,security patches,Ada\n\n,,,\n`, [one]],
    ['empty cells at the end', `${head}2026-11-20T03:00Z,web1,security patches,Ada,,\n`, [one]],
    ['missing cells at the end', `${head}2026-11-20T03:00Z,web1,security patches\n`, [{ ...one, by: null }]],
    ['a formula is only text', `${head}2026-11-20T03:00Z,web1,=1+1,Ada\n`, [{ ...one, text: '=1+1' }]],
    ['JSON lines', '{"at":"2026-11-20T03:00:00Z","subject":"web1","text":"security patches","by":"Ada"}\n', [one]],
    [
      'JSON lines, in the zone, with less and with more',
      '{"at":"2026-11-20T04:00","text":"security patches","ticket":7}\n',
      [{ ...one, subject: null, by: null }],
    ],
    [
      'JSON lines with nulls',
      '{"at":"2026-11-20T03:00Z","subject":null,"text":"security patches","by":null}',
      [{ ...one, subject: null, by: null }],
    ],
    ['JSON lines with empty ones', '\n{"at":"2026-11-20T03:00Z","subject":"web1","text":"security patches","by":"Ada"}\r\n\r\n', [one]],
    [
      'in the order of the file',
      `${head}2026-11-20T03:00Z,web1,b,Ada\n2026-11-19T03:00Z,web1,a,Ada\n`,
      [
        { ...one, text: 'b' },
        { ...one, text: 'a', at: at - 86_400_000 },
      ],
    ],
  ])('%s', (_, text, changes) => {
    expect(parseChanges(text, zone)).toEqual({ ok: true, value: changes });
  });
});

describe('mistakes are named with their line', () => {
  it.each<[string, string, [number, RegExp][]]>([
    ['an empty file', '', [[1, /a change; there is none/]]],
    ['blank lines only', '\n \n', [[1, /a change/]]],
    ['a header alone', head, [[1, /a change; there is none/]]],
    [
      'no header',
      '2026-11-20T03:00Z,web1,patches,Ada\n',
      [
        [1, /column "at"/],
        [1, /column "text"/],
      ],
    ],
    ['no text column', 'at,subject\n2026-11-20T03:00Z,web1\n', [[1, /column "text", such as: at,subject,text,by/]]],
    ['a column twice', 'at,text,text\n2026-11-20T03:00Z,a,b\n', [[1, /each column once; "text"/]]],
    ['no time', `${head},web1,patches,Ada\n`, [[2, /"at" to be an ISO time such as 2026-11-20T03:00$/]]],
    ['a time that is none', `${head}yesterday,web1,patches,Ada\n`, [[2, /not "yesterday"$/]]],
    ['a day that is none', `${head}2026-02-30,web1,patches,Ada\n`, [[2, /ISO time/]]],
    ['a day in another order', `${head}20.11.2026,web1,patches,Ada\n`, [[2, /ISO time/]]],
    ['a time alone', `${head}03:00,web1,patches,Ada\n`, [[2, /ISO time/]]],
    ['no text', `${head}2026-11-20T03:00Z,web1, ,Ada\n`, [[2, /"text": what was changed/]]],
    ['a text that is too long', `${head}2026-11-20T03:00Z,web1,${'x'.repeat(1_001)},Ada\n`, [[2, /at most 1000 characters/]]],
    ['a name that is too long', `${head}2026-11-20T03:00Z,web1,patches,${'x'.repeat(81)}\n`, [[2, /"by" of at most 80/]]],
    [
      'a comma without quotes',
      `${head}2026-11-20T03:00Z,web1,patches, a reboot,Ada\n`,
      [[2, /4 cells, as in the header line; there are 5/]],
    ],
    [
      'quotes without an end',
      `${head}2026-11-20T03:00Z,web1,"patches,Ada\n2026-11-20T03:00Z,web1,more,Ada\n`,
      [[2, /an end to the quotes/]],
    ],
    [
      'every one of them, after a text of several lines',
      `${head}x,web1,"a\nb\nc",Ada\n2026-11-20T03:00Z,web1,,Ada\n`,
      [
        [2, /not "x"/],
        [5, /"text"/],
      ],
    ],
    [
      'two in one line',
      `${head}x,web1,,Ada\n`,
      [
        [2, /"at"/],
        [2, /"text"/],
      ],
    ],
    ['JSON that is none', '{"at":"2026-11-20T03:00Z","text":"a"}\n{"at":\n', [[2, /one JSON object a line/]]],
    ['JSON that is a list', '{"at":"2026-11-20T03:00Z","text":"a"}\n[1]\n', [[2, /an object whose/]]],
    ['JSON with a number for a text', '{"at":1790000000,"text":"a"}\n', [[1, /are texts/]]],
    ['JSON without a time', '{"text":"a"}\n', [[1, /"at"/]]],
  ])('%s', (_, text, problems) => {
    const read = parseChanges(text, zone);
    expect(read.ok ? null : read.failure.map(({ line }) => line)).toEqual(problems.map(([line]) => line));
    if (!read.ok) for (const [index, [, words]] of problems.entries()) expect(read.failure[index]?.expected).toMatch(words);
  });

  it('names at most 20, and takes at most 10,000', () => {
    const bad = parseChanges(head + 'x,,,\n'.repeat(50), zone);
    expect(bad.ok ? 0 : bad.failure.length).toBe(20);
    const line = '2026-11-20T03:00Z,web1,patches,Ada\n';
    const most = parseChanges(head + line.repeat(10_000), zone);
    expect(most.ok && most.value.length).toBe(10_000);
    expect(parseChanges(head + line.repeat(10_001), zone)).toMatchObject({
      ok: false,
      failure: [{ line: 1, expected: expect.stringContaining('at most 10000 changes') }],
    });
  });

  it('all or nothing: one bad line, and nothing is taken', () => {
    expect(parseChanges(`${head}2026-11-20T03:00Z,web1,patches,Ada\nx,web1,patches,Ada\n`, zone).ok).toBe(false);
  });
});

it('whatever text is written by the book comes back', () => {
  const words = fc
    .string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\n', '\t', ' '), minLength: 1, maxLength: 20 })
    .filter((text) => text.trim() !== '');
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 5 }), (rows) => {
      const csv = head + rows.map(([text, by]) => ['2026-11-20T03:00Z', 'web1', quote(text), quote(by)].join(',')).join('\r\n');
      const jsonl = rows.map(([text, by]) => JSON.stringify({ at: '2026-11-20T03:00Z', subject: 'web1', text, by })).join('\n');
      const expected = { ok: true, value: rows.map(([text, by]) => ({ at, subject: 'web1', text: clean(text), by: clean(by) })) };
      expect(parseChanges(csv, zone)).toEqual(expected);
      expect(parseChanges(jsonl, zone)).toEqual(expected);
    }),
  );
});
