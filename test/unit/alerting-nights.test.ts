/** Whatever happens in a night: alerts and what is told of them agree, and none is lost. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acknowledge, release } from '../../shared/alerting/acknowledge.ts';
import { isRemote } from '../../shared/health/reach.ts';
import type { CheckState } from '../../shared/health/step.ts';
import { pendingState } from '../../shared/health/step.ts';
import type { EventDraft } from '../../shared/model/event.ts';
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
} from '../support/night-desk.ts';
import { check, stale, thing } from '../support/story.ts';

const remote = ['cox/gateway', 'web1/icmp', 'web1/http', 'db1/icmp', 'db1/http', 'far1/icmp', 'far1/http', 'home1/http'];
const checks = [...remote, 'web1/ssh'];
const anchors = ['desk/gateway', 'desk/resolver', 'desk/far-host'];

const states: ((now: number) => CheckState)[] = [
  () => fine,
  () => fine,
  (now) => bad(refused, now),
  (now) => bad(silent, now),
  (now) => bad(slow, now),
  (now) => bad(unclear, now),
  (now) => fromTheStart(refused, now - 500_000),
  (now) => stale(bad(refused, now - 100_000), now),
  (now) => stale(fine, now),
  (now) => flapping(fine, now),
  (now) => flapping(bad(refused, now), now),
  (now) => pendingState(now),
];
const covers = [null, null, behind('cox'), behind('web1'), behind('db1', 'cox'), behind('nowhere'), work(), routine(), held];

const move = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('state' as const), check: fc.constantFrom(...checks), state: fc.constantFrom(...states) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('cover' as const), check: fc.constantFrom(...checks), cover: fc.constantFrom(...covers) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ack' as const),
      which: fc.nat(9),
      sticky: fc.boolean(),
      forMs: fc.constantFrom(null, 1, 90_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('silence' as const), subject: fc.constantFrom('web1', 'sd', 'cox'), forMs: fc.nat(200_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), check: fc.constantFrom(...checks) }) },
);
const night = fc.array(
  fc.record({ moves: fc.array(move, { minLength: 1, maxLength: 4 }), afterMs: fc.constantFrom(100, 5_000, 40_000, 70_000, 400_000) }),
  {
    minLength: 5,
    maxLength: 40,
    size: 'max',
  },
);

/** What somebody believes who has only read the timeline. */
interface Believed {
  checks: Set<string>;
  severity: string;
  title: string;
  taken: boolean;
}
function read(open: Map<string, Believed>, ended: Set<string>, event: EventDraft): void {
  switch (event.kind) {
    case 'alert-raised': {
      const { alert, title, severity, checks: members } = event.payload;
      expect(open.has(alert) || ended.has(alert)).toBe(false);
      open.set(alert, { checks: new Set(members), severity, title, taken: false });
      return;
    }
    case 'alert-updated': {
      const believed = open.get(event.payload.alert) as Believed;
      for (const id of event.payload.joined) {
        expect(believed.checks.has(id)).toBe(false);
        believed.checks.add(id);
      }
      for (const id of event.payload.left) expect(believed.checks.delete(id)).toBe(true);
      believed.severity = event.payload.severity;
      return;
    }
    case 'alert-merged':
    case 'alert-recovered':
    case 'alert-closed':
      // Once, and only what is open; what goes on elsewhere goes on in something open.
      expect(open.delete(event.payload.alert)).toBe(true);
      ended.add(event.payload.alert);
      if (event.kind === 'alert-merged') expect(open.has(event.payload.into)).toBe(true);
      return;
    case 'acknowledged':
    case 'acknowledgement-cleared':
    case 'released': {
      const believed = open.get(event.payload.alert) as Believed;
      expect(believed.taken).toBe(event.kind !== 'acknowledged' || event.payload.from !== null);
      believed.taken = event.kind === 'acknowledged';
    }
  }
}

const isProblem = (state: CheckState): boolean => (state.hard !== 'ok' && state.hard !== 'pending') || state.flapping !== null;

