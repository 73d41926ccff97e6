/** A drill that is steered: its pace, its pauses and jumps, and what is left to whoever plays. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { playScenario } from '../../../electron/drill/player.ts';
import { type ReadScenario, readScenario } from '../../../electron/drill/read.ts';
import { openSession, type RealTime, type Session, type SessionOptions } from '../../../electron/drill/session.ts';
import type { Delta, DrillLive } from '../../../shared/live.ts';
import type { EventKind, NightEvent } from '../../../shared/model/event.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { night } from '../../support/drill-night.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000 });
const open: Session[] = [];
afterEach(() => {
  for (const session of open.splice(0)) session.close();
});
afterAll(removeTemporaryFolders);

/** Real time that the test lets pass. @param workMs how long each look at the clock takes: work takes time */
function handTime(workMs = 0): RealTime & { pass(ms: number): Promise<void>; breaths: number } {
  let now = 1_000;
  let waiting: { at: number; run: () => void }[] = [];
  const loop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    breaths: 0,
    now() {
      now += workMs;
      return now;
    },
    sleep(ms) {
      if (ms > 0) return new Promise((resolve) => waiting.push({ at: now + ms, run: resolve }));
      this.breaths += 1;
      return loop();
    },
    after(ms, run) {
      const it = { at: now + ms, run };
      waiting.push(it);
      return () => {
        waiting = waiting.filter((other) => other !== it);
      };
    },
    async pass(ms) {
      const end = now + ms;
      await loop();
      for (;;) {
        const next = waiting.filter((it) => it.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        waiting = waiting.filter((it) => it !== next);
        now = Math.max(now, next.at);
        next.run();
        await loop();
      }
      now = Math.max(now, end);
    },
  };
}

const start = Date.parse('2026-06-16T03:00:00-04:00');
const end = start + 2 * HOUR;
const at = (text: string): number => Date.parse(`2026-06-16T${text}:00-04:00`);
const world = '  - { at: "03:18", break: { link: north, prefixes: [p1] } }\n  - { at: "04:10", restore: { link: north } }';
const people = `
  - { at: "03:05", change: { by: ben, what: new router software, subject: north } }
  - { at: "03:24", acknowledge: { by: anna, comment: driving in } }
  - { at: "03:25", incident: { by: anna } }
  - { at: "03:30", contact: { with: north, direction: out, text: "opened a ticket" } }
  - { at: "03:35", contact: { with: north, tier: routing group, person: Priya, direction: in, ticket: "4711", text: "we look at it" } }
  - { at: "03:40", customerReport: { count: 7, by: cleo, text: web sites cannot be reached } }
  - { at: "03:45", maintenance: { name: kernel, from: "04:30", to: "04:40", affects: [web1], by: ben } }
  - { at: "03:50", note: { by: anna, text: all is well inside } }
  - { at: "04:15", status: { by: anna, status: resolved } }`;

async function readNight(text = night(world, people)): Promise<ReadScenario> {
  const file = join(temporaryFolder('session'), 'night.yaml');
  writeFileSync(file, text);
  const read = await readScenario(file);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  return read.value;
}
interface Tried extends Session {
  time: ReturnType<typeof handTime>;
  events: NightEvent[];
  told(...kinds: EventKind[]): NightEvent[];
  live(): DrillLive | undefined;
}
async function openNight(options: Partial<SessionOptions> & { text?: string; workMs?: number } = {}): Promise<Tried> {
  const { text, workMs, ...more } = options;
  const time = handTime(workMs);
  const events: NightEvent[] = [];
  const onEvent = (event: NightEvent): void => void events.push(event);
  const opened = await openSession(await readNight(text), { acts: 'player', isShown: true, real: time, onEvent, ...more });
  if (!opened.ok) throw new Error(opened.failure.text);
  open.push(opened.value);
  return {
    ...opened.value,
    time,
    events,
    told: (...kinds) => events.filter((it) => kinds.includes(it.kind)),
    live: () => opened.value.engine.publisher.tables.drill.drill,
  };
}

