/** What people type while an incident lasts, and what becomes of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toggleWaiting } from '../../shared/incidents/quick-contact.ts';
import { readQuickLine, withKind } from '../../shared/incidents/quick-line.ts';
import { readDue, readWhen } from '../../shared/incidents/quick-moment.ts';
import { type QuickContext, quickKinds, quickWords } from '../../shared/incidents/quick-words.ts';
import { logEntrySchema } from '../../shared/model/incident.ts';
import { stamp } from '../../shared/time.ts';

const zone = 'America/Los_Angeles';
/** Friday 20 November 2026, 05:39 PST. */
const now = Date.parse('2026-11-20T05:39:00-08:00');
const context: QuickContext = {
  now,
  zone,
  names: [
    { id: 'cox', name: 'Cox Communications' },
    { id: 'level3', name: 'Level 3' },
    { id: 'sd', name: 'San Diego' },
  ],
  owed: [{ id: 'debt', with: 'cox', what: 'RFO' }],
};
const entryOf = (text: string, more: Partial<QuickContext> = {}) => {
  const read = readQuickLine(text, { ...context, ...more });
  return 'line' in read ? read.line.entry : read;
};
const contact = {
  type: 'contact',
  with: 'cox',
  person: null,
  tier: null,
  channel: 'phone',
  direction: 'out',
  ticket: null,
  waiting: false,
};