it('keeps every alert, and every check in at most one, whatever happens', () => {
  fc.assert(
    fc.property(night, (steps) => {
      const d: NightDesk = nightDesk();
      const now = new Map<string, { state: CheckState; cover: (typeof covers)[number] }>();
      const watched = new Set(checks);
      const open = new Map<string, Believed>();
      const ended = new Set<string>();
      let readTo = 0;
      let at = 1_000_000;
      const coverAll = (): void => {
        for (const id of remote) if (watched.has(id)) d.why({ [id]: d.cutOff ? offline : (now.get(id)?.cover ?? null) });
      };
      for (const { moves, afterMs } of steps) {
        at += afterMs;
        for (const it of moves) {
          const have = 'check' in it ? (now.get(it.check) ?? { state: fine, cover: null }) : null;
          if ('check' in it && !watched.has(it.check)) continue;
          if (it.do === 'state' && have) {
            have.state = it.state(at);
            now.set(it.check, have);
            d.set({ [it.check]: have.state });
          } else if (it.do === 'cover' && have) {
            have.cover = it.cover;
            now.set(it.check, have);
            d.why({ [it.check]: it.cover });
          } else if (it.do === 'drop') {
            watched.delete(it.check);
            d.drop(it.check);
          } else if (it.do === 'cut') {
            d.cutOff = d.cutOff ? null : { since: at, anchors };
            d.set(Object.fromEntries(anchors.map((id) => [id, d.cutOff ? bad(silent, at) : fine])));
          } else if (it.do === 'ack' || it.do === 'release') {
            const alert = [...d.open.values()][it.which];
            if (!alert) continue;
            const done =
              it.do === 'ack'
                ? acknowledge(
                    d.open,
                    [alert.id],
                    { by: 'Kim', comment: 'x', sticky: it.sticky, until: it.forMs === null ? null : at + it.forMs },
                    at,
                  )
                : release(d.open, [alert.id], { by: 'Kim', comment: 'x' }, at);
            if (!done.ok) continue;
            for (const changed of done.value.alerts) d.open.set(changed.id, changed);
            // Said again of one's own it is not taken from anybody.
            d.events.push(...(alert.acknowledgement && it.do === 'ack' ? [] : done.value.events));
          } else if (it.do === 'silence') {
            d.silences = [
              ...d.silences,
              { id: `s${at}`, by: 'Kim', reason: 'x', subjects: [it.subject], at, until: at + it.forMs, endedAt: null },
            ];
          }
        }
        coverAll();
        d.at(at);

        for (const event of d.events.slice(readTo)) read(open, ended, event);
        readTo = d.events.length;
        // Alerts and events agree.
        expect([...open.keys()].sort()).toEqual([...d.open.keys()].sort());
        expect([...ended].sort()).toEqual(d.ended.map((it) => it.id).sort());
        const seen = new Set<string>();
        for (const alert of d.open.values()) {
          const believed = open.get(alert.id) as Believed;
          expect([...believed.checks].sort()).toEqual(alert.checks);
          expect(believed).toMatchObject({ severity: alert.severity, taken: alert.acknowledgement !== null });
          for (const id of [...alert.checks, ...alert.consequences]) {
            expect(seen.has(id)).toBe(false);
            seen.add(id);
            if (!id.startsWith('desk/')) expect(watched.has(id)).toBe(true);
          }
          expect(alert.title.length).toBeLessThanOrEqual(100);
          expect(alert.firstAt).toBeLessThanOrEqual(alert.raisedAt);
          expect(alert.openSince).toBeLessThanOrEqual(at);
          if (alert.acknowledgement?.until) expect(alert.acknowledgement.until).toBeGreaterThan(at);
          expect(alert.endedAt).toBeNull();
          // Never without a problem of its own, held ones excepted.
          expect(alert.checks.length).toBeGreaterThan(0);
          for (const id of alert.checks) {
            if (id.startsWith('desk/')) continue;
            const { state, cover } = now.get(id) ?? { state: fine, cover: null };
            const isFrozen = d.cutOff !== null && id !== 'web1/ssh';
            const newsless = state.staleSince !== null || state.hard === 'pending';
            expect(isProblem(state) || newsless || isFrozen).toBe(true);
            if (!isFrozen && isProblem(state))
              expect(cover === null || cover === held || ('cover' in cover && ['unreachable', 'routine'].includes(cover.cover.kind))).toBe(
                true,
              );
          }
        }
        // Nothing that wants a human is left out.
        for (const [id, { state, cover }] of now) {
          const isFrozen = d.cutOff !== null && id !== 'web1/ssh';
          if (!watched.has(id) || isFrozen || cover !== null || state.staleSince !== null || !isProblem(state)) continue;
          expect([...d.open.values()].filter((it) => it.checks.includes(id))).toHaveLength(1);
        }
        expect([...d.open.values()].filter((it) => it.subject.kind === 'desk')).toHaveLength(d.cutOff ? 1 : 0);
        // Told once is enough.
        const before = [...d.open.values()];
        d.at(at);
        expect(d.events.length).toBe(readTo);
        expect([...d.open.values()]).toEqual(before);
      }
      // In the morning all is well again: nothing may stay open.
      d.cutOff = null;
      d.set(Object.fromEntries([...watched, ...anchors].map((id) => [id, fine]))).why(
        Object.fromEntries([...watched].map((id) => [id, null])),
      );
      d.at(at + 1_000);
      expect(d.board()).toEqual([]);
      expect(new Set(d.ended.map((it) => it.id)).size).toBe(d.ended.length);
    }),
    { numRuns: 80 },
  );
});

it('knows which checks of these nights need the connection', () => {
  const ssh = check(thing('host', 'web1'), 'tcp', 'ssh', { config: { address: '127.0.0.1' } });
  expect([isRemote(ssh), isRemote(check(thing('host', 'web1'), 'icmp'))]).toEqual([false, true]);
});