describe('its clock', () => {
  it('stands at the beginning until somebody plays', async () => {
    const { time, now, live } = await openNight();
    await time.pass(10 * SECOND);
    expect(now()).toBe(start);
    expect(live()).toMatchObject({ name: 'A night', start, end, at: start, state: 'paused', acts: 'player', calls: [] });
  });
  for (const speed of [0.5, 1, 10, 60, 600])
    it(`goes ${speed} times as fast as life`, async () => {
      const { time, now, play, live } = await openNight();
      play(speed);
      await time.pass(10 * SECOND);
      expect(now() - start).toBe(10 * SECOND * speed);
      expect(live()).toMatchObject({ at: now(), state: 'playing', speed });
    });
  it('stands still while it is paused, and goes on from there', async () => {
    const { time, now, play, pause, live } = await openNight();
    play(60);
    await time.pass(SECOND);
    pause();
    expect(live()?.state).toBe('paused');
    await time.pass(HOUR);
    expect(now() - start).toBe(MINUTE);
    play(1);
    await time.pass(SECOND);
    expect(now() - start).toBe(MINUTE + SECOND);
  });
  it('makes up for no more than a second when the computer was away', async () => {
    const { time, now, play } = await openNight();
    play(10);
    await time.pass(SECOND);
    const before = now();
    // Both sides were away: the step that was under way ends late.
    const away = time.now;
    time.now = () => away() + HOUR;
    await time.pass(50);
    expect(now() - before).toBe(10 * SECOND);
  });
  it('goes on where the computer of the drill wakes up', async () => {
    const asleep = '  - { at: "03:10", break: { desk: true, mode: asleep } }\n  - { at: "03:40", restore: { desk: true } }';
    const { time, now, jump, told } = await openNight({ text: night(asleep) });
    jump();
    await time.pass(1);
    expect(now()).toBe(at('03:40'));
    await time.pass(3 * SECOND);
    expect(told('gap')).toHaveLength(1);
  });
});

describe('a jump', () => {
  it('goes to the next thing that happens, and on at the speed that it had', async () => {
    const { time, now, play, jump, live, told } = await openNight();
    play(10);
    const stops: string[] = [];
    const jumpOn = async (): Promise<void> => {
      jump();
      expect(live()?.state).toBe('jumping');
      await time.pass(0);
      expect(live()).toMatchObject({ state: 'playing', speed: 10 });
      stops.push(new Date(now()).toISOString().slice(11, 16));
    };
    // What Ben changed, and the fault.
    await jumpOn();
    await jumpOn();
    expect(told('alert-raised')).toHaveLength(0);
    await jumpOn();
    expect(told('alert-raised')).toHaveLength(1);
    expect(now() - (told('alert-raised')[0]?.at ?? 0)).toBeLessThanOrEqual(SECOND);
    expect(stops).toEqual(['07:05', '07:18', '07:18']);
  });
  it('stops for those who call', async () => {
    const { time, now, jump, live } = await openNight();
    for (let i = 0; i < 20 && (live()?.calls.length ?? 0) === 0; i++) {
      jump();
      await time.pass(0);
    }
    expect(now()).toBe(at('03:35'));
  });
  it('can be broken off, and lets others have their turn', async () => {
    const { time, pause, finish, now, live } = await openNight({ workMs: 1 });
    finish();
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(time.breaths).toBeGreaterThan(2);
    pause();
    await time.pass(SECOND);
    expect(live()).toMatchObject({ state: 'paused', at: now() });
    expect(now()).toBeGreaterThan(start);
    expect(now()).toBeLessThan(end);
  });
});

