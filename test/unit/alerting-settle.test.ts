import { describe, expect, it } from 'vitest';
import { settle, stages } from '../../shared/alerting/settle.ts';
import { pendingState } from '../../shared/health/step.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { MINUTE } from '../../shared/time.ts';
import {
  bad,
  behind,
  fine,
  flapping,
  fromTheStart,
  held,
  type NightDesk,
  nightDesk,
  offline,
  refused,
  routine,
  silent,
  slow,
  unclear,
  work,
  wrong,
} from '../support/night-desk.ts';
import { stale, thing } from '../support/story.ts';

/** What was done, what stands on the board afterwards, and what was told by the last part of it. */
type Row = [name: string, night: (d: NightDesk) => void, board: string[], told?: string[]];
const play = (rows: Row[]): void => {
  it.each(rows)('%s', (_name, night, board, told) => {
    const desk = nightDesk();
    night(desk);
    expect(desk.board()).toEqual(board);
    if (told) expect(desk.told()).toEqual(told);
    // Settling again with the same problems changes nothing.
    const before = [...desk.open.values()];
    desk.told();
    desk.at(desk.now);
    expect([...desk.open.values()]).toEqual(before);
    expect(desk.told()).toEqual([]);
  });
};
const http = (d: NightDesk, state = bad(), now = 1_000): NightDesk => d.set({ 'web1/http': state }).at(now);
/** Forgets what was told so far. */
const quietly = (d: NightDesk): NightDesk => {
  d.told();
  return d;
};
const acknowledged = (d: NightDesk, more: Partial<NonNullable<Alert['acknowledgement']>> = {}): NightDesk => {
  for (const alert of d.open.values())
    d.open.set(alert.id, { ...alert, acknowledgement: { by: 'Kim', comment: 'on it', at: d.now, sticky: false, until: null, ...more } });
  return quietly(d);
};

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

