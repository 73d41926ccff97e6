import { describe, expect, it } from 'vitest';
import type { Draft } from '../../shared/incident/draft.ts';
import { drafts } from '../../shared/incident/drafts/index.ts';
import type { DraftInput } from '../../shared/incident/input.ts';
import type { DocumentKind, DocumentOptions } from '../../shared/model/document.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { asked, handStory, mailStory, mailWork, routineStory } from '../support/document-cases.ts';
import { expectReadable, textsOf } from '../support/document-reading.ts';
import { lines } from '../support/draft-reading.ts';
import { line, lostServerStory, overrunStory, upstreamStory } from '../support/report-cases.ts';
import { written } from '../support/story.ts';

function drafted(kind: DocumentKind, input: DraftInput, options: Partial<DocumentOptions> = {}): Draft {
  const draft = drafts[kind](asked(input, options));
  expectReadable(draft);
  return draft;
}
const keys = (draft: Draft): string[] => draft.sections.map((section) => section.key);
const all = (draft: Draft): string =>
  textsOf(draft)
    .map((it) => it.text)
    .join('\n');

/** The same night, looked at before it was over: what came later had not been written. */
function before(input: DraftInput, now: number): DraftInput {
  return {
    ...input,
    to: now,
    now,
    alerts: input.alerts.map((alert) => ({ ...alert, endedAt: alert.endedAt !== null && alert.endedAt > now ? null : alert.endedAt })),
    events: input.events.filter((event) => event.at <= now),
    incident: input.incident ? { ...input.incident, status: 'identified', resolvedAt: null, owed: [] } : null,
  };
}
const eastern = (clock: string): number => Date.parse(`2026-06-16T${clock}:00-04:00`);