describe('whoever plays', () => {
  it('acts in place of the people of the script; what others do happens all the same', async () => {
    const { finish, ended, told, refused } = await openNight();
    finish();
    await ended;
    expect(told('change', 'maintenance-planned').map((it) => it.actor)).toEqual(['ben', 'ben']);
    expect(told('acknowledged', 'incident-opened', 'incident-joined', 'incident-status', 'logged', 'note')).toEqual([]);
    expect(refused).toEqual([]);
  });
  it('is called, and writes it down in the log of the incident or of the night', async () => {
    const { engine, handlers, time, play, pause, live, told, now } = await openNight();
    play(600);
    await time.pass(4.1 * SECOND);
    pause();
    const [contact, report] = live()?.calls ?? [];
    expect(live()?.calls).toHaveLength(2);
    expect(contact).toMatchObject({
      at: at('03:35'),
      kind: 'contact',
      channel: 'phone',
      who: 'Northline, routing group, Priya',
      text: 'we look at it',
    });
    expect(report).toMatchObject({ at: at('03:40'), kind: 'customer-report', channel: null, who: '7 customers', logged: false });
    const log = (call: string | undefined) => handlers.drill({ do: 'log-call', call: call ?? '', by: 'Maya' });
    expect(await log(contact?.id)).toEqual({ ok: true, value: null });
    const alerts = Object.keys(engine.publisher.tables.alerts);
    const opened = await handlers.openIncident({
      ...{ title: null, severity: 'major', lead: null, subjects: [], from: null, to: null },
      ...{ alerts, by: 'Maya' },
    });
    const incident = opened.ok ? opened.value.id : '';
    expect(await log(report?.id)).toEqual({ ok: true, value: null });
    expect(live()?.calls.map((it) => it.logged)).toEqual([true, true]);
    expect(told('logged')).toMatchObject([
      {
        at: at('03:35'),
        actor: 'Maya',
        payload: { incident: null, entry: { type: 'contact', with: 'north', ticket: '4711' }, enteredAt: now() },
      },
      { at: at('03:40'), actor: 'Maya', payload: { incident, entry: { type: 'customer-report', count: 7 } } },
    ]);
    expect(engine.publisher.tables.incidents[incident]?.customers).toBe(7);
    expect(await log(report?.id)).toMatchObject({ ok: false, failure: { code: 'already-logged' } });
    expect(await log('call-99')).toMatchObject({ ok: false, failure: { code: 'no-such-call' } });
    expect(told('logged')).toHaveLength(2);
  });
  it('tells how each of them comes', async () => {
    const ways = ['phone', 'ticket', 'mail', 'chat', 'on-site'];
    const lines = ways.map(
      (channel, i) => `  - { at: "+${i + 1}m", contact: { with: north, direction: in, channel: ${channel}, ticket: "4711", text: seen } }`,
    );
    const { finish, ended, live } = await openNight({ text: night('  []', `\n${lines.join('\n')}`) });
    finish();
    await ended;
    expect(live()?.calls.map((it) => it.channel)).toEqual(ways);
    expect(live()?.calls.map((it) => it.who)).toEqual(ways.map((way) => (way === 'ticket' ? 'Northline, ticket 4711' : 'Northline')));
  });
  it('keeps the newest 50 calls', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `  - { at: "+${i + 1}m", customerReport: { count: ${i + 1}, text: nothing works } }`);
    const { finish, ended, live } = await openNight({ text: night('  []', `\n${many.join('\n')}`) });
    finish();
    await ended;
    expect(live()?.calls.map((it) => it.who)).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 11} customers`));
  });
  it('writes by the clock of the drill', async () => {
    const { handlers, time, play, told, now } = await openNight();
    play(60);
    await time.pass(20 * SECOND);
    await handlers.note({ subject: null, by: 'Maya', text: 'what is that' });
    expect(told('note')).toMatchObject([{ at: now(), actor: 'Maya' }]);
    expect(now()).toBe(at('03:20'));
  });
});

describe('the people of the script', () => {
  it('bring the same events as without a screen, byte for byte, however it is played', async () => {
    const file = join(temporaryFolder('session'), 'night.yaml');
    writeFileSync(file, night(world, people));
    const wanted: string[] = [];
    const played = await playScenario(file, { onEvent: (event) => wanted.push(JSON.stringify(event)) });
    if (played.ok) played.value.close();
    expect(wanted.length).toBeGreaterThan(20);
    const steps = fc.array(
      fc.record({
        what: fc.constantFrom('play', 'pause', 'jump'),
        speed: fc.double({ min: 0.1, max: 600, noNaN: true }),
        ms: fc.integer({ min: 0, max: 3_000 }),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const session = await openNight({ acts: 'script' });
        for (const { what, speed, ms } of all) {
          if (what === 'play') session.play(speed);
          else session[what as 'pause' | 'jump']();
          await session.time.pass(ms);
        }
        session.finish();
        await session.ended;
        expect(session.events.map((it) => JSON.stringify(it))).toEqual(wanted);
      }),
      { numRuns: 12 },
    );
  });
  it('call nobody: they write it down themselves', async () => {
    const { finish, ended, live, told } = await openNight({ acts: 'script' });
    finish();
    await ended;
    expect(live()).toMatchObject({ state: 'over', acts: 'script', calls: [] });
    expect(told('logged').map((it) => it.actor)).toEqual(['on-call', 'on-call', 'cleo', 'anna']);
  });
});

describe('at the end', () => {
  it('the clock stands, nothing is looked at any more, and everything else answers', async () => {
    const session = await openNight();
    const { handlers, engine, finish, ended, time, live, now, told } = session;
    finish();
    await ended;
    expect(live()).toMatchObject({ state: 'over', at: end });
    const states = JSON.stringify(engine.publisher.tables.checks);
    for (const what of ['pause', 'jump', 'finish'] as const)
      expect(await handlers.drill({ do: what })).toMatchObject({ ok: false, failure: { code: 'drill-over' } });
    expect(await handlers.drill({ do: 'play', speed: 60 })).toMatchObject({ ok: false, failure: { code: 'drill-over' } });
    expect(await handlers.checkNow({ checks: ['web1/icmp'] })).toMatchObject({ ok: false, failure: { code: 'drill-over' } });
    session.play(60);
    await time.pass(MINUTE);
    expect(now()).toBe(end);
    expect(live()?.state).toBe('over');
    expect(JSON.stringify(engine.publisher.tables.checks)).toBe(states);
    expect(await handlers.note({ subject: null, by: 'Maya', text: 'that was it' })).toEqual({ ok: true, value: null });
    expect(told('note')).toMatchObject([{ at: end }]);
    const stored = await handlers.alerts({ from: start, to: end });
    const alerts = stored.ok ? stored.value.map((it) => it.id) : [];
    const opened = await handlers.openIncident({
      ...{ title: null, severity: 'major', lead: null, subjects: [], from: null, to: null },
      ...{ alerts, by: 'Maya' },
    });
    const document = await handlers.openDocument({
      ...{ kind: 'post-mortem', window: null, by: 'Maya', options: { zone: 'UTC', clock: '24h' } },
      incident: opened.ok ? opened.value.id : '',
    });
    expect(document).toMatchObject({ ok: true, value: { kind: 'post-mortem' } });
    expect(await handlers.debrief({})).toMatchObject({ ok: true, value: { name: 'A night', at: end, over: true } });
  });
  it('who waits for a trace is told, and not left waiting', async () => {
    const { handlers, play, finish, time, ended, now } = await openNight({ text: night('  []') });
    expect(await handlers.trace({ check: 'web1/icmp' })).toMatchObject({ ok: false, failure: { code: 'drill-paused' } });
    // Half a second before the end.
    play(600);
    await time.pass(11_950);
    play(10);
    await time.pass(2_950);
    expect(end - now()).toBe(500);
    const asked = handlers.trace({ check: 'web1/icmp' });
    finish();
    await ended;
    expect(await asked).toMatchObject({ ok: false, failure: { code: 'drill-over' } });
  });
  it('a drill that is closed before says nothing more', async () => {
    const session = await openNight();
    session.play(60);
    await session.time.pass(SECOND);
    const before = session.events.length;
    open.splice(open.indexOf(session), 1);
    session.close();
    await session.time.pass(MINUTE);
    await session.ended;
    expect(session.events).toHaveLength(before);
  });
});

describe('windows', () => {
  it('hear of it ten times a second of real time at most, and five times at least', async () => {
    for (const speed of [1, 60, 600]) {
      const { engine, time, play } = await openNight({ text: night(world) });
      const heard: Delta[] = [];
      engine.publisher.subscribe((delta) => heard.push(delta));
      play(speed);
      await time.pass(10 * SECOND);
      expect(heard.length, `${speed}x`).toBeLessThanOrEqual(101);
      expect(heard.filter((it) => it.put.drill).length, `${speed}x`).toBeGreaterThanOrEqual(50);
      // The clock and the rest of the picture are of the same moment.
      for (const { put } of heard) if (put.desk?.desk) expect(put.desk.desk.beatAt).toBeLessThanOrEqual(put.drill?.drill?.at ?? 0);
    }
  });
  it('are none where nobody watches', async () => {
    const { live, finish, ended } = await openNight({ isShown: false });
    finish();
    await ended;
    expect(live()).toBeUndefined();
  });
  it('its store lies where it is told to', async () => {
    const folder = temporaryFolder('drill-store');
    await openNight({ folder });
    expect(existsSync(join(folder, 'nightdesk.db'))).toBe(true);
  });
});
