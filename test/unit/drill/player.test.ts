/** Whole drills through the real engine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { draftsOf } from '../../../electron/drill/drafts.ts';
import { type Played, playScenario } from '../../../electron/drill/player.ts';
import type { EventKind, NightEvent } from '../../../shared/model/event.ts';
import { MINUTE } from '../../../shared/time.ts';
import { night } from '../../support/drill-night.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporary-folder.ts';

vi.setConfig({ testTimeout: 60_000 });
const open: Played[] = [];
afterEach(() => {
  for (const played of open.splice(0)) played.close();
});
afterAll(removeTemporaryFolders);

async function play(text: string): Promise<Played & { events: NightEvent[]; told(...kinds: EventKind[]): NightEvent[] }> {
  const file = join(temporaryFolder('drill'), 'night.yaml');
  writeFileSync(file, text);
  const events: NightEvent[] = [];
  const played = await playScenario(file, { onEvent: (event) => void events.push(event) });
  if (!played.ok) throw new Error(JSON.stringify(played.failure, null, 1));
  open.push(played.value);
  return { ...played.value, events, told: (...kinds) => events.filter((it) => kinds.includes(it.kind)) };
}
const at = (text: string): number => Date.parse(`2026-06-16T${text}:00-04:00`);
const payloads = (events: readonly NightEvent[]): unknown[] => events.map((it) => it.payload);

const misrouted = `  - { at: "03:18", break: { link: north, prefixes: [p1] } }
  - { at: "04:10", restore: { link: north } }`;

describe('a link that drops a prefix', () => {
  it('is alerted, told to people who are not there, traced, and over when it is mended', async () => {
    const { told, refused, store } = await play(night(misrouted));
    const [raised] = told('alert-raised');
    expect((raised?.at ?? 0) - at('03:18')).toBeLessThan(MINUTE);
    expect(raised?.subject?.id).toBe('p1');
    expect(told('alert-raised')).toHaveLength(1);
    expect(payloads(told('notified'))).toEqual([
      expect.objectContaining({ channel: 'pager' }),
      expect.objectContaining({ channel: 'pager' }),
    ]);
    expect(told('traced').some((it) => JSON.stringify(it.payload).includes('Northline'))).toBe(true);
    const [recovered] = told('alert-recovered');
    expect((recovered?.at ?? 0) - at('04:10')).toBeLessThan(MINUTE);
    expect(told('notify-failed', 'gap', 'probe-bug', 'stale')).toEqual([]);
    expect(refused).toEqual([]);
    expect(store.alerts(0, at('05:00')).map((it) => it.endedAt !== null)).toEqual([true]);
  });
  it('gives the same events again, byte for byte, and others for another seed', async () => {
    const text = night(
      `${misrouted}\n  - { at: "04:20", break: { link: sky, loss: 0.2, flap: { period: 40s, down: 0.5 } } }\n  - { at: "04:30", break: { host: web1, portion: 0.3 } }`,
    );
    const first = (await play(text)).events.map((it) => JSON.stringify(it));
    const again = (await play(text)).events.map((it) => JSON.stringify(it));
    expect(first.length).toBeGreaterThan(20);
    expect(again).toEqual(first);
    const other = (await play(text.replace('seed: 5', 'seed: 6'))).events.map((it) => JSON.stringify(it));
    expect(other).not.toEqual(first);
  });
  it('reaches nobody real: neither files nor the network are asked', async () => {
    const { engine } = await play(night(misrouted));
    const site = { id: 'hill', name: 'Hill', timezone: null };
    expect(await engine.handlers.addSite(site)).toMatchObject({ ok: false, failure: { code: 'drill' } });
    expect(await engine.handlers.discover({ address: '192.0.2.1' })).toMatchObject({ ok: false, failure: { code: 'drill' } });
    expect(engine.publisher.get('channels', 'heartbeat')).toBeUndefined();
  });
});

describe('what people do', () => {
  it('goes through the engine as if typed, at its moment', async () => {
    const { told, incidents, refused, store, ...played } = await play(
      night(
        misrouted,
        `
  - { at: "03:05", change: { by: ben, what: new router software, subject: north, at: 2026-06-14T10:00:00-04:00 } }
  - { at: "03:24", acknowledge: { by: anna, comment: driving in, expires: 2h } }
  - { at: "03:25", incident: { by: anna, title: Half of us is gone, severity: critical } }
  - { at: "03:30", contact: { with: north, tier: tier 1, direction: out, text: "opened a ticket", ticket: "4711", waiting: true } }
  - { at: "03:40", customerReport: { count: 7, text: web sites cannot be reached } }
  - { at: "03:41", statusUpdate: { by: anna, audience: customers, text: we are on it, next: "04:15" } }
  - { at: "03:50", owed: { with: north, what: RFO, due: 2026-06-20T12:00:00-04:00 } }
  - { at: "03:51", note: { by: anna, text: all is well inside } }
  - { at: "03:52", progress: { by: anna, done: 1, total: 2, what: prefixes } }
  - { at: "03:53", decision: { by: anna, text: we wait for them } }
  - { at: "03:54", did: { by: anna, text: turned the port off and on } }
  - { at: "03:55", trigger: { by: anna, text: a change at Northline } }
  - { at: "03:56", contributing: { by: anna, text: nobody was told of it } }
  - { at: "04:05", rootCause: { by: anna, text: a wrong announcement } }
  - { at: "04:12", resolution: { by: anna, text: the announcement was withdrawn } }
  - { at: "04:13", action: { by: anna, text: watch announcements, owner: ben, due: 2026-07-01T00:00:00-04:00 } }
  - { at: "04:14", status: { by: anna, status: resolved } }`,
      ),
    );
    expect(refused).toEqual([]);
    expect(told('acknowledged')).toMatchObject([
      { at: at('03:24'), actor: 'anna', payload: { comment: 'driving in', until: at('05:24') } },
    ]);
    expect(told('change')).toMatchObject([{ at: Date.parse('2026-06-14T10:00:00-04:00'), actor: 'ben', subject: { id: 'north' } }]);
    const logged = told('logged').map((it) => (it as Extract<NightEvent, { kind: 'logged' }>).payload.entry.type);
    expect(logged).toEqual([
      'contact',
      'customer-report',
      'status-update',
      'owed',
      'note',
      'progress',
      'decision',
      'action',
      'trigger',
      'contributing',
      'root-cause',
      'resolution',
      'follow-up',
    ]);
    const [incident] = incidents;
    expect(incidents).toHaveLength(1);
    expect(incident).toMatchObject({
      title: 'Half of us is gone',
      severity: 'critical',
      lead: 'anna',
      status: 'resolved',
      customers: 7,
      resolvedAt: at('04:14'),
      identifiedAt: at('04:05'),
    });
    expect(incident?.alerts).toEqual(store.alerts(0, at('05:00')).map((it) => it.id));
    expect(draftsOf({ ...played, told, incidents, refused, store } as unknown as Played).map((it) => it.kind)).toContain('post-mortem');
  });
  it('plans, moves, extends, finishes and calls off work', async () => {
    const { told, refused } = await play(
      night(
        '  - { at: "03:30", break: { host: web1 } }\n  - { at: "04:20", restore: { host: web1 } }',
        `
  - { at: "03:01", maintenance: { name: kernel, from: "03:10", to: "03:40", affects: [web1], by: ben, reason: new kernel } }
  - { at: "03:02", postpone: { maintenance: kernel, from: "03:20", to: "04:00", by: ben } }
  - { at: "03:50", postpone: { maintenance: kernel, to: "04:30", by: ben, reason: it takes longer } }
  - { at: "04:25", finish: { maintenance: kernel, by: ben } }
  - { at: "04:26", maintenance: { name: patch, from: "04:40", to: "04:50", affects: [web] } }
  - { at: "04:27", postpone: { maintenance: patch } }
  - { at: "04:28", cancel: { maintenance: patch } }`,
      ),
    );
    expect(refused).toEqual([]);
    expect(told('maintenance-planned')).toHaveLength(2);
    expect(told('maintenance-started')).toMatchObject([{ payload: { name: 'kernel' } }]);
    expect(told('maintenance-ended')).toMatchObject([{ at: at('04:25'), payload: { name: 'kernel', how: 'finished' } }]);
    // Covered by the work: nobody is woken.
    expect(told('alert-raised')).toEqual([]);
  });
  it('that cannot be done is told, and the night goes on', async () => {
    const { refused, now } = await play(night('  []', '[{ at: "03:10", acknowledge: { by: anna, comment: nothing there } }]'));
    expect(refused).toEqual([{ at: at('03:10'), kind: 'acknowledge', text: 'No alert is open that could be taken on.' }]);
    expect(now).toBe(at('05:00'));
  });
  it('takes alerts on that come after the incident was opened', async () => {
    const { incidents } = await play(
      night(
        '  - { at: "03:10", break: { service: web, mode: refuse } }\n  - { at: "03:40", break: { link: sky } }',
        '[{ at: "03:20", incident: { by: anna } }]',
      ),
    );
    expect(incidents.map((it) => it.alerts.length)).toEqual([2]);
  });
  it('is not needed for something to write about', async () => {
    const { incidents } = await play(night(misrouted));
    expect(incidents.map((it) => [it.openedBy, it.alerts.length])).toEqual([['on-call', 1]]);
  });
});

describe('the desk itself', () => {
  it('without a connection says so, and calls nothing else down', async () => {
    const { told } = await play(
      night('  - { at: "03:30", break: { desk: true, mode: offline } }\n  - { at: "04:00", restore: { desk: true } }'),
    );
    expect(told('desk-cut-off', 'desk-connected').map((it) => it.kind)).toEqual(['desk-cut-off', 'desk-connected']);
    expect(told('alert-raised').map((it) => it.subject?.kind)).toEqual(['desk']);
  });
  it('asleep leaves a gap and wakes up to what is', async () => {
    const { told } = await play(
      night(
        '  - { at: "03:30", break: { desk: true, mode: asleep } }\n  - { at: "03:40", break: { host: web1 } }\n  - { at: "04:00", restore: { desk: true } }',
      ),
    );
    expect(payloads(told('gap'))).toEqual([expect.objectContaining({ cause: 'asleep-or-frozen', to: at('04:00') })]);
    const [raised] = told('alert-raised');
    expect(raised?.subject?.id).toBe('web1');
    expect((raised?.at ?? 0) - at('04:00')).toBeLessThan(MINUTE);
  });
  it('that nods off again and again leaves a gap each time', async () => {
    const { told } = await play(
      night(
        '  - { at: "03:30", break: { desk: true, mode: asleep, flap: { period: 10m, down: 0.5 } } }\n  - { at: "04:00", restore: { desk: true } }',
      ),
    );
    expect(told('gap')).toHaveLength(3);
  });
});
