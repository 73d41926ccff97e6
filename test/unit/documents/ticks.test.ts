/** What merely ticks in a draft is no news; everything else is. */
import { describe, expect, it } from 'vitest';
import { passKey } from '../../../renderer/editor/news.ts';
import { beginDocument, newsOf } from '../../../shared/documents/document.ts';
import { withoutTicks } from '../../../shared/documents/ticks.ts';
import { drafts } from '../../../shared/incident/drafts/index.ts';
import type { DraftInput } from '../../../shared/incident/input.ts';
import type { DocumentKind } from '../../../shared/model/document.ts';
import type { EventDraft } from '../../../shared/model/event.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { asked, mailStory, routineStory } from '../../support/document-cases.ts';
import { contact, line, lostServerStory, overrunStory, upstreamStory } from '../../support/report-cases.ts';
import { written } from '../../support/story.ts';

const kinds: DocumentKind[] = ['post-mortem', 'customer-report', 'status-update', 'provider-ticket', 'sla-credit'];

/** A story in its middle: what comes later has not happened yet. */
function within(story: DraftInput, part: number): DraftInput {
  const now = Math.round(story.from + part * (story.to - story.from));
  return {
    ...story,
    to: now,
    now,
    events: story.events.filter((event) => event.at <= now),
    alerts: story.alerts.map((alert) => (alert.endedAt !== null && alert.endedAt > now ? { ...alert, endedAt: null } : alert)),
    incident: story.incident && { ...story.incident, status: 'investigating', resolvedAt: null },
  };
}
const later = (story: DraftInput, ms: number, more: EventDraft[] = []): DraftInput => ({
  ...story,
  to: story.to + ms,
  now: story.now + ms,
  events: [...story.events, ...written(more).map((event) => ({ ...event, id: `L${event.id}` }))],
});
const draft = (kind: DocumentKind, story: DraftInput) => drafts[kind](asked(story, { provider: 'east' }));
const begun = (kind: DocumentKind, story: DraftInput) =>
  beginDocument(
    draft(kind, story),
    { id: 'D', kind, incident: 'I1', window: null, options: { zone: story.zone, clock: '24h' } },
    { by: 'Kim', now: story.now },
  );
const news = (kind: DocumentKind, before: DraftInput, after: DraftInput): string[] =>
  newsOf(begun(kind, before), draft(kind, after)).flatMap((it) => (it.state === 'same' ? [] : [`${it.key} ${it.state}`]));

describe('an open incident', () => {
  const stories: [string, DraftInput][] = [
    ['a web server that does not come back', routineStory({ ongoing: true })],
    ['mail', mailStory(['reading', 'receiving'], { lastsMs: null })],
    ['an upstream', within(upstreamStory(), 0.6)],
    ['planned work that overruns', within(overrunStory(), 0.6)],
    ['a lost server', within(lostServerStory(), 0.6)],
  ];
  const spans: [string, number][] = [
    ['a second', 1_000],
    ['a minute and some', 67_000],
    ['ten minutes', 10 * MINUTE],
  ];
  it.each(stories.flatMap(([name, story]) => spans.map(([span, ms]) => [name, span, story, ms] as const)))(
    '%s: nothing is new after %s in which nothing happened',
    (_name, _span, story, ms) => {
      for (const kind of kinds) expect([kind, ...news(kind, story, later(story, ms))]).toEqual([kind]);
    },
  );

  const upstream = within(upstreamStory(), 0.6);
  const next = upstream.to + MINUTE;
  it.each<[string, EventDraft, string]>([
    ['a call', contact(next, { with: 'east', direction: 'in', text: 'found it' }), 'contacts newer'],
    ['a report of customers', line(next, { type: 'customer-report', count: 2, text: 'nothing loads' }), 'customers newer'],
    ['a cause', line(next, { type: 'root-cause', text: 'a wrong filter' }), 'cause newer'],
  ])('%s is news', (_name, event, section) =>
    expect(news('post-mortem', upstream, later(upstream, 2 * MINUTE, [event]))).toContain(section),
  );
  it('that it is over is news', () => {
    const over = { ...upstreamStory() };
    expect(news('post-mortem', upstream, over)).toContain('summary newer');
  });
  it('a promised update that did not come is news', () => {
    const story = routineStory({ ongoing: true });
    expect(news('post-mortem', story, later(story, HOUR))).toEqual(['customers newer', 'went-badly newer']);
  });
});

describe('two texts without what ticks', () => {
  const same = (a: string, b: string): boolean => withoutTicks(a) === withoutTicks(b);
  it.each([
    ['how long by now', 'We waited 59 min for Cox so far.[^1]', 'We waited 1 h 2 min for Cox so far.[^1]', true],
    ['spoken', 'It is not finished yet: 59 minutes longer.[^1]', 'It is not finished yet: 1 hour 3 minutes longer.[^1]', true],
    ['the moment of the draft', 'Down, as of 23:59:10 PST (9 s).[^1]', 'Down, as of 00:01:10 PST on 3 May (2 min).[^1]', true],
    ['in a row', '| 03:00 | not over[^1] | 9 min |', '| 03:00 | not over[^1] | 10 min |', true],
    ['uptime of a month', 'In May so far it was up 99.98 %.[^1]', 'In May so far it was up 99.9 %.[^1]', true],
    ['its evidence', 'We waited 9 min for Cox so far.[^1]', 'We waited 9 min for Cox so far.[^1][^2]', false],
    ['another time', 'Since 03:10, as of 04:00 (50 min).', 'Since 03:00, as of 04:00 (1 h).', false],
    ['progress', '7 of 43 sites are done so far.[^1]', '8 of 43 sites are done so far.[^1]', false],
    ['a credit', 'So far: 5 % of the monthly fee.[^1]', 'So far: 10 % of the monthly fee.[^1]', false],
    ['what is over', 'It took 59 min.[^1]', 'It took 58 min.[^1]', false],
    ['beside what ticks', 'It took 59 min.[^1] 3 min so far.[^2]', 'It took 58 min.[^1] 3 min so far.[^2]', false],
    ['a gap', '[TO FILL: What next? In half an hour it is 04:30 PST.]', '[TO FILL: What next? In half an hour it is 05:00 PST.]', true],
  ])('%s', (_name, a, b, isSame) => expect(same(a, b)).toBe(isSame));

  it('what was seen and not wanted stays so while it ticks', () => {
    expect(passKey('a', 'We wait, 9 min so far.')).toBe(passKey('a', 'We wait, 10 min so far.'));
    expect(passKey('a', 'It took 9 min.')).not.toBe(passKey('a', 'It took 10 min.'));
  });
  it('takes a long text in its stride', () => {
    const long = '- 12 min so far, as of 03:00 (1 h)[^1]\n'.repeat(20_000);
    const begin = performance.now();
    withoutTicks(long);
    withoutTicks(`so far ${'1'.repeat(200_000)}`);
    withoutTicks(`so far ${'as of '.repeat(50_000)}`);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});