describe('an upstream drops part of the address space', () => {
  const input = upstreamStory();
  it('post-mortem: which provider, link state against traffic, the contact log, what is owed', () => {
    const draft = drafted('post-mortem', input);
    expect(lines(draft, 'summary').join(' ')).toContain(
      'What failed itself: 3 of 5 address ranges (range 1, range 2 and range 3), all over Eastern.',
    );
    expect(lines(draft, 'summary').join(' ')).toContain('it was noticed after 1 min 20 s, taken on after 5 min and over after 3 h 46 min.');
    expect(lines(draft, 'network')).toEqual([
      'Eastern (EA-1) | up | did not pass | 3 of 3 hit: range 1, range 2 and range 3',
      'Western | up | passed | all 2 answered',
      'The circuit of Eastern was up throughout, and yet its traffic did not pass: that is routing, not the line.',
      'Every address range that failed rides on Eastern, and on no other link is that so.',
      'The way to 198.51.1.1 dies inside Eastern, after 203.0.113.1 (hop 2 of 2), as followed at 03:30:00 EDT.',
      'Seen from inside everything that is looked at from there worked (web1); seen from outside 4 things did not.',
      'Kim wrote at 05:40:00 EDT: “everything works internally”.',
    ]);
    expect(lines(draft, 'contacts')[0]).toBe('04:10:00 | to Eastern (tier 1), ticket 4711 | opened a ticket | 1 h 20 min | Kim');
    expect(lines(draft, 'contacts')).toHaveLength(5);
    const known = input.events.map((event) =>
      event.kind === 'logged' && event.payload.entry.type === 'contact'
        ? { ...event, payload: { ...event.payload, entry: { ...event.payload.entry, person: 'Jo' } } }
        : event,
    );
    expect(lines(drafted('post-mortem', { ...input, events: known }), 'contacts')[0]).toContain('to Jo of Eastern (tier 1), ticket 4711');
    expect(lines(draft, 'resolution')).toEqual([
      'Kim called it resolved at 07:05:00 EDT: “Eastern corrected its announcements”.',
      'At 06:40:00 EDT range 1 came back in full.',
      'At 07:05:00 EDT range 2 came back in full.',
      'At 07:05:01 EDT range 3 came back, and with that everything.',
    ]);
    expect(lines(draft, 'owed')).toEqual(['Eastern owes us since 07:05:00 EDT: “RFO”, due at 19:05:00 EDT. It is late.']);
    expect(lines(draft, 'went-badly')).toContain('We waited 1 h 56 min for Eastern.');
    expect(lines(draft, 'sla')[0]).toContain('the target of 99.99 % is missed. Credit due: 40 % of the monthly fee, USD 800.00.');
    expect(lines(draft, 'timeline').length).toBeLessThanOrEqual(40);
    // What the table says is not said again.
    const table = new Set(lines(draft, 'timeline'));
    expect(lines(draft, 'appendix').filter((it) => table.has(it))).toEqual([]);
  });
  it('customer report: one wait, no names', () => {
    const draft = drafted('customer-report', input);
    expect(draft.title).toBe('Name service could not be reached on Tuesday 16 June 2026');
    expect(lines(draft, 'what-happened')).toEqual([
      'Name service could not be reached from 03:18 to 06:40 EDT (3 hours 22 minutes).',
      'Since 07:05 EDT everything has worked again.',
    ]);
    expect(lines(draft, 'how-long')).toContain('We waited for our network provider from 04:10 to 06:06 EDT (1 hour 56 minutes).');
    expect(lines(draft, 'why')).toEqual([
      'GAP Say in plain words what the cause was. The log says: Eastern announces three of our ranges wrongly and drops them',
    ]);
    for (const { kind, text } of textsOf(draft)) if (kind !== 'gap') expect(text).not.toMatch(/Eastern|Western|Kim|web1|198\.51/);
  });
  it('provider ticket while it lasts', () => {
    const draft = drafted('provider-ticket', before(input, eastern('05:45')));
    expect(draft.title).toBe('Circuit EA-1: traffic to all 3 of our address ranges does not pass');
    expect(lines(draft, 'what-we-see').slice(0, 4)).toEqual([
      'The circuit itself is up: your side of it answers every ping.',
      'Traffic for all 3 of our address ranges on it does not pass: they are not reached from outside.',
      'Traces end within your network: the way to 198.51.1.1 dies inside Eastern, after 203.0.113.1 (hop 2 of 2).',
      '198.51.1.0/24 | nothing answers | 03:18:40 | still so',
    ]);
    expect(lines(draft, 'since')).toEqual([
      'Since 2026-06-16 03:18:40 EDT (2026-06-16 07:18:40 UTC); 2 h 26 min as of 05:45:00 EDT, and it lasts.',
    ]);
    expect(lines(draft, 'what-works')).toEqual([
      '198.51.4.0/24 and 198.51.5.0/24: every address that we ping answers.',
      'Our other circuit, Western: up, and traffic passes.',
    ]);
    expect(lines(draft, 'traces').slice(1)).toEqual([
      '1 | 192.0.2.1 | – | 0 % | 1.0 ms',
      '2 | 203.0.113.1 | Eastern | 0 % | 4.0 ms',
      '3 | no answer | – | 100 % | –',
    ]);
    expect(lines(draft, 'what-we-ask').map((it) => it.slice(0, 30))).toEqual([
      '1 | Confirm this ticket, and t',
      '2 | Check how you announce and',
      '3 | Please do not stop at the ',
      '4 | Tell us when you expect it',
      '5 | Send us the reason for the',
    ]);
    expect(lines(draft, 'to')).toContain('Ticket 4711');
    expect(drafted('provider-ticket', input, { provider: 'west' }).title).toContain('Western');
  });
  it('SLA credit: terms, uptime, outages, deadline, what is left out', () => {
    const draft = drafted('sla-credit', input);
    expect(draft.title).toBe('SLA credit for June 2026: Eastern, circuit EA-1');
    expect(lines(draft, 'claim')[0]).toBe(
      'In June 2026 so far circuit EA-1 was up 99.48 %; 99.99 % was promised. Counted as down: 3 h 46 min in 1 outage. We ask Eastern for a credit of 40 % of the monthly fee, USD 800.00, as things stand.',
    );
    expect(lines(draft, 'outages')).toHaveLength(3);
    expect(lines(draft, 'credit')).toEqual([
      'June 2026: 8 started periods of 30 min, 5 % each; 40 % of the monthly fee.',
      'That is USD 800.00 for June 2026.',
    ]);
    expect(lines(draft, 'deadline')).toEqual(['The claim must be in by 19 June 2026 at 07:05:01 EDT.']);
    expect(lines(draft, 'excluded')).toHaveLength(1);
    expect(lines(drafted('sla-credit', input, { provider: 'west' }), 'claim')[0]).toContain('What did Western promise us?');
  });
});

