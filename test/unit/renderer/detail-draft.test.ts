import { describe, expect, it } from 'vitest';
import { type DraftForm, draftAsk, lastStretch, localMinute, rezone, zoneChoices } from '../../../renderer/incidents/draft-form.ts';
import { countDraft, evidenceOf, writeNumbers } from '../../../renderer/incidents/evidence.ts';
import type { Draft } from '../../../shared/incident/draft.ts';
import { HOUR } from '../../../shared/time.ts';

const la = 'America/Los_Angeles';
const form: DraftForm = { by: 'alerts', chosen: [], from: '', to: '', title: '', zone: la };

describe('what is asked for', () => {
  it.each<[string, Partial<DraftForm>, unknown]>([
    ['nothing chosen', {}, { empty: true }],
    [
      'alerts, title trimmed',
      { chosen: ['a', 'b'], title: '  Mail ' },
      { ask: { alerts: ['a', 'b'], from: null, to: null, title: 'Mail', zone: la } },
    ],
    ['a range not filled in', { by: 'range', from: '2026-11-20 05:00' }, { empty: true }],
    [
      'a range',
      { by: 'range', chosen: ['a'], from: '2026-11-20 05:00', to: '2026-11-20T06:00' },
      { ask: { alerts: null, from: Date.UTC(2026, 10, 20, 13), to: Date.UTC(2026, 10, 20, 14), title: null, zone: la } },
    ],
    [
      'an offset of its own',
      { by: 'range', from: '2026-11-20T05:00:00Z', to: '2026-11-19 22:00' },
      { ask: { alerts: null, from: Date.UTC(2026, 10, 20, 5), to: Date.UTC(2026, 10, 20, 6), title: null, zone: la } },
    ],
    ['no time', { by: 'range', from: 'yesterday', to: '2026-11-20 06:00' }, { problem: 'Write it as 2026-11-20 05:39.', field: 'from' }],
    [
      'a day that is none',
      { by: 'range', from: '2026-11-20 06:00', to: '2026-11-31 06:00' },
      { problem: 'Write it as 2026-11-20 05:39.', field: 'to' },
    ],
    [
      'the end before the start',
      { by: 'range', from: '2026-11-20 06:00', to: '2026-11-20 06:00' },
      { problem: 'The end must come after the start.', field: 'to' },
    ],
    [
      'too long',
      { by: 'range', from: '2026-01-01 00:00', to: '2026-11-20 06:00' },
      { problem: 'At most 31 days go into one report.', field: 'to' },
    ],
  ])('%s', (_name, change, asked) => expect(draftAsk({ ...form, ...change })).toEqual(asked));

  it('the last hour holds the minute that runs: trouble that began seconds ago is in it', () => {
    const now = Date.UTC(2026, 10, 20, 13, 39, 47);
    expect(lastStretch(HOUR, now, la)).toEqual({ from: '2026-11-20 04:39', to: '2026-11-20 05:40' });
  });

  it('keeps the moment when the zone changes, and text that is no time', () => {
    const at = Date.UTC(2026, 10, 1, 9, 30);
    expect(rezone(localMinute(at, la), la, 'UTC')).toBe('2026-11-01 09:30');
    expect(rezone('soon', la, 'UTC')).toBe('soon');
    expect(localMinute(at - HOUR, la)).toBe('2026-11-01 01:30');
  });

  it('offers each zone once', () => {
    expect(zoneChoices('UTC', 'UTC').map((it) => it.zone)).toEqual(['UTC']);
    expect(zoneChoices(la, 'Europe/Berlin').map((it) => it.zone)).toEqual([la, 'UTC', 'Europe/Berlin']);
  });
});

const draft: Draft = {
  title: 'Mail',
  subtitle: '',
  zone: 'UTC',
  from: 0,
  to: 1,
  sections: [
    {
      key: 'summary',
      title: 'What happened',
      blocks: [
        {
          kind: 'text',
          statements: [
            { text: 'a', evidence: ['e2', 'e1'] },
            { text: 'b', evidence: [] },
          ],
        },
      ],
    },
    {
      key: 'timeline',
      title: 'Timeline',
      blocks: [{ kind: 'table', columns: ['t', 'x'], rows: [{ cells: ['1', 'c'], evidence: ['e1'] }] }],
    },
    { key: 'cause', title: 'Why', blocks: [{ kind: 'gap', text: 'Why?' }] },
  ],
  evidence: [
    { number: 1, key: 'e1', source: { kind: 'event', event: 'e1', at: 0 }, text: 'one' },
    { number: 2, key: 'e2', source: { kind: 'event', event: 'e2', at: 0 }, text: 'two' },
  ],
};

describe('evidence', () => {
  it('counts statements, rows and gaps', () => expect(countDraft(draft)).toEqual({ statements: 3, proven: 2, gaps: ['Why?'] }));

  it('leads to the footnotes in their order and leaves out what has none', () => {
    expect(evidenceOf(draft, ['e2', 'gone', 'e1']).map((it) => it.number)).toEqual([1, 2]);
  });

  it.each([
    [[], ''],
    [[4], '4'],
    [[2, 1], '1, 2'],
    [[3, 1, 2, 7, 7], '1–3, 7'],
    [[1, 3, 4, 5, 6], '1, 3–6'],
  ])('%o reads %s', (numbers, text) => expect(writeNumbers(numbers)).toBe(text));
});
