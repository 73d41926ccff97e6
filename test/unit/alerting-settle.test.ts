/** One subject: when its alert is raised, changed and ended, and what of it is told. */
import { describe, expect, it } from 'vitest';
import { settle, stages } from '../../shared/alerting/settle.ts';
import { pendingState } from '../../shared/health/step.ts';
import { bad, behind, fine, flapping, nightDesk, refused, silent, slow, unclear, wrong } from '../support/night-desk.ts';
import { acknowledged, http, play, quietly } from '../support/night-play.ts';
import { stale } from '../support/story.ts';

describe('one subject', () => {
  it('is raised with its words, its first symptom and its line', () => {
    const d = http(nightDesk(), bad(refused, 400));
    expect(d.alert()).toEqual({
      id: 'N1',
      subject: { kind: 'host', id: 'web1' },
      severity: 'down',
      title: 'HTTP on web1 fails',
      text: 'HTTP: connection refused. Ping and SSH answer.',
      checks: ['web1/http'],
      consequences: [],
      related: [],
      firstAt: 400,
      raisedAt: 1_000,
      updatedAt: 1_000,
      acknowledgement: null,
      openSince: 1_000,
      escalation: 0,
      silencedUntil: null,
      endedAt: null,
      peak: { title: 'HTTP on web1 fails', text: 'HTTP: connection refused. Ping and SSH answer.', weight: 3_000_001 },
    });
    expect(d.events).toEqual([
      {
        kind: 'alert-raised',
        at: 1_000,
        actor: 'engine',
        subject: { kind: 'host', id: 'web1' },
        payload: { alert: 'N1', title: 'HTTP on web1 fails', severity: 'down', checks: ['web1/http'], consequences: 0 },
      },
    ]);
    expect(d.decisions.filter((it) => it.alert === null).map((it) => it.stage)).toEqual(Object.keys(stages));
    expect(d.decisions.every((it) => it.reason !== '')).toBe(true);
  });

  play([
    ['stays silent while nothing is hard', (d) => d.set({ 'web1/http': pendingState(0) }).at(1_000), [], []],
    ['raises with severity unknown when that is all there is', (d) => http(d, bad(unclear)), ['HTTP on web1 cannot be checked: web1/http']],
    [
      'changes its words without a line in the timeline',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': bad(wrong) })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'grows',
      (d) =>
        quietly(http(d))
          .set({ 'web1/icmp': bad(silent, 900) })
          .at(2_000),
      ['Ping and HTTP on web1 fail: web1/http web1/icmp'],
      ['alert-updated Ping and HTTP on web1 fail'],
    ],
    [
      'grows whenever the rest of it fails, minutes apart',
      (d) =>
        quietly(http(d))
          .set({ 'web1/icmp': bad(silent, 900_000) })
          .at(900_000),
      ['Ping and HTTP on web1 fail: web1/http web1/icmp'],
      ['alert-updated Ping and HTTP on web1 fail'],
    ],
    [
      'shrinks',
      (d) =>
        quietly(http(d.set({ 'web1/icmp': bad(silent) })))
          .set({ 'web1/icmp': fine })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      ['alert-updated HTTP on web1 fails'],
    ],
    [
      'goes on when one goes and one comes',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': fine, 'web1/icmp': bad(silent, 1_500) })
          .at(2_000),
      ['Ping on web1 fails: web1/icmp'],
      ['alert-updated Ping on web1 fails'],
    ],
    [
      'gets better',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': bad(slow) })
          .at(2_000),
      ['web1 answers slowly: web1/http'],
      ['alert-updated web1 answers slowly'],
    ],
    [
      'gets worse',
      (d) =>
        quietly(http(d, bad(slow)))
          .set({ 'web1/http': bad() })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      ['alert-updated HTTP on web1 fails'],
    ],
    [
      'recovers when none is left',
      (d) => quietly(http(d)).set({ 'web1/http': fine }).at(61_000),
      [],
      ['alert-recovered HTTP on web1 fails'],
    ],
    [
      'is raised anew after it recovered',
      (d) =>
        quietly(http(http(d), fine, 2_000))
          .set({ 'web1/http': bad(refused, 900_000) })
          .at(900_000),
      ['HTTP on web1 fails: web1/http'],
      ['alert-raised HTTP on web1 fails'],
    ],
    [
      'is closed, not recovered, when its checks are watched no longer',
      (d) => quietly(http(d)).drop('web1/http').at(2_000),
      [],
      ['alert-closed HTTP on web1 fails (it is no longer in the inventory)'],
    ],
    [
      'goes on with what is still watched',
      (d) =>
        quietly(http(d.set({ 'web1/icmp': bad(silent) })))
          .drop('web1/http')
          .at(2_000),
      ['Ping on web1 fails: web1/icmp'],
      ['alert-updated Ping on web1 fails'],
    ],
    [
      'recovers when what is still watched of it is ok',
      (d) =>
        quietly(http(d.set({ 'web1/icmp': bad(silent) })))
          .drop('web1/http')
          .set({ 'web1/icmp': fine })
          .at(2_000),
      [],
      ['alert-recovered Ping and HTTP on web1 fail'],
    ],
  ]);

  it('counts from its first symptom, whatever its levels did since', () => {
    const d = http(nightDesk(), bad(slow, 100))
      .set({ 'web1/http': bad(refused, 1_500) })
      .at(1_600);
    expect(d.alert()).toMatchObject({ firstAt: 100, raisedAt: 1_000 });
    d.set({ 'web1/http': fine }).at(60_100);
    expect(d.events.at(-1)?.payload).toMatchObject({ lastedMs: 60_000 });
    expect(d.ended).toMatchObject([{ id: 'N1', endedAt: 60_100 }]);
  });
  it('ignores alerts that have ended', () => {
    const d = http(nightDesk());
    d.open.set('N1', { ...d.alert(), endedAt: 1_500 });
    d.at(2_000);
    expect([...d.open.keys()]).toEqual(['N1', 'N2']);
  });
});