describe('an upgrade that overran', () => {
  const input = overrunStory();
  it('post-mortem: planned against actual, wrong content, customers, promises', () => {
    const draft = drafted('post-mortem', input, { clock: '12h' });
    expect(lines(draft, 'planned')[0]).toBe(
      'Upgrade of web1 | 14 May 12:09:00 AM to 5:09:00 AM MST | 14 May 12:09:00 AM to 15 May 2:25:00 AM MST | 21 h 16 min',
    );
    expect(lines(draft, 'impact').join(' ')).toContain(
      'answered from 14 May 5:16:00 AM to 15 May 2:25:00 AM MST (21 h 9 min), but with the wrong content',
    );
    expect(lines(draft, 'customers')[0]).toBe('On 14 May at 9:10:00 AM MST 1 customer reported: “my pages are gone”.');
    expect(lines(draft, 'went-badly')).toEqual(
      expect.arrayContaining(['“Upgrade of web1” overran by 21 h 16 min.', '1 promised update did not come in time.']),
    );
    expect(lines(draft, 'actions')[0]).toBe('back up the panel on its own | Lee | Thursday 28 May 2026');
  });
  it('customer report: why it took so long, and what was told when', () => {
    const draft = drafted('customer-report', input);
    expect(draft.title).toBe('Your web sites could not be used from 14 to 15 May 2026');
    expect(lines(draft, 'what-happened').join(' ')).toContain(
      'came back with the wrong content: your web sites, from 14 May 05:16 to 15 May 02:25 MST (21 hours 9 minutes).',
    );
    expect(lines(draft, 'how-long').at(-1)).toBe(
      'The planned work, begun on 14 May at 00:09 MST, was to end on 14 May at 05:09 MST and took until 02:25 MST on 15 May: 21 hours 16 minutes longer than planned.',
    );
    expect(lines(draft, 'told')).toHaveLength(3);
    expect(lines(draft, 'what-changes')).toEqual(['Back up the panel on its own (by Thursday 28 May 2026).']);
  });
});

describe('a server that is lost', () => {
  const input = lostServerStory();
  it('post-mortem: the window of possible data loss, restore progress', () => {
    const draft = drafted('post-mortem', input);
    expect(lines(draft, 'mail-and-data')).toEqual([
      'The newest usable backup of web1 was of 2026-12-23 03:00:00 PST: what was written in the 12 h until the first symptom may be lost.',
      'GAP Was anything restored from a backup, and is data of the time since that backup lost?',
    ]);
    expect(lines(draft, 'progress')).toEqual([
      '2026-12-24 03:00:00 | 7 of 43 sites | Kim',
      '2026-12-24 15:00:00 | 43 of 43 sites: databases last | Kim',
    ]);
    expect(lines(draft, 'detection').join(' ')).toContain(
      'Kim took it on on 23 December at 15:10:00 PST, 9 min after the alert, by opening an incident.',
    );
    expect(all(draft)).not.toContain('Nobody is on record');
  });
  it('customer report: what may be lost, how the restore went on', () => {
    const draft = drafted('customer-report', input);
    expect(lines(draft, 'mail-and-data')[0]).toContain(
      'What was changed in the 12 hours after that may be lost where data has to be restored from it.',
    );
    expect(lines(draft, 'how-long').join(' ')).toContain(
      'Done step by step: 7 of 43 sites by 03:00 PST on 24 December and 43 of 43 by 15:00 PST on 24 December.',
    );
  });
});

