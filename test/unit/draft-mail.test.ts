import { describe, expect, it } from 'vitest';
import { draftIncident } from '../../shared/incident/draft-incident.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { expectSound, lines } from '../support/draft-reading.ts';
import { mailStack } from '../support/mail-legs.ts';
import { alertLines, alertOf, coverage, outage, story, verdict } from '../support/story.ts';

const begin = Date.parse('2026-11-20T05:25:00-08:00');
const end = begin + 40 * MINUTE;
const from = begin - 10 * MINUTE;
const to = end + 10 * MINUTE;
const n = 60;
const stack = mailStack('mail-example', 'example.net', ['receiving', 'sending', 'delivery', 'reading', 'webmail']);
const idsOf = (leg: string, names: readonly string[]): string[] => names.map((name) => `mail-example.${leg}/${name}`);
const reading = idsOf('reading', ['imap', 'imaps', 'pop3', 'pop3s']);
const sending = idsOf('sending', ['submission', 'submissions']);
const [trip] = idsOf('delivery', ['roundtrip']) as [string];
const noLogin = verdict('down', 'login-refused', 'the log-in is refused');
const cannotSend = verdict('unknown', 'cannot-send', 'no message could be sent: the log-in is refused');

const planOf = (id: string) => {
  const plan = stack.plans.find((it) => it.id === id);
  if (!plan) throw new Error(`no check ${id}`);
  return plan;
};
const legOf = (id: string) => stack.subjects.find((it) => it.id === `mail-example.${id}`) ?? stack.entry;
/** A night in which these checks failed. */
function night(
  alert: Alert,
  failed: Record<string, typeof noLogin>,
  more: { lines?: EventDraft[]; subjects?: DraftInput['subjects'] } = {},
) {
  const draft = draftIncident(
    story({
      zone: 'America/Los_Angeles',
      from,
      to,
      alerts: [alert],
      subjects: more.subjects ?? stack.subjects,
      plans: stack.plans,
      coverage: Object.fromEntries(stack.plans.map(({ id }) => [id, Object.hasOwn(failed, id) ? coverage(n, 20) : coverage(n)])),
      lines: [
        ...Object.entries(failed).flatMap(([id, seen], index) => outage(planOf(id), begin + index * SECOND, end, seen)),
        ...alertLines(alert),
        ...(more.lines ?? []),
      ],
    }),
  );
  expectSound(draft);
  return draft;
}
const head = { firstAt: begin, raisedAt: begin + 20 * SECOND, endedAt: end };
const all = (ids: string[], seen = noLogin): Record<string, typeof noLogin> => Object.fromEntries(ids.map((id) => [id, seen]));

describe('a leg that failed', () => {
  const draft = night(alertOf(legOf('reading'), { title: 'Mail of example.net cannot be read', checks: reading, ...head }), all(reading));
  it('is called what customers call it', () => {
    expect(draft.title).toBe('Mail of example.net cannot be read');
    expect(lines(draft, 'affected')).toEqual([
      'Reading mail for example.net: down from 05:25:00 to 06:05:00 (40 min): the log-in is refused.',
    ]);
  });
  it('and the others worked, as their results show', () => {
    expect(lines(draft, 'not-affected')).toEqual([
      'Mail: receiving mail for example.net, sending mail for example.net, delivery of mail for example.net and webmail for example.net worked throughout (540 of 540 results ok).',
    ]);
    expect(lines(draft, 'not-known')).toEqual([]);
  });
  it('checks go by the name of the domain', () => {
    expect(lines(draft, 'summary').join(' ')).toContain(
      '4 of 13 checks failed: IMAP of example.net, IMAPS of example.net, POP3 of example.net and POP3S of example.net.',
    );
  });
});

it('one protocol that failed stands beside the one that worked', () => {
  const some = reading.slice(0, 2);
  const draft = night(alertOf(legOf('reading'), { title: 'IMAP of example.net fails', checks: some, ...head }), all(some));
  expect(lines(draft, 'affected')).toEqual([
    'Reading mail for example.net (IMAP and IMAPS): down from 05:25:00 to 06:05:00 (40 min): the log-in is refused.',
  ]);
  expect(lines(draft, 'not-affected')).toContain('POP3 and POP3S of example.net worked throughout (120 of 120 results ok).');
});