describe('same site and minute', () => {
  const two = (d: NightDesk, first: number, second: number): NightDesk =>
    d.set({
      'web1/icmp': bad(silent, first),
      'web1/http': bad(refused, first),
      'db1/icmp': bad(silent, second),
      'db1/http': bad(refused, second),
    });
  const apart = ['Ping and HTTP on web1 fail: web1/http web1/icmp', 'db1 is down: db1/http db1/icmp'];
  play([
    [
      'arriving together',
      (d) => two(d, 0, 30_000).at(40_000),
      ['db1 is down; Ping and HTTP on web1 fail: db1/http db1/icmp web1/http web1/icmp'],
      ['alert-raised db1 is down; Ping and HTTP on web1 fail'],
    ],
    [
      'just within the minute',
      (d) => two(d, 0, MINUTE).at(90_000),
      ['db1 is down; Ping and HTTP on web1 fail: db1/http db1/icmp web1/http web1/icmp'],
    ],
    ['just past the minute', (d) => two(d, 0, MINUTE + 1).at(90_000), apart],
    [
      'a new one joins an open alert',
      (d) =>
        quietly(http(d))
          .set({ 'db1/http': bad(refused, 50_000) })
          .at(60_000),
      ['HTTP on db1 and web1 at San Diego fails: db1/http web1/http'],
      ['alert-updated HTTP on db1 and web1 at San Diego fails'],
    ],
    [
      'one that began before the alert joins it',
      (d) =>
        quietly(http(d, bad(refused, 50_000), 60_000))
          .set({ 'db1/http': bad(refused, 0) })
          .at(61_000),
      ['HTTP on db1 and web1 at San Diego fails: db1/http web1/http'],
    ],
    [
      'one that began later does not',
      (d) =>
        quietly(http(d))
          .set({ 'db1/http': bad(refused, 61_000) })
          .at(62_000),
      ['HTTP on web1 fails: web1/http', 'HTTP on db1 fails: db1/http'],
      ['alert-raised HTTP on db1 fails'],
    ],
    [
      'the alert of the nearest moment is joined',
      (d) =>
        d
          .set({ 'web1/http': bad(refused, 0) })
          .at(1_000)
          .set({ 'web2/http': bad(refused, 70_000) })
          .at(71_000)
          .set({ 'web3/http': bad(refused, 50_000) })
          .at(72_000),
      ['HTTP on web1 fails: web1/http', 'HTTP on web2 and web3 at San Diego fails: web2/http web3/http'],
    ],
    [
      'what was there at the first look is no company',
      (d) => d.set({ 'web1/http': bad(), 'db1/http': fromTheStart() }).at(1_000),
      ['HTTP on db1 fails: db1/http', 'HTTP on web1 fails: web1/http'],
    ],
    [
      'nor are two that were there',
      (d) => d.set({ 'web1/http': fromTheStart(), 'db1/http': fromTheStart() }).at(1_000),
      ['HTTP on db1 fails: db1/http', 'HTTP on web1 fails: web1/http'],
    ],
    [
      'nor does it join an alert',
      (d) =>
        quietly(http(d))
          .set({ 'db1/http': fromTheStart(refused, 100) })
          .at(2_000),
      ['HTTP on web1 fails: web1/http', 'HTTP on db1 fails: db1/http'],
    ],
    [
      'one subject is one alert all the same',
      (d) => d.set({ 'db1/icmp': fromTheStart(silent), 'db1/http': fromTheStart() }).at(1_000),
      ['db1 is down: db1/http db1/icmp'],
    ],
    [
      'another site is another story',
      (d) => d.set({ 'web1/http': bad(), 'far1/http': bad() }).at(1_000),
      ['HTTP on far1 fails: far1/http', 'HTTP on web1 fails: web1/http'],
    ],
    [
      'no site is as good as a site',
      (d) => d.set({ 'home1/http': bad(), 'home2/http': bad() }).at(1_000),
      ['HTTP on home1 and home2 fails: home1/http home2/http'],
    ],
    [
      'no site is not some site',
      (d) => d.set({ 'home1/http': bad(), 'web1/http': bad() }).at(1_000),
      ['HTTP on home1 fails: home1/http', 'HTTP on web1 fails: web1/http'],
    ],
    [
      'what was raised separately stays so',
      (d) => {
        http(d)
          .set({ 'db1/http': bad(refused, 100_000) })
          .at(101_000);
        quietly(d)
          .set({ 'web1/icmp': bad(silent, 100_000) })
          .at(102_000);
      },
      ['Ping and HTTP on web1 fail: web1/http web1/icmp', 'HTTP on db1 fails: db1/http'],
      ['alert-updated Ping and HTTP on web1 fail'],
    ],
    [
      'an alert of which nothing fresh is known takes in no company',
      (d) =>
        http(d)
          .set({ 'web1/http': stale(bad(), 1_500), 'db1/http': bad(refused, 1_000) })
          .at(2_000),
      ['HTTP on web1 fails: web1/http', 'HTTP on db1 fails: db1/http'],
    ],
    [
      'shrinks to one root and its words',
      (d) =>
        quietly(http(d.set({ 'db1/http': bad() })))
          .set({ 'db1/http': fine })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      ['alert-updated HTTP on web1 fails'],
    ],
    [
      'a chain of minutes does not grow without end',
      (d) => d.set({ 'web1/http': bad(refused, 0), 'web2/http': bad(refused, 50_000), 'web3/http': bad(refused, 100_000) }).at(130_000),
      ['HTTP on web1 and web2 at San Diego fails: web1/http web2/http', 'HTTP on web3 fails: web3/http'],
    ],
  ]);
  it('is about the site, and about the thing where there is none or only one', () => {
    const d = two(nightDesk(), 0, 0).at(1_000);
    expect(d.alert().subject).toEqual({ kind: 'site', id: 'sd' });
    d.set({ 'db1/icmp': fine, 'db1/http': fine }).at(2_000);
    expect(d.alert()).toMatchObject({ id: 'N1', subject: { kind: 'host', id: 'web1' } });
    const home = nightDesk()
      .set({ 'home1/http': bad(slow), 'home2/http': bad() })
      .at(1_000);
    expect(home.alert().subject).toEqual({ kind: 'host', id: 'home2' });
  });
});