describe('a web server that does not come back after a routine', () => {
  it('post-mortem: the routine as the trigger, the patches before', () => {
    const draft = drafted('post-mortem', routineStory());
    expect(lines(draft, 'trigger')).toEqual(['Kim wrote at 04:46:10 PST: “the weekly log rotation restarts Apache”.']);
    expect(lines(draft, 'contributing')).toEqual([
      'Kim wrote at 04:45:10 PST: “the patches of Wednesday changed the ownership of one folder”.',
      'Before it, the nearest first (that something came before does not make it a cause):',
      'Weekly log rotation began on web1 (what failed itself) at 04:00:00 PST, 2 min 10 s before the first symptom.',
      'Lee made a change on web1 (what failed itself) on 11 November 2026 at 04:02:10 PST, 4 d before the first symptom: “routine security patches”.',
    ]);
    expect(lines(draft, 'actions').at(-1)).toBe('GAP Who does this, and by when: check the patch list for changes of ownership');
  });
  it('nobody has said anything yet: what came just before stands beside the question', () => {
    const draft = drafted('post-mortem', routineStory({ ongoing: true }));
    expect(lines(draft, 'trigger')).toEqual([
      'Weekly log rotation began on web1 (what failed itself) at 04:00:00 PST, 2 min 10 s before the first symptom.',
      'GAP Was it set off by this? That it came just before does not say so.',
    ]);
    expect(lines(draft, 'cause')).toEqual(['GAP What was the cause? The desk cannot know it.']);
    expect(lines(draft, 'summary').at(-1)).toBe('It is not over: as of 04:14:10 PST, 12 min after the first symptom, 2 alerts are open.');
    expect(keys(draft)).not.toContain('luck');
  });
  it('customer report', () => {
    const draft = drafted('customer-report', routineStory());
    expect(lines(draft, 'what-happened')).toEqual([
      'Web sites of our customers could not be used from 04:02 to 04:43 PST (41 minutes).',
      'Three customers reported it to us; thank you.',
    ]);
    expect(lines(draft, 'not-affected')).toEqual(['Name service and mail for example.net could be used as usual throughout.']);
    // 41 minutes need no excuse.
    expect(keys(draft)).toEqual(['what-happened', 'not-affected', 'why', 'told', 'what-changes', 'questions']);
  });
  it.each<[string, DraftInput, Partial<DocumentOptions>, string, string]>([
    [
      'first',
      routineStory({ ongoing: true }),
      { update: 'first' },
      'Web sites of our customers cannot be used',
      'Since 04:02 PST: web sites of our customers cannot be used. Name service and mail for example.net can be used as usual. We are looking for the cause. Next update by 04:42 PST.',
    ],
    [
      'next, by itself, as one went out already',
      routineStory({ ongoing: true }),
      { clock: '12h' },
      'Update: web sites of our customers cannot be used',
      'Since 4:02 AM PST: web sites of our customers cannot be used. Name service and mail for example.net can be used as usual. We are looking for the cause. Next update by 4:42 AM PST.',
    ],
    [
      'resolved',
      routineStory(),
      {},
      'Resolved: web sites of our customers could not be used',
      'Resolved: web sites of our customers could not be used from 04:02 to 04:43 PST (41 minutes).',
    ],
    [
      'what came back at several times is not told as one',
      lostServerStory(),
      {},
      'Resolved: your databases and your web sites could not be used',
      'Resolved: trouble with your databases and your web sites from 23 December 15:00 to 24 December 21:00 PST (30 hours).',
    ],
    [
      'somebody wrote it down afterwards, the desk saw nothing',
      handStory(),
      {},
      'Resolved: trouble with web sites',
      'There was trouble with web sites from 21:00 to 23:00 PST (2 hours).',
    ],
  ])('status update: %s', (_name, input, options, title, short) => {
    const draft = drafted('status-update', input, options);
    expect([draft.title, lines(draft, 'short-form')]).toEqual([title, [short]]);
  });
  it('a promised time that is past is no promise: the next one is asked for', () => {
    const input = routineStory({ ongoing: true });
    const late = { ...input, now: input.now + HOUR };
    expect(lines(drafted('status-update', late), 'next-update')).toEqual([
      'GAP When does the next update come? In half an hour it is 05:45 PST.',
    ]);
    expect(lines(drafted('status-update', input, { update: 'resolved' }), 'update')[0]).toBe(
      'GAP This says that it is over, but something still fails. Look before it goes out.',
    );
  });
  it('a gap in the record is said, to customers too', () => {
    const input = routineStory();
    const gap = { from: input.from + 3 * MINUTE, to: input.from + 17 * MINUTE };
    const event = {
      id: 'E-gap',
      at: gap.to,
      kind: 'gap',
      subject: null,
      actor: 'engine',
      payload: { ...gap, cause: 'asleep-or-frozen' },
    } as const;
    const asleep = { ...input, events: [...input.events, event].toSorted((a, b) => a.at - b.at) };
    expect(lines(drafted('post-mortem', asleep), 'not-known')[0]).toBe(
      'Nothing was watched from 04:05:10 to 04:19:10 PST (14 min): the computer of the desk slept or stood still.',
    );
    expect(lines(drafted('customer-report', asleep), 'not-affected')).toContain(
      'For 14 minutes of that time our own monitoring did not see anything; what happened then we cannot say.',
    );
  });
});

