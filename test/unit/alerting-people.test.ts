/** What people did to an alert stays with it, and what is known beside it is told. */
import { describe, expect, it } from 'vitest';
import { bad, behind, fine, type NightDesk, nightDesk, refused, silent, slow, unclear } from '../support/night-desk.ts';
import { acknowledged, http, quietly } from '../support/night-play.ts';
import { stale, thing } from '../support/story.ts';

describe('an acknowledgement', () => {
  const [plain, sticky] = [false, true];
  const change: [string, boolean, (d: NightDesk) => NightDesk, string | null][] = [
    ['plain: stays while nothing changes', plain, (d) => d, null],
    ['plain: stays when only words change', plain, (d) => d.set({ 'web1/http': bad({ ...slow, text: 'answers in 3 s' }) }), null],
    ['plain: goes when a check joins', plain, (d) => d.set({ 'web1/ssh': bad(slow, 1_900) }), 'SSH joined'],
    ['plain: stays when a check recovers', plain, (d) => d.set({ 'web1/icmp': fine }), null],
    ['plain: goes when it gets worse', plain, (d) => d.set({ 'web1/http': bad() }), 'it went from degraded to down'],
    [
      'plain: goes when it gets better',
      plain,
      (d) => d.set({ 'web1/http': bad(unclear), 'web1/icmp': bad(unclear) }),
      'it went from degraded to not known',
    ],
    ['plain: goes by both', plain, (d) => d.set({ 'web1/http': bad(), 'web1/ssh': bad() }), 'SSH joined and it went from degraded to down'],
    ['plain: goes when another thing joins', plain, (d) => d.set({ 'db1/http': bad(slow, 1_900) }), 'db1 joined'],
    [
      'plain: stays without fresh data',
      plain,
      (d) => d.set({ 'web1/http': stale(bad(slow), 1_900), 'web1/icmp': stale(bad(slow), 1_900) }),
      null,
    ],
    ['plain: stays when consequences join', plain, (d) => d.set({ 'db1/http': bad() }).why({ 'db1/http': behind('web1') }), null],
    ['plain: stays when a root turns out to be a consequence of its alert', plain, (d) => d.why({ 'web1/icmp': behind('web1') }), null],
    ['sticky: stays when a check leaves', sticky, (d) => d.set({ 'web1/icmp': fine }), null],
    ['sticky: stays when it gets better', sticky, (d) => d.set({ 'web1/http': bad(unclear), 'web1/icmp': bad(unclear) }), null],
    ['sticky: goes when a check joins', sticky, (d) => d.set({ 'web1/ssh': bad(slow, 1_900) }), 'SSH joined'],
    ['sticky: goes when it gets worse', sticky, (d) => d.set({ 'web1/http': bad() }), 'it went from degraded to down'],
    ['sticky: stays when consequences join', sticky, (d) => d.set({ 'db1/http': bad() }).why({ 'db1/http': behind('web1') }), null],
  ];
  it.each(change)('%s', (_name, isSticky, night, why) => {
    const d = acknowledged(
      nightDesk()
        .set({ 'web1/http': bad(slow), 'web1/icmp': bad(slow) })
        .at(1_000),
      { sticky: isSticky },
    );
    d.open.set('N1', { ...d.alert(), escalation: 2 });
    night(d).at(2_000);
    const cleared = d.events.filter((event) => event.kind === 'acknowledgement-cleared');
    expect(cleared.map((event) => event.payload.why)).toEqual(why === null ? [] : [why]);
    expect(d.alert()).toMatchObject(
      why === null
        ? { acknowledgement: { by: 'Kim' }, openSince: 1_000, escalation: 2 }
        : { acknowledgement: null, openSince: 2_000, escalation: 0 },
    );
  });
  it.each([plain, sticky])('runs out (sticky: %s)', (isSticky) => {
    const d = acknowledged(http(nightDesk()), { sticky: isSticky, until: 5_000 });
    expect(d.at(4_999).told()).toEqual([]);
    expect(d.at(5_000).told()).toEqual(['acknowledgement-cleared HTTP on web1 fails (its time ran out)']);
    expect(d.alert()).toMatchObject({ acknowledgement: null, openSince: 5_000 });
    expect(d.at(5_100).told()).toEqual([]);
  });
  it('stays on the record of an alert that ended', () => {
    const d = acknowledged(http(nightDesk()), { until: 1_500 }).set({ 'web1/http': fine }).at(2_000);
    expect(d.ended[0]?.acknowledgement?.by).toBe('Kim');
    expect(d.told()).toEqual(['alert-recovered HTTP on web1 fails']);
  });
  it('goes when the alert of a child turns into that of its cause', () => {
    const d = acknowledged(http(nightDesk()), { sticky })
      .set({ 'cox/gateway': bad(silent, 500) })
      .why({ 'web1/http': behind('cox') })
      .at(2_000);
    expect(d.told()).toEqual([
      'alert-updated Cox at San Diego: gateway does not answer',
      'acknowledgement-cleared Cox at San Diego: gateway does not answer (Cox joined)',
    ]);
  });
});

