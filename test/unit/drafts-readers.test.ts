/** What readers stumbled over in the drafts of the drills: each of these was said wrongly once. */
import { describe, expect, it } from 'vitest';
import type { Draft } from '../../shared/incident/draft.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import { reportFacts } from '../../shared/incident/report-facts.ts';
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { LogEntry } from '../../shared/model/incident.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { asked, mailStory } from '../support/document-cases.ts';
import { expectReadable } from '../support/document-reading.ts';
import { lines } from '../support/draft-reading.ts';
import { contact, line, lostServerStory, upstreamStory } from '../support/report-cases.ts';
import { alertLines, alertOf, check, outage, story, thing, verdict, written } from '../support/story.ts';

function drafted(kind: DocumentKind, input: DraftInput, options: Partial<DocumentOptions> = {}): Draft {
  const draft = drafts[kind](asked(input, options));
  expectReadable(draft);
  return draft;
}
const text = (draft: Draft, section: string): string => lines(draft, section).join('\n');
const and = (input: DraftInput, more: EventDraft[]): DraftInput => ({
  ...input,
  events: [...input.events, ...written(more)].sort((a, b) => a.at - b.at),
});

describe('promised updates that all came in time', () => {
  const told = (at: number, nextAt: number | null): EventDraft =>
    line(at, { type: 'status-update', audience: 'customers', channel: null, text: 'We are on it.', nextAt } as LogEntry);
  it.each([
    [1, 'The next update came when it was promised.'],
    [2, 'Both promised updates came in time.'],
    [4, 'All 4 promised updates came in time.'],
  ])('%d of them', (promised, sentence) => {
    const input = upstreamStory();
    const clean = { ...input, events: input.events.filter((it) => !(it.kind === 'logged' && it.payload.entry.type === 'status-update')) };
    const from = input.from + HOUR;
    const updates = Array.from({ length: promised + 1 }, (_, n) =>
      told(from + n * 10 * MINUTE, n < promised ? from + (n + 1) * 10 * MINUTE : null),
    );
    expect(lines(drafted('post-mortem', and(clean, updates)), 'went-well')).toContain(sentence);
  });
});

describe('a ticket says who spoke to whom, and whose note it quotes', () => {
  it.each<[string, EventDraft, RegExp]>([
    ['we called', contact(0, { with: 'east', text: 'Their end shows the circuit as up.' }), /we called you; our log says: “Their end/],
    [
      'they called',
      contact(0, { with: 'east', direction: 'in', tier: 'tier 2', text: 'Confirms it.' }),
      /you called us \(tier 2\); our log says: “Confirms/,
    ],
    [
      'in the ticket',
      contact(0, { with: 'east', channel: 'ticket', text: 'Asked again.' }),
      /we wrote in the ticket; our log says: “Asked/,
    ],
  ])('%s', (_name, said, words) => {
    const input = upstreamStory();
    const id = input.subjects.find((it) => it.provider === 'Eastern' || it.name === 'Eastern')?.id as string;
    const own = { ...said, at: input.from + HOUR } as EventDraft;
    if (own.kind === 'logged' && own.payload.entry.type === 'contact') own.payload.entry.with = id;
    const so = text(drafted('provider-ticket', and(input, [own]), { provider: id }), 'so-far');
    expect(so).toMatch(words);
    expect(so).not.toMatch(/told (you|us)/);
    expect(text(drafted('sla-credit', and(input, [own]), { provider: id }), 'contacts')).toMatch(/our log says: “/);
  });
});