describe('several legs, and a round trip that could not be sent', () => {
  const alert = alertOf(stack.entry, {
    title: 'example.net: mail can neither be read nor sent',
    checks: [...reading, ...sending],
    consequences: [trip],
    ...head,
  });
  const draft = night(alert, { ...all([...sending, ...reading]), [trip]: cannotSend });
  it('tells each leg', () => {
    expect(lines(draft, 'affected')).toEqual([
      'Sending mail for example.net (submission and submission over TLS): down from 05:25:00 to 06:05:00 (40 min): the log-in is refused.',
      'Reading mail for example.net: down from 05:25:02 to 06:05:00 (39 min): the log-in is refused.',
    ]);
  });
  it('delivery is neither down nor fine', () => {
    expect(lines(draft, 'not-affected')).toEqual([
      'Mail: receiving mail for example.net and webmail for example.net worked throughout (240 of 240 results ok).',
      'Blocklists of example.net worked throughout (60 of 60 results ok).',
    ]);
    expect(lines(draft, 'not-known')).toEqual([
      'Delivery of mail for example.net: round trip could not be made (no message could be sent: the log-in is refused).',
    ]);
  });
  it('nor is it once the alert that held it is over', () => {
    const later = night({ ...alert, consequences: [] }, { ...all([...sending, ...reading]), [trip]: cannotSend });
    expect(lines(later, 'affected').join(' ')).not.toMatch(/[Dd]elivery|trouble of its own/);
    expect(lines(later, 'not-known')).toHaveLength(1);
  });
});

it('a leg that is slow when it works again has its own trouble', () => {
  const late = verdict('degraded', 'slow', 'delivered after 22 s');
  const changed = outage(planOf(trip), begin, end, cannotSend).map((line) =>
    line.at === end && line.kind === 'hard' ? { ...line, payload: { ...line.payload, to: 'degraded' as const, verdict: late } } : line,
  );
  const draft = night(
    alertOf(legOf('sending'), { title: 'example.net cannot send mail', checks: sending, consequences: [trip], ...head }),
    all(sending),
    { lines: changed },
  );
  expect(lines(draft, 'affected')).toEqual([
    'Sending mail for example.net (submission and submission over TLS): down from 05:25:00 to 06:05:00 (40 min): the log-in is refused.',
    'At the same time there was trouble of its own with example.net delivery; it is not part of this report.',
  ]);
});

it('what is written on the mail entry belongs to the story of its legs', () => {
  const lines1 = [
    {
      at: begin + MINUTE,
      kind: 'note',
      actor: 'Kim',
      subject: { kind: 'mail', id: 'mail-example' },
      payload: { text: 'Dovecot lost its password file' },
    },
  ] as const;
  const draft = night(alertOf(legOf('reading'), { title: 'x', checks: reading, ...head }), all(reading), { lines: [...lines1] });
  expect(lines(draft, 'timeline').join('\n')).toContain('Dovecot lost its password file');
  expect(lines(draft, 'cause').join('\n')).toContain('Kim wrote on example.net at 05:26:00');
});

it('a mail domain that nothing watches is told, one that is watched leg by leg is not', () => {
  const bare = mailStack('mail-other', 'example.org', []).entry;
  const draft = night(alertOf(legOf('reading'), { title: 'x', checks: reading, ...head }), all(reading), {
    subjects: [...stack.subjects, bare],
  });
  expect(lines(draft, 'not-known')).toEqual(['Mail for example.org: nothing watches it.']);
});

it('hundreds of legs fill no pages', () => {
  const stacks = Array.from({ length: 60 }, (_, index) => mailStack(`m${index}`, `d${index}.example`, ['reading', 'receiving']));
  const checks = stacks.flatMap((it) => it.plans.filter((plan) => plan.subject.id.endsWith('.reading')));
  const alert = alertOf(stacks[0]?.legs[1] ?? stack.entry, {
    title: 'Mail of 60 domains cannot be read',
    checks: checks.map((it) => it.id),
    ...head,
  });
  const draft = draftIncident(
    story({
      from,
      to,
      alerts: [alert],
      subjects: stacks.flatMap((it) => it.subjects),
      plans: stacks.flatMap((it) => it.plans),
      coverage: Object.fromEntries(
        stacks.flatMap((it) => it.plans).map(({ id }) => [id, id.includes('.reading') ? coverage(n, 20) : coverage(n)]),
      ),
      lines: [...checks.flatMap((plan) => outage(plan, begin, end, noLogin)), ...alertLines(alert)],
    }),
  );
  expectSound(draft);
  expect(lines(draft, 'affected').at(-1)).toMatch(/^20 more mail services: d40\.example reading, /);
  expect(lines(draft, 'not-affected')).toEqual([
    expect.stringMatching(/^Mail: receiving mail for d0\.example, .+ and 48 more worked throughout/),
  ]);
});
