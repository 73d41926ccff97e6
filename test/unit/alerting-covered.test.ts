/** What is not charged: planned work, routines, a desk that is cut off. */
import { describe, expect, it } from 'vitest';
import { bad, behind, fine, type NightDesk, nightDesk, offline, routine, silent, slow, work, wrong } from '../support/night-desk.ts';
import { acknowledged, http, play, quietly } from '../support/night-play.ts';
import { stale } from '../support/story.ts';

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