describe('times and durations', () => {
  it('an SLA month names the day with every hour, also that of the incident', () => {
    const draft = drafted('sla-credit', upstreamStory());
    expect(lines(draft, 'uptime')[0]).toMatch(/^From 1 June 2026 at 00:00:00 EDT, as of \d+ \w+ 2026 at [\d:]+ EDT: up /);
  });
  it('mail was away as long as it says above, by the minutes that are read', () => {
    const from = Date.parse('2026-11-15T05:25:50-08:00');
    const draft = drafted('customer-report', mailStory(['receiving'], { from, lastsMs: 3 * HOUR + 20 * SECOND }));
    const read = /\(([^)]*hour[^)]*)\)/.exec(text(draft, 'what-happened'))?.[1];
    expect(read).toBe('3 hours 1 minute');
    expect(text(draft, 'mail-and-data')).toContain(`could not be taken or delivered for ${read} (`);
  });
  it('a wait that is not over holds those that came and went meanwhile', () => {
    const input = upstreamStory();
    const clean = { ...input, events: input.events.filter((it) => !(it.kind === 'logged' && it.payload.entry.type === 'contact')) };
    const [one, two] = input.subjects.filter((it) => it.kind === 'link').map((it) => it.id) as [string, string];
    const at = Date.parse('2026-06-16T04:00:00-04:00');
    const waits = [
      contact(at, { with: one, text: 'asked', waiting: true }),
      contact(at + 10 * MINUTE, { with: two, text: 'asked', waiting: true }),
      contact(at + 30 * MINUTE, { with: two, text: 'answered', direction: 'in' }),
    ];
    const said = text(drafted('customer-report', and(clean, waits)), 'how-long');
    expect(said).toContain('from 04:00');
    expect(said.match(/our network provider/g)).toHaveLength(1);
  });
  it('of two waits at once the longer one tells when it was over', () => {
    const input = upstreamStory();
    const clean = { ...input, events: input.events.filter((it) => !(it.kind === 'logged' && it.payload.entry.type === 'contact')) };
    const [one, two] = input.subjects.filter((it) => it.kind === 'link').map((it) => it.id) as [string, string];
    const at = Date.parse('2026-06-16T04:00:00-04:00');
    const waits = [
      contact(at, { with: one, text: 'asked', waiting: true }),
      contact(at + 10 * MINUTE, { with: two, text: 'asked', waiting: true }),
      contact(at + 30 * MINUTE, { with: two, text: 'answered', direction: 'in' }),
      contact(at + 90 * MINUTE, { with: one, text: 'answered', direction: 'in' }),
    ];
    expect(text(drafted('customer-report', and(clean, waits)), 'how-long')).toContain('from 04:00 to 05:30 EDT (1 hour 30 minutes)');
  });
});

describe('a server that was lost', () => {
  it('the ticket is about the time of the server, not of what ran on it', () => {
    const input = lostServerStory();
    const site = {
      ...(input.subjects[0] as (typeof input.subjects)[number]),
      id: 'sd',
      kind: 'site' as const,
      name: 'San Diego',
      hosts: [],
      site: null,
    };
    const subjects = [site, ...input.subjects.map((it) => (it.kind === 'host' ? { ...it, site: 'sd' } : it))];
    const draft = drafted('provider-ticket', { ...input, subjects }, { provider: 'sd' });
    expect(draft.title).toContain('web1');
    expect(text(draft, 'what-we-see')).toContain('2026-12-23 15:00:00');
    expect(text(draft, 'since')).toMatch(/^From 2026-12-23 15:20:00 PST/);
  });
  it('"backups" are not named again beside the word backup', () => {
    const input = lostServerStory();
    const plain = {
      ...input,
      subjects: input.subjects.map((it) => (it.id === 'web1' ? { ...it, name: 'backups' } : it)),
      plans: input.plans.map((plan) => (plan.subject.id === 'web1' ? { ...plan, subject: { ...plan.subject, name: 'backups' } } : plan)),
    };
    expect(text(drafted('post-mortem', plain), 'mail-and-data')).toContain('The newest usable backup was of ');
  });
});