describe('consequences', () => {
  const coxDown = 'Cox at San Diego: gateway does not answer';
  const storm = (d: NightDesk): NightDesk =>
    d
      .set({ 'cox/gateway': bad(silent), 'web1/http': bad(), 'web1/icmp': bad(silent) })
      .why({ 'web1/http': behind('cox'), 'web1/icmp': behind('cox') });
  play([
    [
      'are folded into the alert of their root',
      (d) => storm(d).at(1_000),
      [`${coxDown}: cox/gateway + web1/http web1/icmp`],
      [`alert-raised ${coxDown}`],
    ],
    [
      'raise nothing while their root has no alert',
      (d) =>
        d
          .set({ 'web1/http': bad() })
          .why({ 'web1/http': behind('cox') })
          .at(1_000),
      [],
      [],
    ],
    [
      'of two roots go to the one that has an alert',
      (d) =>
        d
          .set({ 'zayo/gateway': bad(silent), 'web1/http': bad() })
          .why({ 'web1/http': behind('cox', 'zayo') })
          .at(1_000),
      ['Zayo at San Diego: gateway does not answer: zayo/gateway + web1/http'],
    ],
    [
      'join with one line for a new thing',
      (d) =>
        quietly(storm(d).at(1_000))
          .set({ 'db1/http': bad(), 'db1/icmp': bad() })
          .why({ 'db1/http': behind('cox'), 'db1/icmp': behind('cox') })
          .at(2_000),
      [`${coxDown}: cox/gateway + db1/http db1/icmp web1/http web1/icmp`],
      [`alert-updated ${coxDown}`],
    ],
    [
      'of the same things join without a line',
      (d) =>
        quietly(storm(d).at(1_000))
          .set({ 'web1/ssh': bad() })
          .why({ 'web1/ssh': behind('cox') })
          .at(2_000),
      [`${coxDown}: cox/gateway + web1/http web1/icmp web1/ssh`],
      [],
    ],
    [
      'do not keep an alert open',
      (d) => quietly(storm(d).at(1_000)).set({ 'cox/gateway': fine }).at(2_000),
      [],
      [`alert-recovered ${coxDown}`],
    ],
    [
      'that stay bad after their parent came back are raised as roots',
      (d) =>
        quietly(storm(d).at(1_000).set({ 'cox/gateway': fine }).at(2_000))
          .why({ 'web1/http': null, 'web1/icmp': null })
          .at(62_000),
      ['Ping and HTTP on web1 fail: web1/http web1/icmp'],
      ['alert-raised Ping and HTTP on web1 fail'],
    ],
    [
      'that are roots again while others keep the alert open stay in it',
      (d) =>
        quietly(
          storm(d)
            .set({ 'zayo/gateway': bad(silent) })
            .at(1_000),
        )
          .set({ 'cox/gateway': fine })
          .why({ 'web1/http': null, 'web1/icmp': null })
          .at(2_000),
      ['Zayo at San Diego: gateway does not answer; Ping and HTTP on web1 fail: web1/http web1/icmp zayo/gateway'],
    ],
    [
      'have their own alert merged into that of the root',
      (d) => {
        http(d, bad(refused, 0), 1_000)
          .set({ 'cox/gateway': bad(silent, 200_000) })
          .at(201_000);
        quietly(d)
          .why({ 'web1/http': behind('cox') })
          .at(202_000);
      },
      [`${coxDown}: cox/gateway + web1/http`],
      [`alert-updated ${coxDown}`, 'alert-merged HTTP on web1 fails'],
    ],
    [
      'turn their alert into that of a root that has none',
      (d) =>
        quietly(http(d))
          .set({ 'cox/gateway': bad(silent, 500) })
          .why({ 'web1/http': behind('cox') })
          .at(2_000),
      [`${coxDown}: cox/gateway + web1/http`],
      [`alert-updated ${coxDown}`],
    ],
    [
      'of several alerts: the oldest turns, the others are merged',
      (d) => {
        d.set({ 'web1/http': fromTheStart(refused, 100) })
          .at(200)
          .set({ 'db1/http': fromTheStart(refused, 0) })
          .at(1_000);
        quietly(d)
          .set({ 'cox/gateway': bad(silent, 500) })
          .why({ 'web1/http': behind('cox'), 'db1/http': behind('cox') })
          .at(2_000);
      },
      [`${coxDown}: cox/gateway + db1/http web1/http`],
      [`alert-updated ${coxDown}`, 'alert-merged HTTP on web1 fails'],
    ],
    [
      'leave an alert of long before as it is: it has another story, and whoever took it still has it',
      (d) =>
        quietly(http(d))
          .set({ 'cox/gateway': bad(silent, 6 * MINUTE) })
          .why({ 'web1/http': behind('cox') })
          .at(7 * MINUTE),
      ['HTTP on web1 fails: web1/http', `${coxDown}: cox/gateway`],
      [`alert-raised ${coxDown}`],
    ],
    [
      'leave an alert that has other roots',
      (d) =>
        quietly(http(d.set({ 'db1/http': bad() })))
          .set({ 'cox/gateway': bad(silent, 100_000) })
          .why({ 'web1/http': behind('cox') })
          .at(101_000),
      ['HTTP on db1 fails: db1/http', `${coxDown}: cox/gateway + web1/http`],
      ['alert-updated HTTP on db1 fails', `alert-raised ${coxDown}`],
    ],
    [
      'in the alert of their own root move within it',
      (d) =>
        quietly(http(d.set({ 'cox/gateway': bad(silent) })))
          .why({ 'web1/http': behind('cox') })
          .at(2_000),
      [`${coxDown}: cox/gateway + web1/http`],
      [`alert-updated ${coxDown}`],
    ],
    [
      'stay where they are while their root has no alert',
      (d) =>
        quietly(http(d))
          .why({ 'web1/http': behind('cox') })
          .at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'of a root that is a consequence itself go to the topmost',
      (d) =>
        quietly(http(d))
          .set({ 'zayo/gateway': bad(silent, 10_000), 'db1/http': bad() })
          .why({ 'web1/http': behind('zayo'), 'db1/http': behind('zayo') })
          .at(11_000),
      ['Zayo at San Diego: gateway does not answer: zayo/gateway + db1/http web1/http'],
      ['alert-updated Zayo at San Diego: gateway does not answer'],
    ],
    [
      'are not among those of an alert once they are ok',
      (d) => quietly(storm(d).at(1_000)).set({ 'web1/http': fine, 'web1/icmp': fine }).at(2_000),
      [`${coxDown}: cox/gateway`],
      [`alert-updated ${coxDown}`],
    ],
    [
      'are dropped with the inventory',
      (d) => quietly(storm(d).at(1_000)).drop('web1/http', 'web1/icmp').at(2_000),
      [`${coxDown}: cox/gateway`],
      [`alert-updated ${coxDown}`],
    ],
  ]);
  it('names what it goes on in', () => {
    const d = http(nightDesk())
      .set({ 'cox/gateway': bad(silent, 3 * MINUTE) })
      .at(4 * MINUTE)
      .why({ 'web1/http': behind('cox') })
      .at(5 * MINUTE);
    expect(d.events.at(-1)).toMatchObject({ kind: 'alert-merged', payload: { alert: 'N1', into: 'N2', intoTitle: coxDown } });
  });
  it('folds them into one sentence and counts them', () => {
    const d = storm(nightDesk()).at(1_000);
    expect(d.alert().text).toBe('Gateway: no answer to 5 pings. 2 checks of web1 behind it cannot be reached.');
    expect(d.events[0]?.payload).toMatchObject({ consequences: 2 });
    const all = ['web2', 'web3', 'db1', 'db2', 'post'].map((id) => (id === 'post' ? 'post/imap' : `${id}/http`));
    d.set(Object.fromEntries(all.map((id) => [id, bad()])))
      .why(Object.fromEntries(all.map((id) => [id, behind('cox')])))
      .at(2_000);
    expect(d.alert().text).toContain('7 checks of 6 things behind it cannot be reached: db1, db2, example.net and 3 more.');
    expect(d.events.at(-1)?.payload).toMatchObject({ consequences: { now: 7, before: 2 }, joined: [], left: [] });
  });
  it('does not tell of each of a storm', () => {
    const many = nightDesk([...Array(200).keys()].map((n) => thing('host', `h${n}`)));
    many.set({ 'h0/icmp': bad(silent) }).at(1_000);
    for (let n = 1; n < 200; n += 1)
      many
        .set({ [`h${n}/http`]: bad() })
        .why({ [`h${n}/http`]: behind('h0') })
        .at(1_000 + n * 100);
    expect(many.alert().consequences).toHaveLength(199);
    expect(many.told().length).toBeLessThan(16);
  });
});