describe('mail', () => {
  it.each<[string, DraftInput, string[], string[]]>([
    [
      'reading alone: nothing was held',
      mailStory(['reading']),
      ['Mail for example.net could not be read from 05:25 to 08:25 PST (3 hours).'],
      ['Mail that was sent to you was taken all the time; only reading it failed (mail for example.net).'],
    ],
    [
      'receiving too: held by the senders',
      mailStory(['receiving', 'sending', 'reading']),
      ['Mail for example.net could not be received, sent or read from 05:25 to 08:25 PST (3 hours).'],
      [
        'Mail for you could not be taken or delivered for 3 hours (mail for example.net). The servers that send mail keep what they cannot hand over and try again: nothing was lost, it arrived late.',
      ],
    ],
    [
      'still so',
      mailStory(['receiving'], { lastsMs: null }),
      ['Mail for example.net cannot be received at the moment; this began at 05:25 PST.'],
      [
        'Mail for you cannot be taken or delivered at the moment (mail for example.net). The servers that send mail keep what they cannot hand over and try again: nothing is lost, it arrives late.',
      ],
    ],
  ])('%s', (_name, input, happened, kept) => {
    const draft = drafted('customer-report', input);
    expect(lines(draft, 'what-happened')).toEqual(happened);
    expect(lines(draft, 'mail-and-data')).toEqual(kept);
    expect(lines(draft, 'not-affected').join(' ')).toContain('Web sites and mail for example.net (');
  });
  it('over a change of the clocks every time says its own zone', () => {
    const draft = drafted(
      'customer-report',
      mailStory(['reading'], { from: Date.parse('2026-11-01T01:30:00-07:00'), lastsMs: 50 * MINUTE }),
      { clock: '12h' },
    );
    expect(lines(draft, 'what-happened')).toEqual(['Mail for example.net could not be read from 1:30 AM PDT to 1:20 AM PST (50 minutes).']);
    expect(draft.subtitle).toContain('times in America/Los_Angeles, the zone stands with each');
  });
});

describe('incidents beside each other, and such without alerts', () => {
  it('the lines of another incident are not told here', () => {
    const input = routineStory();
    const foreign = written([line(input.from + 5 * MINUTE, { type: 'root-cause', text: 'the other story' }, 'Lee', null, 'I2')]).map(
      (event) => ({ ...event, id: 'E-foreign' }),
    );
    const both = { ...input, events: [...input.events, ...foreign].toSorted((a, b) => a.at - b.at) };
    for (const kind of ['post-mortem', 'customer-report'] as const) expect(all(drafted(kind, both))).not.toContain('the other story');
  });
  it('written down afterwards: what people said, and when they typed it', () => {
    const draft = drafted('post-mortem', handStory());
    expect(lines(draft, 'cause')).toEqual([
      'Kim wrote at 22:00:00 PST (typed on 19 November at 17:00:00 PST): “the session store was full”.',
    ]);
    expect(lines(draft, 'detection')[0]).toBe('It was reported by customers at 21:10:00 PST; the desk raised no alert.');
    expect(lines(draft, 'not-affected')).toEqual([]);
    expect(lines(draft, 'not-known')).toEqual(['Web sites: people say that it was hit, and its checks saw nothing wrong.']);
    expect(lines(drafted('customer-report', handStory()), 'what-happened')[0]).toBe(
      'There was trouble with web sites from 21:00 to 23:00 PST (2 hours).',
    );
  });
});