describe('without fresh data', () => {
  play([
    ['takes nothing in', (d) => http(d, stale(bad(), 900)), [], []],
    [
      'lets nothing go',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': stale(bad(), 1_500) })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'holds a check that begins anew with other settings',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': pendingState(1_500) })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'holds a check that was ok when its results stopped',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': stale(fine, 1_500) })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'lets go of what is fresh',
      (d) =>
        quietly(http(d.set({ 'web1/icmp': bad(silent) })))
          .set({ 'web1/http': stale(bad(), 1_500), 'web1/icmp': fine })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      ['alert-updated HTTP on web1 fails'],
    ],
    [
      'does not join a parent that has an alert',
      (d) =>
        d
          .set({ 'cox/gateway': bad(silent), 'web1/http': stale(bad(), 900) })
          .why({ 'web1/http': behind('cox') })
          .at(1_000),
      ['Cox at San Diego: gateway does not answer: cox/gateway'],
    ],
    [
      'stays a consequence',
      (d) =>
        quietly(
          d
            .set({ 'cox/gateway': bad(silent), 'web1/http': bad() })
            .why({ 'web1/http': behind('cox') })
            .at(1_000),
        )
          .set({ 'web1/http': stale(bad(), 1_900) })
          .at(2_000),
      ['Cox at San Diego: gateway does not answer: cox/gateway + web1/http'],
      [],
    ],
  ]);
  it('says so in the text', () => {
    const d = http(nightDesk())
      .set({ 'web1/http': stale(bad(), 1_500), 'web1/icmp': stale(fine, 1_500) })
      .at(2_000);
    expect(d.alert().text).toBe('No fresh data from HTTP; the last result was: connection refused. SSH answers.');
  });
  it('changes no severity', () => {
    const d = http(nightDesk())
      .set({ 'web1/http': pendingState(1_500) })
      .at(2_000);
    expect(d.alert()).toMatchObject({ severity: 'down', firstAt: 0 });
  });
});

describe('flapping', () => {
  play([
    [
      'raises, though it is ok for the moment',
      (d) => http(d, flapping(fine, 500)),
      ['HTTP on web1 comes and goes: web1/http'],
      ['alert-raised HTTP on web1 comes and goes'],
    ],
    [
      'stays while it is ok for a moment',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': flapping(fine, 500) })
          .at(2_000),
      ['HTTP on web1 comes and goes: web1/http'],
      [],
    ],
    [
      'tells nothing of each coming and going',
      (d) => {
        quietly(http(d, flapping(bad(), 500)));
        for (let now = 2_000; now < 20_000; now += 1_000) d.set({ 'web1/http': flapping(now % 2_000 ? bad() : fine, 500) }).at(now);
      },
      ['HTTP on web1 comes and goes: web1/http'],
      [],
    ],
    [
      'recovers once, when it has stopped with ok',
      (d) =>
        quietly(http(d, flapping(fine)))
          .set({ 'web1/http': fine })
          .at(2_000),
      [],
      ['alert-recovered HTTP on web1 comes and goes'],
    ],
    [
      'is an ordinary problem when it has stopped with a problem',
      (d) =>
        quietly(http(d, flapping(bad())))
          .set({ 'web1/http': bad() })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'keeps an acknowledgement through its ups and downs',
      (d) =>
        acknowledged(http(d, flapping(bad())))
          .set({ 'web1/http': flapping(fine) })
          .at(2_000)
          .set({ 'web1/http': flapping(bad()) })
          .at(3_000),
      ['HTTP on web1 comes and goes: web1/http'],
      [],
    ],
  ]);
  it('is degraded while it is ok, and began when it began to flap', () => {
    expect(http(nightDesk(), flapping({ ...fine, since: 900 }, 500)).alert()).toMatchObject({
      severity: 'degraded',
      firstAt: 500,
      text: 'HTTP comes and goes; the last result was: answers. Ping and SSH answer.',
    });
  });
});

it('puts right what an earlier version or a crash left: a check in two alerts', () => {
  const d = http(nightDesk());
  const double = { ...d.alert(), id: 'N9', checks: ['db1/http'], consequences: ['web1/http'] };
  d.open.set('N9', double);
  d.set({ 'db1/http': bad() }).at(2_000);
  expect(d.board()).toEqual(['HTTP on web1 fails: web1/http', 'HTTP on db1 fails: db1/http']);
});

it('does not touch its input', () => {
  const d = http(nightDesk());
  const open = Object.freeze([Object.freeze(d.alert())]);
  const input = {
    problems: Object.freeze([]),
    open,
    silences: [],
    graph: { subject: () => undefined, needs: () => [], at: () => [], children: () => [] },
    siteName: () => undefined,
    checksOf: () => [],
    isWatched: () => true,
    cutOff: null,
    relatedTo: () => [],
    now: 9_000,
    newId: () => 'X',
  };
  expect(settle(input).alerts).toMatchObject([{ id: 'N1', endedAt: 9_000 }]);
  expect(open[0]?.endedAt).toBeNull();
});