describe('a parent that is being retried', () => {
  play([
    ['holds back what is new', (d) => http(d.why({ 'web1/http': held })), [], []],
    ['until it is clear', (d) => http(http(d.why({ 'web1/http': held })).why({ 'web1/http': null })), ['HTTP on web1 fails: web1/http']],
    ['leaves what is in an alert', (d) => quietly(http(d)).why({ 'web1/http': held }).at(2_000), ['HTTP on web1 fails: web1/http'], []],
    [
      'does not make an alert worse: its cause may be another, and somebody may have it',
      (d) =>
        acknowledged(http(d, bad(slow)))
          .why({ 'web1/http': held })
          .set({ 'web1/http': bad() })
          .at(2_000),
      ['web1 answers slowly: web1/http'],
      [],
    ],
    [
      'does not make an alert recover',
      (d) =>
        quietly(http(d))
          .why({ 'web1/http': held })
          .set({ 'web1/http': bad(slow) })
          .at(2_000),
      ['web1 answers slowly: web1/http'],
      ['alert-updated web1 answers slowly'],
    ],
  ]);
});

describe('planned work and routines', () => {
  play([
    ['raise nothing', (d) => http(d.why({ 'web1/http': work() })), [], []],
    ['nor does a routine', (d) => http(d.why({ 'web1/http': routine() })), [], []],
    [
      'take a problem out of its alert, which is closed',
      (d) => quietly(http(d)).why({ 'web1/http': work() }).at(2_000),
      [],
      ['alert-closed HTTP on web1 fails (planned work “Mail upgrade” covers it)'],
    ],
    [
      'a routine leaves alone what failed before it',
      (d) => quietly(http(d)).why({ 'web1/http': routine() }).at(2_000),
      ['HTTP on web1 fails: web1/http'],
      [],
    ],
    [
      'take a part out of it',
      (d) =>
        quietly(http(d.set({ 'db1/http': bad() })))
          .why({ 'web1/http': work() })
          .at(2_000),
      ['HTTP on db1 fails: db1/http'],
      ['alert-updated HTTP on db1 fails'],
    ],
    [
      'close when the rest has recovered',
      (d) =>
        quietly(http(d.set({ 'db1/http': bad() })))
          .why({ 'web1/http': work() })
          .set({ 'db1/http': fine })
          .at(2_000),
      [],
      ['alert-closed HTTP on db1 and web1 at San Diego fails (planned work “Mail upgrade” covers it)'],
    ],
    [
      'let it be raised when they are over',
      (d) => http(http(d.why({ 'web1/http': work() })).why({ 'web1/http': null })),
      ['HTTP on web1 fails: web1/http'],
      ['alert-raised HTTP on web1 fails'],
    ],
    [
      'take consequences out silently but for the line',
      (d) =>
        quietly(
          d
            .set({ 'cox/gateway': bad(silent), 'web1/http': bad() })
            .why({ 'web1/http': behind('cox') })
            .at(1_000),
        )
          .why({ 'web1/http': work() })
          .at(2_000),
      ['Cox at San Diego: gateway does not answer: cox/gateway'],
    ],
    [
      'cover what has no fresh data',
      (d) =>
        quietly(http(d))
          .set({ 'web1/http': stale(bad(), 1_500) })
          .why({ 'web1/http': work() })
          .at(2_000),
      [],
      ['alert-closed HTTP on web1 fails (planned work “Mail upgrade” covers it)'],
    ],
  ]);
});

