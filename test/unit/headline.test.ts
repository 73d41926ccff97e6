import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headline, headlineLine, silentAfterMs } from '../../shared/headline.ts';
import { age, type CheckState, pendingState, standingOf, step } from '../../shared/health/step.ts';
import { type DeskTrouble, emptyTables, type LiveTables } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { levels } from '../../shared/model/words.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { alertOf, check, hard, okState, stale, thing, verdict } from '../support/story.ts';

const now = 1_000 * DAY;
const web1 = thing('host', 'web1');
const web2 = thing('host', 'web2');
const cox = thing('link', 'cox', { name: 'Cox' });
const mail = thing('mail', 'mail', { name: 'example.net' });
const ping = check(web1, 'icmp');
const http = check(web1, 'http');
const http2 = check(web2, 'http');
const gateway = check(cox, 'icmp', 'gateway');
const smtp = check(mail, 'tcp', 'smtp');
const down = hard(verdict('down', 'refused', 'connection refused'), now - 14 * MINUTE);

interface Scene {
  checks?: [PlannedCheck, CheckState | null][];
  alerts?: Alert[];
  troubles?: DeskTrouble[];
  beatAt?: number;
  lastTroubleAt?: number | null;
}
const healthy: [PlannedCheck, CheckState][] = [
  [ping, okState],
  [http, okState],
  [http2, okState],
  [gateway, okState],
  [smtp, okState],
];
/** The healthy checks with some of them otherwise. */
const but = (...other: [PlannedCheck, CheckState | null][]): [PlannedCheck, CheckState | null][] =>
  healthy.map(([plan, state]) => other.find(([it]) => it === plan) ?? [plan, state]);

function scene({ checks = healthy, alerts = [], troubles = [], beatAt = now - 2_000, lastTroubleAt = null }: Scene): LiveTables {
  const byId = <T extends { id: string }>(all: T[]): Record<string, T> => Object.fromEntries(all.map((it) => [it.id, it]));
  const desk = {
    id: 'desk' as const,
    organization: { name: 'Example', timezone: 'UTC' },
    version: '1',
    startedAt: 0,
    inventory: { file: 'f', loadedAt: 0, problems: [], starter: false },
    lastCompleteCycleAt: now,
    beatAt,
    troubles,
    lastTroubleAt,
  };
  return {
    ...emptyTables(),
    desk: { desk },
    subjects: byId<Subject>([web1, web2, cox, mail]),
    plans: byId(checks.map(([plan]) => plan)),
    checks: byId(checks.flatMap(([{ id }, state]) => (state ? [{ id, state, value: null, spark: [] }] : []))),
    alerts: byId(alerts),
  };
}
const say = (part: Scene): string => {
  const h = headline(scene(part), now);
  return `${h.standing} | ${h.title} | ${headlineLine(h, now)}`;
};
const webAlert = (more: Partial<Alert> = {}): Alert =>
  alertOf(web1, { title: 'HTTP on web1 fails', checks: [http.id], firstAt: now - 14 * MINUTE, ...more });
const taken = { by: 'Kim', comment: 'on it', at: now - MINUTE };

