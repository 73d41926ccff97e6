import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { totalOf, trayStanding, trayTooltip, windowTitle } from '../../electron/desk/counts-words.ts';
import { bundleOf, createBundler, type Note, noteOf, worstAnnouncement } from '../../electron/desk/notes.ts';
import { drawTrayIcon } from '../../electron/desk/tray-icon.ts';
import type { Announcement, OpenCounts } from '../../shared/contract.ts';

const say = (title: string, more: Partial<Announcement> = {}): Announcement => ({
  kind: 'raised',
  severity: 'down',
  title,
  text: `${title}, it seems`,
  alert: `A-${title}`,
  ...more,
});

describe('a notification', () => {
  const table: [string, Announcement, Partial<Note>][] = [
    ['an alert', say('web1 is down'), { title: 'web1 is down', urgency: 'critical', alert: 'A-web1 is down' }],
    ['a degraded one', say('web1 is slow', { severity: 'degraded' }), { urgency: 'normal' }],
    ['one that is not known', say('x', { severity: 'unknown' }), { urgency: 'low' }],
    ['a recovery', say('web1 is down', { kind: 'recovered', severity: 'ok' }), { title: 'Over: web1 is down', urgency: 'low' }],
    ['one that is open again', say('web1 is down', { kind: 'again' }), { title: 'Open again: web1 is down' }],
    ['an escalation', say('web1 is down', { kind: 'escalated' }), { title: 'Nobody has it: web1 is down' }],
    ['hostile words', say('a\u202eb\n\x1b[31mc'), { title: 'a b c', body: 'a b c, it seems' }],
  ];
  it.each(table)('%s', (_what, announcement, expected) => expect(noteOf(announcement)).toMatchObject(expected));
  it('is bounded in length', () => expect(noteOf(say('x'.repeat(5_000))).title.length).toBeLessThanOrEqual(160));
});

describe('a bundle', () => {
  const slow = say('web2 is slow', { severity: 'degraded' });
  const over = say('web3 is down', { kind: 'recovered', severity: 'ok' });
  const table: [string, Announcement[], string, Note['urgency']][] = [
    ['names the worst', [slow, slow, slow, slow, say('web1 is down')], '5 new alerts, the worst: web1 is down', 'critical'],
    ['the first of equals', [say('a'), say('b'), say('c'), say('d')], '4 new alerts, the worst: a', 'critical'],
    ['recoveries only', [over, over, over, over], '4 alerts over, such as: web3 is down', 'low'],
    ['both', [slow, slow, slow, over], '3 new alerts, the worst: web2 is slow', 'normal'],
    ['old ones among them', [say('a', { kind: 'again' }), slow, slow, slow], '4 alerts want somebody, the worst: a', 'critical'],
    [
      'one alone with many recoveries',
      [over, over, over, say('a', { kind: 'escalated' })],
      '1 alert wants somebody, the worst: a',
      'critical',
    ],
  ];
  it.each(table)('%s', (_what, all, title, urgency) => expect(bundleOf(all)).toMatchObject({ title, urgency }));
  it('counts what is over in its text', () => {
    expect(bundleOf([slow, over, over, slow]).body).toBe('2 others are over. web2 is slow, it seems');
    expect(bundleOf([slow, over, slow, slow]).body).toMatch(/^1 other is over\./);
  });
  it('nothing announced, nothing worst', () => expect(worstAnnouncement([])).toBeUndefined());
});