describe('a desk that is cut off', () => {
  const cut = (d: NightDesk, now = 5_000, anchors = ['desk/gateway', 'desk/resolver', 'desk/far-host']): NightDesk => {
    d.cutOff = { since: 4_000, anchors };
    return d.set({ 'desk/gateway': bad(silent, 4_000), 'desk/resolver': bad(silent, 4_000), 'desk/far-host': bad(silent, 4_000) }).at(now);
  };
  const back = (d: NightDesk, now = 9_000): NightDesk => {
    d.cutOff = null;
    return d.set({ 'desk/gateway': fine, 'desk/resolver': fine, 'desk/far-host': fine }).at(now);
  };
  const own = 'This desk is offline: desk/far-host desk/gateway desk/resolver';
  play([
    ['has one alert', (d) => cut(d), [own], ['alert-raised This desk is offline']],
    ['keeps it', (d) => cut(quietly(cut(d)), 6_000), [own], []],
    ['recovers by itself', (d) => back(quietly(cut(d))), [], ['alert-recovered This desk is offline']],
    ['raises nothing of what is remote', (d) => cut(d.set({ 'web1/http': bad() }).why({ 'web1/http': offline })), [own]],
    ['raises what is near', (d) => cut(d.set({ 'web1/ssh': bad() })), [own, 'SSH on web1 fails: web1/ssh']],
    [
      'freezes what is open',
      (d) => cut(quietly(http(d)).why({ 'web1/http': offline })),
      ['HTTP on web1 fails: web1/http', own],
      ['alert-raised This desk is offline'],
    ],
    [
      'freezes what seems to have recovered',
      (d) => cut(quietly(http(d)).set({ 'web1/http': fine })),
      ['HTTP on web1 fails: web1/http', own],
      ['alert-raised This desk is offline'],
    ],
    [
      'does not make it worse',
      (d) =>
        cut(
          quietly(http(d, bad(slow)))
            .set({ 'web1/http': bad() })
            .why({ 'web1/http': offline }),
        ),
      ['web1 answers slowly: web1/http', own],
    ],
    [
      'takes nothing in',
      (d) =>
        cut(
          quietly(http(d))
            .set({ 'web1/icmp': bad(silent, 500) })
            .why({ 'web1/http': offline, 'web1/icmp': offline }),
        ),
      ['HTTP on web1 fails: web1/http', own],
    ],
    [
      'keeps consequences',
      (d) =>
        cut(
          d
            .set({ 'cox/gateway': bad(silent), 'web1/http': bad() })
            .why({ 'web1/http': behind('cox') })
            .at(1_000)
            .why({ 'cox/gateway': offline, 'web1/http': offline }),
        ),
      ['Cox at San Diego: gateway does not answer: cox/gateway + web1/http', own],
    ],
    [
      'resumes',
      (d) =>
        back(
          cut(http(d).why({ 'web1/http': offline }))
            .why({ 'web1/http': null })
            .set({ 'web1/http': fine }),
        ),
      [],
    ],
    [
      'holds what is open for a cycle after it is connected again',
      (d) => back(cut(http(d).why({ 'web1/http': offline }))),
      ['HTTP on web1 fails: web1/http'],
    ],
    [
      'does not clear an acknowledgement',
      (d) =>
        cut(
          acknowledged(http(d))
            .set({ 'web1/http': bad(wrong) })
            .why({ 'web1/http': offline }),
        ),
      ['HTTP on web1 fails: web1/http', own],
      ['alert-raised This desk is offline'],
    ],
    ['is not told of a single anchor', (d) => d.set({ 'desk/gateway': bad(silent) }).at(1_000), [], []],
    [
      'is not told of two while the third answers',
      (d) => d.set({ 'desk/gateway': bad(silent), 'desk/resolver': bad(silent) }).at(1_000),
      [],
      [],
    ],
    [
      'is closed when its anchors are no longer watched',
      (d) => {
        quietly(cut(d)).drop('desk/gateway', 'desk/resolver', 'desk/far-host');
        d.cutOff = null;
        d.at(6_000);
      },
      [],
      ['alert-closed This desk is offline (it is no longer in the inventory)'],
    ],
  ]);
  it('says what that means', () => {
    expect(cut(nightDesk()).alert()).toMatchObject({
      subject: { kind: 'desk', id: 'desk' },
      severity: 'down',
      firstAt: 4_000,
      text: 'Gateway, resolver and far host do not answer. Nothing is known of what lies beyond until this computer is connected again; nothing is called down meanwhile.',
    });
  });
});

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