describe('headline', () => {
  const table: [string, Scene, string][] = [
    ['quiet', { lastTroubleAt: now - 2 * DAY - 4 * HOUR }, 'ok | All quiet. 5 checks fine. Last trouble 2 d 4 h ago | '],
    ['quiet, never any trouble', {}, 'ok | All quiet. 5 checks fine | '],
    [
      'quiet with a retry',
      { checks: but([http, step(okState, verdict('down'), now, 3).state]) },
      'ok | All quiet. 4 checks fine | 1 check is being retried',
    ],
    ['nothing to watch', { checks: [] }, 'pending | Nothing is watched yet | '],
    ['first results', { checks: but([http, pendingState(0)], [smtp, null]) }, 'pending | Waiting for the first results (3 of 5) | '],
    [
      'one without data',
      { checks: but([http, stale({ ...okState, at: now - MINUTE }, now)]) },
      'stale | No fresh data from HTTP on web1 | 1 min · links and mail are fine',
    ],
    [
      'several without data',
      {
        checks: but(
          [http, stale({ ...okState, at: now - 5 * MINUTE }, now - MINUTE)],
          [gateway, stale({ ...okState, at: now - 9 * MINUTE }, now)],
        ),
      },
      'stale | No fresh data from 2 checks | 9 min · mail is fine',
    ],
    [
      'an alert',
      { checks: but([http, down]), alerts: [webAlert()] },
      'down | HTTP on web1 fails | 14 min · Ping answers, other servers, links and mail are fine · nobody has it yet',
    ],
    [
      'an alert that somebody has',
      { checks: but([http, down]), alerts: [webAlert({ acknowledgement: taken })] },
      'down | HTTP on web1 fails | 14 min · Ping answers, other servers, links and mail are fine · Kim has it',
    ],
    [
      'the longest of the worst, the others counted, what is stale not named',
      {
        checks: but([http, down], [gateway, stale(okState, now)], [http2, down]),
        alerts: [
          webAlert({ firstAt: now - MINUTE }),
          alertOf(web2, { firstAt: now - HOUR }),
          alertOf(cox, { severity: 'degraded', title: 'Cox is slow', firstAt: now - DAY }),
        ],
      },
      'down | web2 is down | 1 h · mail is fine · nobody has it yet · and 2 more problems',
    ],
    [
      'not taken before taken, whatever is worse',
      {
        checks: but([http, down]),
        alerts: [webAlert({ acknowledgement: taken }), alertOf(cox, { severity: 'degraded', title: 'Cox is slow', firstAt: now - MINUTE })],
      },
      'degraded | Cox is slow | 1 min · gateway answers, mail is fine · nobody has it yet · and 1 more problem',
    ],
    ['alerts that are over do not count', { alerts: [webAlert({ endedAt: now - MINUTE })] }, 'ok | All quiet. 5 checks fine | '],
    [
      'a problem that has no alert (yet) is not quiet',
      { checks: but([http, down]) },
      'down | HTTP on web1: connection refused | 14 min · links and mail are fine',
    ],
    [
      'trouble of the desk itself',
      { troubles: [{ code: 'store-full', text: 'The disk is full. History is not written. Free some space.', since: now - HOUR }] },
      'degraded | The disk is full | 1 h · servers, links and mail are fine',
    ],
    [
      'alerts come before it',
      { checks: but([http, down]), alerts: [webAlert()], troubles: [{ code: 'store-full', text: 'The disk is full.', since: 0 }] },
      'down | HTTP on web1 fails | 14 min · Ping answers, other servers, links and mail are fine · nobody has it yet',
    ],
    [
      'a silent engine comes before all',
      { beatAt: now - 40_000, checks: but([http, down]), alerts: [webAlert()] },
      'stale | No news from the watching process for 40 s | 1 alert open when it was last heard',
    ],
    ['a beat of 15 s is news enough', { beatAt: now - silentAfterMs }, 'ok | All quiet. 5 checks fine | '],
  ];
  it.each(table)('%s', (_what, part, expected) => expect(say(part)).toBe(expected));
  it('waits for an engine that has not spoken yet', () => {
    expect(headline(emptyTables(), now)).toMatchObject({ standing: 'pending', title: 'Waiting for the watching process', about: 'engine' });
  });

  it('is quiet or calls a thing fine only when each of its checks is fresh and ok', () => {
    const move = fc.record({
      which: fc.nat(4),
      level: fc.constantFrom(...levels, 'silence' as const),
      wait: fc.integer({ min: 1_000, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const states = healthy.map(() => pendingState(0));
        let at = 0;
        for (const { which, level, wait } of moves) {
          at += wait;
          const state = states[which] as CheckState;
          if (level !== 'silence') states[which] = step(state, verdict(level), at, 2).state;
          states.forEach((it, index) => {
            states[index] = age(it, at, 0, 65_000).state;
          });
        }
        const checks = healthy.map(([plan], index): [PlannedCheck, CheckState] => [plan, states[index] as CheckState]);
        const tables = scene({ checks, beatAt: at });
        const h = headline(tables, at);
        const okay = (kinds: string[]): boolean =>
          checks.every(([plan, state]) => !kinds.includes(plan.subject.kind) || (standingOf(state) === 'ok' && state.soft === null));
        expect(h.title.startsWith('All quiet')).toBe(checks.every(([, state]) => standingOf(state) === 'ok'));
        const works = h.works ?? '';
        if (/\bservers\b/.test(works)) expect(okay(['host'])).toBe(true);
        if (/\blinks\b/.test(works)) expect(okay(['link'])).toBe(true);
        if (/\bmail\b/.test(works)) expect(okay(['mail'])).toBe(true);
        expect(h.title).not.toBe('');
      }),
    );
  });
});