describe('what stands beside an alert', () => {
  const rotation = { kind: 'routine', text: 'weekly log rotation (Sunday 04:00 PST)' } as const;
  const rows: [string, NightDesk['related'], [since: number, now: number], string, string][] = [
    [
      'a routine that ran before',
      [{ ...rotation, at: 0 }],
      [400_000, 430_000],
      'HTTP on web1 fails after weekly log rotation',
      'Weekly log rotation (Sunday 04:00 PST) ran just before.',
    ],
    [
      'a routine that it has not come back from',
      [{ ...rotation, at: 0 }],
      [20_000, 600_000],
      'HTTP on web1 fails after weekly log rotation',
      'It has not come back 10 min after weekly log rotation (Sunday 04:00 PST).',
    ],
    [
      'a routine with a long name',
      [{ ...rotation, text: `${'x'.repeat(120)} (Sunday)`, at: 0 }],
      [20_000, 600_000],
      'HTTP on web1 fails',
      `It has not come back 10 min after ${'x'.repeat(120)} (Sunday).`,
    ],
    [
      'a change',
      [{ kind: 'change', text: 'security patches on web1, 2 d before', at: 0 }],
      [20_000, 30_000],
      'HTTP on web1 fails',
      'Security patches on web1, 2 d before.',
    ],
    [
      'work that overran',
      [{ kind: 'maintenance', text: 'planned work “Mail upgrade” was to end at 2026-11-20 04:00:00 PST', at: 0 }],
      [20_000, 30_000],
      'HTTP on web1 fails',
      'Planned work “Mail upgrade” was to end at 2026-11-20 04:00:00 PST.',
    ],
    [
      'at most two sentences',
      ['a', 'b', 'c'].map((text) => ({ kind: 'change' as const, text, at: 0 })),
      [20_000, 30_000],
      'HTTP on web1 fails',
      'A. B.',
    ],
    ['hostile words', [{ kind: 'change', text: 'x\u202e\n\u001b[31my', at: 0 }], [20_000, 30_000], 'HTTP on web1 fails', 'X y.'],
  ];
  it.each(rows)('%s', (_name, related, [since, now], title, sentence) => {
    const d = nightDesk();
    d.related = related;
    http(d, bad(refused, since), now);
    expect(d.alert()).toMatchObject({ title, related, text: `HTTP: connection refused. Ping and SSH answer. ${sentence}` });
    // Its words stay as they are while time goes on.
    d.at(now + 900_000);
    expect(d.told()).toHaveLength(1);
  });
  it('is asked for when an alert is raised and when its roots change, not again and again', () => {
    const d = http(nightDesk())
      .at(2_000)
      .set({ 'web1/icmp': bad(silent) })
      .at(3_000)
      .set({ 'db1/http': bad(refused, 100) })
      .at(4_000)
      .at(5_000);
    expect(d.relatedAsked).toEqual([
      [['web1'], 0],
      [['db1', 'web1'], 0],
    ]);
  });
  it('is asked for with the hosts that carry a service', () => {
    const shop = thing('service', 'shop', { hosts: ['web1', 'web2'] });
    const d = nightDesk([shop])
      .set({ 'shop/http': bad(refused, 300) })
      .at(1_000);
    expect(d.relatedAsked).toEqual([[['shop', 'web1', 'web2'], 300]]);
  });
});

describe('a silence', () => {
  const silence = (subjects: string[], until = 9_000) => ({ id: 's1', by: 'Kim', reason: 'known', subjects, at: 0, until, endedAt: null });
  const rows: [string, NightDesk['silences'], number | null][] = [
    ['of the root', [silence(['web1'])], 9_000],
    ['of the site', [silence(['sd'])], 9_000],
    ['of something else', [silence(['db2', 'la'])], null],
    ['of a mere consequence', [silence(['db1'])], null],
    ['that is over', [silence(['web1'], 1_000)], null],
    ['that was ended', [{ ...silence(['web1']), endedAt: 500 }], null],
    ['of which the longest counts', [silence(['web1']), { ...silence(['sd'], 12_000), id: 's2' }], 12_000],
  ];
  it.each(rows)('%s', (_name, silences, until) => {
    const d = nightDesk()
      .set({ 'web1/http': bad(), 'db1/http': bad() })
      .why({ 'db1/http': behind('web1') });
    d.silences = silences;
    d.at(1_000);
    expect(d.alert().silencedUntil).toBe(until);
    // It is shown and written down all the same.
    expect(d.told()).toEqual(['alert-raised HTTP on web1 fails']);
  });
  it('begins and ends on an open alert without a line of the alert', () => {
    const d = quietly(http(nightDesk()));
    d.silences = [silence(['web1'])];
    expect(d.at(2_000).alert()).toMatchObject({ silencedUntil: 9_000, updatedAt: 2_000 });
    expect(d.at(9_000).alert().silencedUntil).toBeNull();
    expect(d.told()).toEqual([]);
  });
});
