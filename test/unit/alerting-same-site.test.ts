/** What begins at one site within a minute is one alert. */
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { bad, fine, fromTheStart, type NightDesk, nightDesk, refused, silent, slow } from '../support/night-desk.ts';
import { http, play, quietly } from '../support/night-play.ts';
import { stale } from '../support/story.ts';

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