describe('planned work on mail', () => {
  const announce = (...args: Parameters<typeof mailWork>): Draft => {
    const draft = drafts['maintenance-announcement'](mailWork(...args));
    expectReadable(draft);
    return draft;
  };
  const postpone = (...args: Parameters<typeof mailWork>): Draft => {
    const draft = drafts['maintenance-postponement'](mailWork(...args));
    expectReadable(draft);
    return draft;
  };
  it('an evening of maintenance: what, when, what not, and what happens to mail', () => {
    const draft = announce();
    expect(draft.title).toBe('Planned work: Mail maintenance, Wednesday 16 December 2026, 22:00 to 23:00 PST');
    expect(lines(draft, 'when')).toEqual(['Wednesday 16 December 2026, 22:00 to 23:00 PST (1 hour).']);
    expect(lines(draft, 'affected')).toEqual([
      'These may not work during that time:',
      'Receiving mail',
      'Sending mail',
      'Reading mail',
      'Webmail',
      'The calendar',
      'File sharing',
      'Mailing lists',
      'Instant messaging',
    ]);
    expect(lines(draft, 'not-affected')).toEqual(['Web sites and payment and donation gateways can be used as usual.']);
    expect(lines(draft, 'mail')[0]).toBe(
      'Mail that is sent to you meanwhile is not lost: the sending servers hold it and deliver it when the work is done. That can take a few hours.',
    );
    expect(lines(draft, 'why')).toEqual(['Routine maintenance of the mail system.']);
  });
  it('a patch whose day is not fixed', () => {
    const draft = announce({
      from: null,
      to: null,
      durationMs: 25 * MINUTE,
      name: 'Security patch',
      reason: 'a security patch, on Saturday or Sunday',
    });
    expect([draft.title, draft.subtitle]).toEqual(['Planned work: Security patch', 'Example Hosting · all times PST (UTC−8)']);
    expect(lines(draft, 'when')).toEqual([
      'The day is not fixed yet; the work takes about 25 minutes.',
      'GAP Which day is it to be, or from which days is it chosen?',
    ]);
  });
  it('work that no mail leg is part of says nothing of mail', () => {
    expect(keys(announce({ affects: ['web1'], spares: ['mail'] }))).not.toContain('mail');
    expect(lines(announce({ affects: ['mail.reading'] }), 'mail')).toEqual([
      'Mail for you is taken all the time; you can read it when the work is done.',
    ]);
  });
  it.each<[string, Parameters<typeof mailWork>[0], number, string]>([
    ['under way', {}, 30 * MINUTE, 'Planned work under way: Mail maintenance, Wednesday 16 December 2026, 22:00 to 23:00 PST'],
    [
      'done',
      { endedAt: Date.parse('2026-12-16T22:40:00-08:00') },
      HOUR,
      'Planned work done: Mail maintenance, Wednesday 16 December 2026, 22:00 to 22:40 PST',
    ],
    ['called off', { cancelledAt: 0 }, -DAY, 'Called off: Mail maintenance'],
  ])('%s', (_name, more, after, title) =>
    expect(announce(more, { now: Date.parse('2026-12-16T22:00:00-08:00') + after }).title).toBe(title),
  );
  it('a series: the next time, and how often', () => {
    const draft = announce({
      kind: 'recurring',
      from: null,
      to: null,
      durationMs: 30 * MINUTE,
      schedule: { cron: '0 4 * * 0', zone: 'America/Los_Angeles' },
    });
    expect(lines(draft, 'when')).toEqual([
      'The next time: Sunday 13 December 2026, 04:00 to 04:30 PST.',
      'Every Sunday 04:00 PST for 30 min.',
    ]);
  });
  it('postponed, why, and the new time', () => {
    const change = {
      at: Date.parse('2026-12-10T10:00:00-08:00'),
      kind: 'maintenance-changed',
      subject: null,
      actor: 'Lee',
      payload: {
        window: 'W-mail',
        name: 'Mail maintenance',
        what: 'postponed: Wed 16 Dec 2026 22:00 to 23:00 PST, instead of Sat 12 Dec 2026',
        reason: 'a disk is late',
      },
    } as const;
    const draft = postpone({}, { lines: [change] });
    expect(draft.title).toBe('Postponed: Mail maintenance, now Wednesday 16 December 2026, 22:00 to 23:00 PST');
    expect(lines(draft, 'what-changes')).toEqual([
      '“Mail maintenance” does not take place when we said; it is put off to the time below.',
      'The reason: “a disk is late”.',
    ]);
    expect(lines(draft, 'when')).toEqual(['Wednesday 16 December 2026, 22:00 to 23:00 PST (1 hour).']);
    const secret = postpone({}, { lines: [{ ...change, payload: { ...change.payload, reason: 'Lee dropped mx1' } }] });
    expect(lines(secret, 'what-changes').at(-1)).toBe('GAP Say in plain words why. The log says: Lee dropped mx1');
  });
  it('called off', () =>
    expect(lines(postpone({ cancelledAt: 0 }), 'what-changes')).toEqual([
      'The work that was announced as “Mail maintenance” does not take place. Nothing will be down because of it.',
    ]));
});

it('a table of 100 lines of one night: 40 rows, the rest in the appendix, nothing of what people did goes first', () => {
  const input = routineStory();
  const more = Array.from({ length: 60 }, (_, index) =>
    line(input.from + 3 * MINUTE + index * 20 * SECOND, { type: 'note', text: `tried thing ${index}` }),
  );
  const events = [...input.events, ...written(more).map((event) => ({ ...event, id: `N${event.id}` }))].toSorted((a, b) => a.at - b.at);
  const draft = drafted('post-mortem', { ...input, events });
  const rows = lines(draft, 'timeline');
  expect(rows).toHaveLength(40);
  expect(rows.join('\n')).toMatch(/Acknowledged: .*\n[\s\S]*Cause: the web root[\s\S]*Alert over/);
  expect(rows.join('\n')).toMatch(/Left out: \d+ more lines .*; the appendix says more/);
  expect(lines(draft, 'appendix').length).toBeGreaterThan(20);
});
