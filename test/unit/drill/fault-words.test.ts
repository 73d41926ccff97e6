/** Faults in words, and the stories of alerts that a debrief is made from. */
import { afterAll, describe, expect, it } from 'vitest';
import { alertStories } from '../../../electron/drill/alert-stories.ts';
import { faultWords, namesIn } from '../../../electron/drill/fault-words.ts';
import type { EventKind, NightEvent } from '../../../shared/model/event.ts';
import { backupModes, dnsModes, type Fault, hostModes, mailModes, serviceModes } from '../../../shared/scenario/scenario.ts';
import { readNight } from '../../support/drill-bay.ts';
import { removeTemporaryFolders } from '../../support/temporary-folder.ts';

afterAll(removeTemporaryFolders);
const { inventory } = await readNight('  []');
const names = namesIn(inventory.plan);
const say = (...faults: [Fault, ...Fault[]]): string => faultWords(faults, names);

describe('faults', () => {
  it.each<[Fault[], string]>([
    [
      [
        { link: 'north', prefixes: ['p1'] },
        { link: 'north', prefixes: ['p2'] },
      ],
      'Northline drops range one and range two',
    ],
    [[{ link: 'north' }], 'The circuit of Northline is down'],
    [[{ link: 'north', loss: 0.3 }], 'Northline loses 30 % of all packets'],
    [[{ link: 'north', delayMs: 80, prefixes: ['p1'] }], 'Northline is slow for range one'],
    [[{ site: 'bay', power: true }], 'Bay is without power'],
    [[{ host: 'web1', mode: 'down', flap: { period: 60_000, down: 0.5 } }], 'Web server is down, on and off'],
    [[{ service: 'web', mode: 'error', value: 500, portion: 0.6 }], 'web sites: errors, for 60 % of all attempts'],
    [
      [
        { mail: 'mail', mode: 'auth-fails', protocols: ['imap'] },
        { mail: 'mail', mode: 'auth-fails', protocols: ['pop3'] },
      ],
      'Mail for example.net: log-ins refused (imap and pop3)',
    ],
    [[{ mail: 'example.net', mode: 'delivery-delayed', value: '45m' }], 'Mail for example.net: delivered late by 45 min'],
    [[{ dns: 'example.net', mode: 'stale-serial', server: '203.0.113.20' }], 'DNS of example.net: 203.0.113.20 gives old records'],
    [[{ desk: true, mode: 'asleep' }], 'This computer sleeps'],
  ])('%j', (faults, words) => {
    expect(say(...(faults as [Fault, ...Fault[]]))).toBe(words);
  });
  it('of each mode are told in words of their own', () => {
    const all: Fault[] = [
      ...hostModes.map((mode) => ({ host: 'web1', mode })),
      ...serviceModes.map((mode) => ({ service: 'web', mode })),
      ...mailModes.map((mode) => ({ mail: 'mail', mode })),
      ...dnsModes.map((mode) => ({ dns: 'example.net', mode })),
      ...backupModes.map((mode) => ({ backup: 'web1', mode })),
    ];
    const told = all.map((fault) => say(fault));
    expect(new Set(told).size).toBe(all.length);
    for (const words of told) expect(words).not.toMatch(/undefined|null|-fails|-down/);
  });
});

const event = <K extends EventKind>(kind: K, at: number, payload: object, actor = 'engine'): NightEvent =>
  ({ id: String(at), kind, at, subject: null, actor, payload }) as unknown as NightEvent;

describe('stories of alerts', () => {
  const raised = (alert: string, at: number, ...checks: string[]): NightEvent => event('alert-raised', at, { alert, title: alert, checks });
  const merged = (alert: string, into: string, at: number): NightEvent =>
    event('alert-merged', at, { alert, into, title: '', intoTitle: '' });

  it('keep what is in them as it comes and goes', () => {
    const [story] = alertStories([
      raised('a', 1, 'x'),
      event('alert-updated', 2, { alert: 'a', title: 'worse', joined: ['y'], left: ['x'] }),
      event('alert-recovered', 3, { alert: 'a', title: 'a', lastedMs: 2 }),
    ]);
    expect(story).toMatchObject({
      id: 'a',
      endedAt: 3,
      stands: [
        { at: 1, title: 'a' },
        { at: 2, title: 'worse', joined: ['y'] },
      ],
    });
    expect(story?.stands.map(({ checks }) => [...checks])).toEqual([['x'], ['y']]);
  });
  it('end with what they went on in, however often that went on in another', () => {
    const ends = (...events: NightEvent[]) => Object.fromEntries(alertStories(events).map(({ id, endedAt }) => [id, endedAt]));
    const chain = [raised('a', 1), raised('b', 2), merged('a', 'b', 3), raised('c', 4), merged('b', 'c', 5)];
    expect(ends(...chain)).toEqual({ a: null, b: null, c: null });
    expect(ends(...chain, event('alert-recovered', 9, { alert: 'c' }))).toEqual({ a: 9, b: 9, c: 9 });
    // Nothing is known of the other.
    expect(ends(raised('a', 1), merged('a', 'gone', 3))).toEqual({ a: 3 });
  });
  it('tell who had them from when to when', () => {
    const [story] = alertStories([
      raised('a', 1, 'x'),
      event('acknowledged', 2, { alert: 'a' }, 'anna'),
      event('acknowledgement-cleared', 3, { alert: 'a' }),
      event('acknowledged', 4, { alert: 'a' }, 'bob'),
      event('acknowledged', 5, { alert: 'a' }, 'carla'),
    ]);
    expect(story?.taken).toEqual([
      { by: 'anna', from: 2, to: 3 },
      { by: 'bob', from: 4, to: 5 },
      { by: 'carla', from: 5, to: null },
    ]);
  });
});