describe('several within two seconds', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const screen = () => {
    const shown = new Set<Note>();
    const all: Note[] = [];
    const bundler = createBundler(
      (note) => {
        shown.add(note);
        all.push(note);
        return { close: () => shown.delete(note) };
      },
      (run, ms) => setTimeout(run, ms),
    );
    return { bundler, all, titles: () => [...shown].map((note) => note.title) };
  };
  it('up to three stand singly, at once', () => {
    const { bundler, titles } = screen();
    bundler.announce([say('a'), say('b')]);
    bundler.announce([say('c')]);
    expect(titles()).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(10_000);
    expect(titles()).toEqual(['a', 'b', 'c']);
  });
  it('a fourth makes one of them all', () => {
    const { bundler, titles } = screen();
    for (const title of ['a', 'b', 'c', 'd', 'e']) bundler.announce([say(title)]);
    expect(titles()).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(2_000);
    expect(titles()).toEqual(['5 new alerts, the worst: a']);
  });
  it('a storm shows one note and nothing flashes by', () => {
    const { bundler, all } = screen();
    bundler.announce(Array.from({ length: 2_800 }, (_, n) => say(`host${n} is down`)));
    vi.advanceTimersByTime(2_000);
    expect(all.map((note) => note.title)).toEqual(['2800 new alerts, the worst: host0 is down']);
  });
  it('two seconds later it begins anew', () => {
    const { bundler, titles } = screen();
    bundler.announce([say('a'), say('b'), say('c')]);
    vi.advanceTimersByTime(2_000);
    bundler.announce([say('d')]);
    vi.advanceTimersByTime(2_000);
    expect(titles()).toEqual(['a', 'b', 'c', 'd']);
  });
  it('a system that shows none is no reason to fail', () => {
    const bundler = createBundler(
      () => null,
      (run, ms) => setTimeout(run, ms),
    );
    bundler.announce([say('a'), say('b')]);
    bundler.announce([say('c'), say('d')]);
    expect(() => vi.advanceTimersByTime(2_000)).not.toThrow();
  });
  it('nothing announced opens no window of time', () => {
    const { bundler } = screen();
    bundler.announce([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('open alerts in words', () => {
  const counts = (down: number, degraded: number, unknown: number, taken: number): OpenCounts => ({ down, degraded, unknown, taken });
  const table: [string, OpenCounts | null, string, string, string][] = [
    ['none', counts(0, 0, 0, 0), 'ok', 'Nightdesk: no alert is open', 'Nightdesk'],
    ['two down, one degraded, one taken', counts(2, 1, 0, 1), 'down', '2 down, 1 degraded, nobody has 2 of them', '(3) Nightdesk'],
    ['one, free', counts(1, 0, 0, 0), 'down', '1 down, nobody has it', '(1) Nightdesk'],
    ['one, taken', counts(0, 1, 0, 1), 'degraded', '1 degraded, somebody has it', '(1) Nightdesk'],
    ['all taken', counts(1, 0, 1, 2), 'down', '1 down, 1 not known, somebody has each of them', '(2) Nightdesk'],
    ['none taken', counts(0, 0, 3, 0), 'unknown', '3 not known, nobody has any of them', '(3) Nightdesk'],
    ['nothing watched is never green', null, 'unknown', 'Nightdesk does not watch at the moment', 'Nightdesk'],
  ];
  it.each(table)('%s', (_what, it_, standing, tooltip, title) => {
    expect([trayStanding(it_), trayTooltip(it_), windowTitle(it_)]).toEqual([standing, tooltip, title]);
  });
  it('adds up', () => expect(totalOf(counts(1, 2, 3, 0))).toBe(6));
});

describe('the tray icon', () => {
  /** Blue, green, red, alpha of a pixel. */
  const pixel = (icon: Buffer, size: number, x: number, y: number): number[] => [
    ...icon.subarray((y * size + x) * 4, (y * size + x) * 4 + 4),
  ];
  const sizes = [16, 22, 32, 44];
  const clear = [0, 0, 0, 0];
  const table: ['ok' | 'degraded' | 'down' | 'unknown', number[]][] = [
    ['ok', [0x8a, 0xb0, 0x4f, 255]],
    ['degraded', [0x33, 0xb1, 0xf5, 255]],
    ['down', [0x52, 0x5c, 0xff, 255]],
    ['unknown', clear],
  ];
  it.each(table)('%s has its colour in the middle and nothing in the corners', (standing, middle) => {
    for (const size of sizes) {
      const icon = drawTrayIcon(standing, size);
      expect(icon.length).toBe(size * size * 4);
      expect(pixel(icon, size, size / 2, size / 2)).toEqual(middle);
      expect(pixel(icon, size, 0, 0)).toEqual(clear);
      expect(pixel(icon, size, size - 1, 0)).toEqual(clear);
    }
  });
  it('each has a shape of its own', () => {
    const shapes = table.map(([standing]) =>
      Buffer.from(drawTrayIcon(standing, 22).filter((_byte, index) => index % 4 === 3)).toString('hex'),
    );
    expect(new Set(shapes).size).toBe(4);
  });
  it('no colour is brighter than its own alpha (premultiplied)', () => {
    for (const [standing] of table) {
      const icon = drawTrayIcon(standing, 22);
      for (let at = 0; at < icon.length; at += 4)
        expect(Math.max(icon[at] as number, icon[at + 1] as number, icon[at + 2] as number)).toBeLessThanOrEqual(icon[at + 3] as number);
    }
  });
});