describe('a storm', () => {
  const subjects = [...Array(2_500).keys()].map((n) => thing('host', `h${n}`, { site: 'sd' }));
  const ways: [string, (d: NightDesk) => void, number][] = [
    ['of one minute is one alert', (d) => d, 1],
    [
      'behind one link is one alert',
      (d) =>
        d.why(
          Object.fromEntries(
            subjects.slice(1).flatMap(({ id }) => [
              [`${id}/http`, behind('h0')],
              [`${id}/icmp`, behind('h0')],
            ]),
          ),
        ),
      1,
    ],
  ];
  it.each(ways)('%s, settled in a moment', (_name, night, alerts) => {
    const d = nightDesk(subjects).set(
      Object.fromEntries(
        subjects.flatMap(({ id }) => [
          [`${id}/http`, bad(refused, 100)],
          [`${id}/icmp`, bad(silent, 100)],
        ]),
      ),
    );
    night(d);
    d.at(1_000);
    expect(d.open.size).toBe(alerts);
    expect(d.told()).toHaveLength(1);
    const times = [...Array(9).keys()].map((n) => {
      const started = performance.now();
      d.at(2_000 + n);
      return performance.now() - started;
    });
    // Generous for a busy machine; a quiet one takes a tenth of it.
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(200);
    expect(d.told()).toEqual([]);
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
