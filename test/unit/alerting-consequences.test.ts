/** What fails because of something else is told with it. */
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { bad, behind, fine, fromTheStart, held, type NightDesk, nightDesk, refused, silent, slow } from '../support/night-desk.ts';
import { acknowledged, http, play, quietly } from '../support/night-play.ts';
import { thing } from '../support/story.ts';

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