describe('to whom a ticket goes', () => {
  it('people of a datacenter are named with their numbers, as those of a circuit are', () => {
    const input = lostServerStory();
    const base = input.subjects[0] as (typeof input.subjects)[number];
    const contacts = [{ name: 'Remote hands', tier: 'day and night', phone: '+1 555 0100' }];
    const site = { ...base, id: 'sd', kind: 'site' as const, name: 'San Diego', hosts: [], site: null, contacts };
    const subjects = [site, ...input.subjects.map((it) => (it.kind === 'host' ? { ...it, site: 'sd' } : it))];
    expect(lines(drafted('provider-ticket', { ...input, subjects }, { provider: 'sd' }), 'to')).toContain(
      'Remote hands, day and night: +1 555 0100',
    );
  });
  it('a provider behind whom no trace ends is not told that it dropped our traffic', () => {
    const input = upstreamStory();
    const [east, west] = input.subjects.filter((it) => it.kind === 'link').map((it) => it.id) as [string, string];
    const both = {
      ...input,
      subjects: input.subjects.map((it) => (it.kind === 'prefix' ? { ...it, dependsOn: [[east, west]] } : it)),
    };
    const draft = drafted('provider-ticket', both, { provider: west });
    expect(draft.title).toMatch(/: 3 of our 5 address ranges not reached \(over\)$/);
    expect(text(draft, 'what-we-see')).toContain('Not reached from outside on it or any other circuit of ours: 3 of our 5 address ranges.');
    expect(text(draft, 'what-we-see')).not.toContain('did not pass');
    expect(text(draft, 'what-we-ask')).toContain('1 | Tell us what you saw of our routes and our traffic in that time.');
    expect(text(drafted('provider-ticket', both, { provider: east }), 'what-we-see')).toContain('on it did not pass');
  });
});

describe('traces', () => {
  it.each([
    [null, 'no answer'],
    [0.8, 'not known'],
  ])('a hop without an address that took %s ms: %s', (ms, words) => {
    const input = upstreamStory();
    const draft = drafted('provider-ticket', {
      ...input,
      events: input.events.map((it) =>
        it.kind === 'traced'
          ? { ...it, payload: { ...it.payload, hops: it.payload.hops.map((hop) => ({ ...hop, address: null, ms })) } }
          : it,
      ) as DraftInput['events'],
    });
    expect(lines(draft, 'traces').find((it) => it.startsWith('1 |'))).toContain(`1 | ${words} |`);
  });
});

describe('what came and went', () => {
  const web1 = thing('host', 'web1', { site: 'sd' });
  const http = check(web1, 'http');
  const from = Date.parse('2026-11-15T05:00:00-08:00');
  const refused = verdict('down', 'refused', 'connection refused');
  const flap = (at: number, kind: 'flapping-started' | 'flapping-stopped'): EventDraft => ({
    at,
    kind,
    subject: { kind: 'host', id: 'web1' },
    actor: 'engine',
    payload: { check: http.id, percent: 25 },
  });
  it.each<[string, number, string]>([
    ['it stayed away from the tenth minute on', 10, 'from 05:05:00 to 05:10:00 PST (5 min)'],
    ['it was well when it was called steady', 45, 'from 05:05:00 to 05:30:00 PST (25 min)'],
  ])('%s', (_name, wentAt, when) => {
    const over = from + HOUR;
    const alert = alertOf(web1, { checks: [http.id], firstAt: from, raisedAt: from + 20 * SECOND, endedAt: over });
    const input = story({
      zone: 'America/Los_Angeles',
      from,
      to: over,
      now: over,
      subjects: [web1],
      plans: [http],
      alerts: [alert],
      lines: [
        ...outage(http, from, from + 2 * MINUTE, refused),
        ...outage(http, from + wentAt * MINUTE, over, refused),
        flap(from + 5 * MINUTE, 'flapping-started'),
        flap(from + 30 * MINUTE, 'flapping-stopped'),
        ...alertLines(alert),
      ],
    });
    expect(text(drafted('post-mortem', input), 'affected')).toContain(`HTTP on web1 came and went ${when}.`);
  });
  it('is back in full with the last of its checks, not with the first', () => {
    const ping = check(web1, 'icmp');
    const over = from + HOUR;
    const alert = alertOf(web1, { checks: [http.id, ping.id], firstAt: from, raisedAt: from + 20 * SECOND, endedAt: over + 40 * SECOND });
    const input = story({
      zone: 'America/Los_Angeles',
      from,
      to: over + HOUR,
      now: over + HOUR,
      subjects: [web1],
      plans: [http, ping],
      alerts: [alert],
      lines: [...outage(http, from, over, refused), ...outage(ping, from, over + 40 * SECOND, refused), ...alertLines(alert)],
    });
    expect(reportFacts(input).recoverySteps).toMatchObject([{ at: over + 40 * SECOND, full: true, all: true }]);
  });
});