describe('the quick line', () => {
  it.each([
    ['plain words', 'web sites answer again', { type: 'note', text: 'web sites answer again' }],
    ['a note by its word', 'note: fans are loud', { type: 'note', text: 'fans are loud' }],
    ['a colon of an unknown word', 'nginx: restarted', { type: 'note', text: 'nginx: restarted' }],
    ['a time in the text', 'at 05:10 the fans stood still', { type: 'note', text: 'at 05:10 the fans stood still' }],
    ['an address in the text', 'see https://status.example.net/1', { type: 'note', text: 'see https://status.example.net/1' }],
    ['a call with a tier', 'call cox tier 1: they see nothing', { ...contact, tier: 'tier 1', text: 'they see nothing' }],
    ['a call by the whole name', 'called Cox Communications: no answer', { ...contact, text: 'no answer' }],
    ['a call that waits', 'call cox: handed on (waiting)', { ...contact, text: 'handed on', waiting: true }],
    [
      'a call that waits, said before the colon',
      'call cox tier 2 waiting: handed on',
      { ...contact, tier: 'tier 2', text: 'handed on', waiting: true },
    ],
    [
      'a call from a group, a person and a ticket',
      'call from cox routing group, Jane #48213: a filter',
      { ...contact, direction: 'in', tier: 'routing group', person: 'Jane', ticket: '48213', text: 'a filter' },
    ],
    ['somebody calls', 'cox calls: fixed', { ...contact, direction: 'in', text: 'fixed' }],
    ['somebody writes', 'Cox writes: RFO tomorrow', { ...contact, channel: 'mail', direction: 'in', text: 'RFO tomorrow' }],
    [
      'somebody who is not in the inventory',
      'call Jane Doe tier 2: on her way',
      { ...contact, with: 'Jane Doe', tier: 'tier 2', text: 'on her way' },
    ],
    ['a ticket by its bare number', 'ticket cox 48213: opened', { ...contact, channel: 'ticket', ticket: '48213', text: 'opened' }],
    ['a mail', 'mail to level 3: please take our ranges', { ...contact, with: 'level3', channel: 'mail', text: 'please take our ranges' }],
    ['on site', 'on site sd: smell of smoke', { ...contact, with: 'sd', channel: 'on-site', text: 'smell of smoke' }],
    ['customers', 'customers 12: no mail', { type: 'customer-report', count: 12, text: 'no mail' }],
    ['customers, the number first', '12 customers: no mail', { type: 'customer-report', count: 12, text: 'no mail' }],
    ['one customer', 'customer: no mail since 05:20', { type: 'customer-report', count: 1, text: 'no mail since 05:20' }],
    ['many customers', 'customers 1,200: no mail', { type: 'customer-report', count: 1200, text: 'no mail' }],
    ['customers by name are a note', 'customers in Ashburn: all fine', { type: 'note', text: 'customers in Ashburn: all fine' }],
    ['an action', 'action: restarted dovecot', { type: 'action', text: 'restarted dovecot' }],
    ['progress', '7/43 sites restored', { type: 'progress', done: 7, total: 43, what: 'sites restored', text: '' }],
    [
      'progress in words, with more',
      '7 of 43 sites: the rest by 12:00',
      { type: 'progress', done: 7, total: 43, what: 'sites', text: 'the rest by 12:00' },
    ],
    ['hours of a day are no progress', '24/7 support called back', { type: 'note', text: '24/7 support called back' }],
    ['a date is no progress', '3/4/2026 was the last time', { type: 'note', text: '3/4/2026 was the last time' }],
    ['a decision', 'decision: no traffic over Cox', { type: 'decision', text: 'no traffic over Cox' }],
    [
      'an update with the time of the next',
      'update: mail is delayed, next 06:00',
      {
        type: 'status-update',
        audience: 'customers',
        text: 'mail is delayed',
        nextAt: Date.parse('2026-11-20T06:00:00-08:00'),
      },
    ],
    [
      'an update to somebody else',
      'told management: it is the provider',
      { type: 'status-update', audience: 'management', text: 'it is the provider', nextAt: null },
    ],
    ['a trigger', 'trigger: security patches', { type: 'trigger', text: 'security patches' }],
    ['what had a part in it', 'contributing: no spare', { type: 'contributing', text: 'no spare' }],
    ['the cause', 'root cause: a route filter', { type: 'root-cause', text: 'a route filter' }],
    ['the resolution', 'fixed: filter put right', { type: 'resolution', text: 'filter put right' }],
    [
      'to do, by whom and when',
      'to do Kim by Friday: watch each range',
      { type: 'follow-up', text: 'watch each range', owner: 'Kim', dueAt: Date.parse('2026-11-27T23:59:00-08:00') },
    ],
    ['to do', 'todo: watch each range', { type: 'follow-up', text: 'watch each range', owner: null, dueAt: null }],
    ['owed', 'owed cox: RFO', { type: 'owed', with: 'cox', what: 'RFO', dueAt: null }],
    [
      'owed until a day, without a colon',
      'owed cox RFO by 25 Nov',
      { type: 'owed', with: 'cox', what: 'RFO', dueAt: Date.parse('2026-11-25T23:59:00-08:00') },
    ],
    ['owed in a sentence', 'Cox Communications owes us RFO', { type: 'owed', with: 'cox', what: 'RFO', dueAt: null }],
    ['owed by somebody else', 'owed Dell: new controller', { type: 'owed', with: 'Dell', what: 'new controller', dueAt: null }],
    ['received, by name', 'received RFO: by mail', { type: 'owed-received', owed: 'debt', text: 'by mail' }],
    ['received, the only one', 'received: it was a filter', { type: 'owed-received', owed: 'debt', text: 'it was a filter' }],
    ['something else that was got', 'got a call from nobody', { type: 'note', text: 'got a call from nobody' }],
  ])('%s', (_what, text, entry) => {
    expect(entryOf(text)).toEqual(entry);
  });

  it.each([
    ['a call with nobody', 'call: no answer', 'with whom'],
    ['a call without words', 'call cox:', 'behind the colon'],
    ['a call that only waits', 'call cox: (waiting)', 'behind the colon'],
    ['customers without a number', 'customers: no mail', 'how many'],
    ['progress beyond the end', 'progress 50/43 sites', 'first number'],
    ['progress of nothing', '7/43', 'of what'],
    ['a day that is none', 'owed cox: RFO by Blursday', '“Blursday” is no day'],
    ['nobody owes', 'owed:', 'who owes what'],
    ['something received that is not owed', 'received invoice:', 'That is not owed here. Owed is: RFO from Cox Communications.'],
    ['the future', '@2026-11-20 05:50 fans', 'still to come'],
    ['a time that is none', '@25:00 fans', 'There is no 25:00'],
    ['no time at all', '@soon fans', 'Write the time as @03:24'],
  ])('says what is wrong with %s', (_what, text, problem) => {
    expect(entryOf(text)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  it('says which of several is meant', () => {
    const owed = [
      { id: 'a', with: 'cox', what: 'RFO' },
      { id: 'b', with: 'level3', what: 'RFO' },
    ];
    expect(entryOf('received RFO: in', { owed })).toMatchObject({
      problem: expect.stringContaining('RFO from Cox Communications and RFO from Level 3'),
    });
    expect(entryOf('received RFO from level 3: in', { owed })).toMatchObject({ owed: 'b' });
    expect(entryOf('received RFO: in', { owed: [] })).toMatchObject({ problem: 'Nothing is owed to us in this incident.' });
  });

  it('hints at the colon that is missing', () => {
    expect(readQuickLine('call cox they see nothing', context)).toMatchObject({
      line: { entry: { type: 'note' }, hint: expect.stringContaining('With a colon') },
    });
  });

  it('is empty until something is written', () => {
    expect(readQuickLine('  ', context)).toEqual({ empty: true, kind: 'note' });
    expect(readQuickLine('@03:24 ', context)).toEqual({ empty: true, kind: 'note' });
  });

  it('takes its own examples', () => {
    for (const kind of quickKinds) expect(readQuickLine(quickWords[kind].example, context), kind).toMatchObject({ line: { kind } });
  });

  it('makes an entry that the engine takes, or says why not, of whatever is typed', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'call',
        'cox',
        'tier 1',
        ':',
        '#',
        '(',
        ')',
        'waiting',
        '7/43',
        'sites',
        '@03:24',
        '@',
        'owed',
        'by',
        'Friday',
        'next',
        '12',
        'customers',
        'received',
        ',',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const read = readQuickLine(words.join(' '), context);
        if ('line' in read) {
          expect(logEntrySchema.safeParse(read.line.entry).error).toBeUndefined();
          expect(read.line.at ?? now).toBeLessThanOrEqual(now);
        } else expect('problem' in read ? read.problem : 'empty').not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });

  it('bounds what is pasted', () => {
    expect(entryOf(`note: ${'x'.repeat(50_000)}`)).toMatchObject({ type: 'note', text: expect.stringMatching(/^x{1,4000}$/) });
    expect(logEntrySchema.safeParse(entryOf(`call ${'y'.repeat(5_000)}: z`)).success).toBe(true);
  });
});

describe('a line that is dated back', () => {
  const read = (text: string, at = now, inZone = zone) => {
    const when = readWhen(text, at, inZone);
    return when && ('at' in when ? [stamp(when.at, inZone), when.rest] : when.problem);
  };
  it.each([
    ['today', '@03:24 first symptom', '2026-11-20 03:24:00 PST', 'first symptom'],
    ['without a colon', '@0324 x', '2026-11-20 03:24:00 PST', 'x'],
    ['with one digit', '@3:24 x', '2026-11-20 03:24:00 PST', 'x'],
    ['to the second', '@03:24:17 x', '2026-11-20 03:24:17 PST', 'x'],
    ['yesterday, as that time is still to come today', '@23:50 x', '2026-11-19 23:50:00 PST', 'x'],
    ['so is one that is only a little later', '@05:50 x', '2026-11-19 05:50:00 PST', 'x'],
    ['yesterday by its name', '@yesterday 04:00 x', '2026-11-19 04:00:00 PST', 'x'],
    ['a day', '@2026-11-18 23:50 x', '2026-11-18 23:50:00 PST', 'x'],
    ['in UTC', '@12:00 UTC x', '2026-11-20 04:00:00 PST', 'x'],
    ['minutes ago', '@20m x', '2026-11-20 05:19:00 PST', 'x'],
    ['hours ago', '@1h 10m ago x', '2026-11-20 04:29:00 PST', 'x'],
    ['a word in capitals is no zone', '@03:24 RFO is in', '2026-11-20 03:24:00 PST', 'RFO is in'],
  ])('%s', (_what, text, at, rest) => {
    expect(read(text)).toEqual([at, rest]);
  });

  it('is none without @', () => {
    expect(readWhen('mail to kim@example.net', now, zone)).toBeNull();
  });

  // Berlin puts its clocks back on 25 October 2026 at 03:00, and forward on 29 March 2026 at 02:00.
  it('takes the later of a time that came twice, says so, and takes the earlier one by its zone', () => {
    const after = Date.parse('2026-10-25T05:00:00+01:00');
    expect(read('@02:30 x', after, 'Europe/Berlin')).toEqual(['2026-10-25 02:30:00 UTC+1', 'x']);
    expect(readWhen('@02:30 x', after, 'Europe/Berlin')).toMatchObject({ hint: expect.stringContaining('@02:30 UTC+2') });
    expect(read('@02:30 UTC+2 x', after, 'Europe/Berlin')).toEqual(['2026-10-25 02:30:00 UTC+2', 'x']);
    // While the second one is still to come there is only one.
    expect(read('@02:30 x', Date.parse('2026-10-25T02:45:00+02:00'), 'Europe/Berlin')).toEqual(['2026-10-25 02:30:00 UTC+2', 'x']);
  });
  it('refuses a time that the clocks jumped over', () => {
    expect(read('@2026-03-29 02:30 x', now, 'Europe/Berlin')).toContain('put forward');
  });
});

describe('when something is due', () => {
  it.each([
    ['2026-11-25', '2026-11-25 23:59'],
    ['2026-11-25 18:00', '2026-11-25 18:00'],
    ['25 Nov', '2026-11-25 23:59'],
    ['Nov 25', '2026-11-25 23:59'],
    ['3 January', '2027-01-03 23:59'],
    ['Friday', '2026-11-27 23:59'],
    ['mon', '2026-11-23 23:59'],
    ['tomorrow 9:00', '2026-11-21 09:00'],
    ['today', '2026-11-20 23:59'],
    ['06:00', '2026-11-20 06:00'],
    ['05:00', '2026-11-21 05:00'],
    ['in 30 min', '2026-11-20 06:09'],
    ['2 days', '2026-11-22 05:39'],
  ])('%s', (text, at) => {
    expect(stamp(readDue(text, now, zone) ?? 0, zone)).toBe(`${at}:00 PST`);
  });
  it.each(['', 'soon', '31 Feb', '25:00', 'Friday 99:00', '2026-13-01'])('is not “%s”', (text) => {
    // An empty one is today: only the caller knows that something was written.
    if (text === '') expect(readDue(text, now, zone)).not.toBeNull();
    else expect(readDue(text, now, zone)).toBeNull();
  });
});

describe('the chooser of kinds', () => {
  it.each([
    ['of an empty line', '', 'call', 'call : ', 5],
    ['keeps what was typed', 'they see nothing', 'call', 'call : they see nothing', 5],
    ['replaces another word', 'call cox: they see nothing', 'decision', 'decision: they see nothing', 26],
    ['keeps the date', '@03:24 they see nothing', 'action', '@03:24 action: they see nothing', 31],
    ['back to a note', 'action: restarted', 'note', 'restarted', 9],
    ['keeps a colon of the text', 'nginx: restarted', 'action', 'action: nginx: restarted', 24],
  ] as const)('%s', (_what, text, kind, line, cursor) => {
    expect(withKind(text, kind)).toEqual({ text: line, cursor });
  });
  it('says that we wait, and takes it back', () => {
    expect(toggleWaiting('call cox: x')).toBe('call cox: x (waiting)');
    expect(toggleWaiting('call cox: x (waiting)')).toBe('call cox: x');
  });
});
