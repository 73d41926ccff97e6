import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../shared/diagnosis/types.ts';
import { headline, headlineLine, silentAfterMs } from '../../shared/headline.ts';
import type { Cover } from '../../shared/health/cover.ts';
import { age, type CheckState, pendingState, standingOf, step } from '../../shared/health/step.ts';
import { type DeskTrouble, emptyTables, type LiveTables, type WindowLive } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { levels } from '../../shared/model/words.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { incidentOf } from '../support/report-cases.ts';
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

const rules = (maxAttempts: number) => ({ maxAttempts, flapping: { start: 101, stop: 0 } });

interface Scene {
  checks?: [PlannedCheck, CheckState | null][];
  /** By check id. */
  covers?: Record<string, Cover>;
  windows?: WindowLive[];
  cutOffSince?: number | null;
  alerts?: Alert[];
  incidents?: Incident[];
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

function scene({
  checks = healthy,
  covers = {},
  windows = [],
  cutOffSince = null,
  alerts = [],
  incidents = [],
  troubles = [],
  beatAt = now - 2_000,
  lastTroubleAt = null,
}: Scene): LiveTables {
  const byId = <T extends { id: string }>(all: T[]): Record<string, T> => Object.fromEntries(all.map((it) => [it.id, it]));
  const desk = {
    id: 'desk' as const,
    organization: { name: 'Example', timezone: 'America/Los_Angeles' },
    version: '1',
    startedAt: 0,
    inventory: { file: 'f', loadedAt: 0, problems: [], starter: false },
    lastCompleteCycleAt: now,
    beatAt,
    troubles,
    lastTroubleAt,
    cutOffSince,
    onCall: [],
    routes: [],
  };
  return {
    ...emptyTables(),
    desk: { desk },
    subjects: byId<Subject>([web1, web2, cox, mail]),
    plans: byId(checks.map(([plan]) => plan)),
    checks: byId(checks.flatMap(([{ id }, state]) => (state ? [{ id, state, cover: covers[id] ?? null, value: null, spark: [] }] : []))),
    alerts: byId(alerts),
    incidents: byId(incidents),
    windows: byId(windows),
  };
}
const say = (part: Scene): string => {
  const h = headline(scene(part), now);
  return `${h.standing} | ${h.title} | ${headlineLine(h, now)}`;
};
const webAlert = (more: Partial<Alert> = {}): Alert =>
  alertOf(web1, { title: 'HTTP on web1 fails', checks: [http.id], firstAt: now - 14 * MINUTE, ...more });
const diagnosed = (
  confidence: Diagnosis['confidence'],
  more: { sentence?: string; isTitle?: true; works?: string | null } = {},
): Diagnosis => ({
  best: {
    kind: 'link-prefixes',
    culprits: ['cox'],
    prefixes: ['p1'],
    sentence: more.sentence ?? 'Cox at San Diego carries nothing for 3 of 5 prefixes',
    ...(more.isTitle && { isTitle: true as const }),
    share: 0.9,
    explains: [http.id],
    contradicts: [],
  },
  runnerUp: null,
  confidence,
  doubt: null,
  works: more.works === undefined ? 'its circuit is up; Level3 is fine' : more.works,
  unexplained: [],
  since: now - HOUR,
});
const ledBy = (lead: string | null, more: Partial<Incident> = {}): Incident =>
  incidentOf({ openedAt: now - MINUTE, alerts: [webAlert().id], status: 'investigating', lead, ...more });
const taken = { by: 'Kim', comment: 'on it', at: now - MINUTE, sticky: false, until: null };
const behindCox: Cover = { kind: 'unreachable', by: 'cox', name: 'Cox', always: false };
const atWork: Cover = { kind: 'maintenance', by: 'w1', name: 'Mail upgrade', always: true };
const rotation: Cover = { kind: 'routine', by: 'r1', name: 'weekly log rotation', always: false };
const offline: Cover = { kind: 'cut-off', by: 'desk', name: 'this desk', always: false };
const flapping: CheckState = { ...okState, flapping: { since: now - 5 * MINUTE, percent: 34 } };
const work = (more: Partial<WindowLive> = {}): WindowLive => ({
  id: 'w1',
  name: 'Mail upgrade',
  kind: 'fixed',
  from: now - HOUR,
  to: now + HOUR,
  durationMs: null,
  schedule: null,
  affects: ['mail'],
  spares: [],
  reason: '',
  source: 'desk',
  by: 'Kim',
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  cancelledAt: null,
  skipped: [],
  running: { window: 'w1', from: now - HOUR, to: now + HOUR },
  next: null,
  overrunSince: null,
  overran: false,
  ...more,
});
const coxAlert = (more: Partial<Alert> = {}): Alert =>
  alertOf(cox, { title: 'Cox at San Diego: gateway does not answer', checks: [gateway.id], firstAt: now - 14 * MINUTE, ...more });

describe('headline', () => {
  const table: [string, Scene, string][] = [
    ['quiet', { lastTroubleAt: now - 2 * DAY - 4 * HOUR }, 'ok | All quiet. 5 checks fine. Last trouble 2 d 4 h ago | '],
    ['quiet, never any trouble', {}, 'ok | All quiet. 5 checks fine | '],
    [
      'quiet with a retry',
      { checks: but([http, step(okState, verdict('down'), now, rules(3)).state]) },
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
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'an alert of an incident that somebody leads',
      { checks: but([http, down]), alerts: [webAlert()], incidents: [ledBy('Dana')] },
      'down | HTTP on web1 fails | 14 min · Dana leads the incident, not acknowledged yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'an alert of an incident that nobody leads',
      { checks: but([http, down]), alerts: [webAlert()], incidents: [ledBy(null)] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'an alert of an incident that is called resolved',
      { checks: but([http, down]), alerts: [webAlert()], incidents: [ledBy('Dana', { status: 'resolved' })] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'an incident about something else',
      { checks: but([http, down]), alerts: [webAlert()], incidents: [ledBy('Dana', { alerts: ['other'] })] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'an alert that somebody has, of an incident that another leads',
      { checks: but([http, down]), alerts: [webAlert({ acknowledgement: taken })], incidents: [ledBy('Dana')] },
      'down | HTTP on web1 fails | 14 min · Kim has it · Ping answers, other servers, links and mail are fine',
    ],
    [
      'an alert that somebody has',
      { checks: but([http, down]), alerts: [webAlert({ acknowledgement: taken })] },
      'down | HTTP on web1 fails | 14 min · Kim has it · Ping answers, other servers, links and mail are fine',
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
      'down | web2 is down | 1 h · nobody has it yet · mail is fine · and 2 more problems',
    ],
    [
      'the widest of the worst, though it is younger: a whole site comes before one server',
      {
        checks: but([http, down], [gateway, down]),
        alerts: [
          webAlert({ firstAt: now - HOUR }),
          alertOf(cox, {
            title: 'Cox is down',
            firstAt: now - MINUTE,
            checks: [gateway.id],
            consequences: Array.from({ length: 12 }, (_, index) => `far${index}/icmp`),
          }),
        ],
      },
      'down | Cox is down | 12 things behind it cannot be reached · 1 min · nobody has it yet · mail is fine · and 1 more problem',
    ],
    [
      'not taken before taken, whatever is worse',
      {
        checks: but([http, down]),
        alerts: [webAlert({ acknowledgement: taken }), alertOf(cox, { severity: 'degraded', title: 'Cox is slow', firstAt: now - MINUTE })],
      },
      'degraded | Cox is slow | 1 min · nobody has it yet · gateway answers, mail is fine · and 1 more problem',
    ],
    [
      'what is behind it, where that is sure: its sentence and what works, since the alert began',
      { checks: but([http, down]), alerts: [webAlert({ diagnosis: diagnosed('sure') })] },
      'down | Cox at San Diego carries nothing for 3 of 5 prefixes | 14 min · nobody has it yet · its circuit is up; Level3 is fine',
    ],
    [
      'what is likely behind it; what works is told as ever where the diagnosis does not know',
      { checks: but([http, down]), alerts: [webAlert({ acknowledgement: taken, diagnosis: diagnosed('likely', { works: null }) })] },
      'down | Cox at San Diego carries nothing for 3 of 5 prefixes | 14 min · Kim has it · Ping answers, other servers, links and mail are fine',
    ],
    [
      'a guess is no title, and what it says of the rest is not told',
      { checks: but([http, down]), alerts: [webAlert({ diagnosis: diagnosed('unsure') })] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · perhaps: Cox at San Diego carries nothing for 3 of 5 prefixes · Ping answers, other servers, links and mail are fine',
    ],
    [
      'a guess that says no more than the title is not told',
      { checks: but([http, down]), alerts: [webAlert({ diagnosis: diagnosed('unsure', { sentence: 'HTTP on web1 fails' }) })] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'a diagnosis that goes by the title of its alert goes by the new one, between two weighings',
      {
        checks: but([http, down]),
        alerts: [webAlert({ diagnosis: diagnosed('sure', { sentence: 'Ping on web1 fails', isTitle: true, works: null }) })],
      },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'one of several things of the alert, while others fail for another reason, says less than its title',
      {
        checks: but([http, down]),
        alerts: [
          webAlert({
            diagnosis: {
              ...diagnosed('likely', { works: null }),
              best: { ...diagnosed('likely').best, culprits: ['web1'] },
              unexplained: [http2.id],
            },
          }),
        ],
      },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'only what is behind the first of them is told',
      {
        checks: but([http, down], [http2, down]),
        alerts: [webAlert({ firstAt: now - MINUTE, diagnosis: diagnosed('sure') }), alertOf(web2, { firstAt: now - HOUR })],
      },
      'down | web2 is down | 1 h · nobody has it yet · links and mail are fine · and 1 more problem',
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
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'a silent engine comes before all',
      { beatAt: now - 40_000, checks: but([http, down]), alerts: [webAlert()] },
      'stale | No news from the watching process for 40 s | 1 alert open when it was last heard',
    ],
    [
      'what cannot be reached behind it comes first in the line, and is not called fine',
      {
        checks: but([gateway, down], [ping, down], [http, down], [http2, down]),
        covers: { [ping.id]: behindCox, [http.id]: behindCox, [http2.id]: behindCox },
        alerts: [coxAlert({ consequences: [ping.id, http.id, http2.id] })],
      },
      'down | Cox at San Diego: gateway does not answer | 2 things behind it cannot be reached · 14 min · nobody has it yet · mail is fine',
    ],
    [
      'a single thing behind it; its own checks are none',
      {
        checks: but([gateway, down], [http2, down]),
        covers: { [http2.id]: behindCox },
        alerts: [coxAlert({ consequences: [http2.id, gateway.id] })],
      },
      'down | Cox at San Diego: gateway does not answer | 1 thing behind it cannot be reached · 14 min · nobody has it yet · mail is fine',
    ],
    [
      'unreachable, and the alert of what failed is over: not quiet',
      { checks: but([http, down], [ping, down]), covers: { [http.id]: behindCox, [ping.id]: behindCox } },
      'unreachable | Cox is back; web1 behind it has not been looked at again yet | 14 min · links and mail are fine',
    ],
    [
      'several of them',
      { checks: but([http, down], [http2, down]), covers: { [http.id]: behindCox, [http2.id]: behindCox } },
      'unreachable | Cox is back; 2 things behind it have not been looked at again yet | 14 min · links and mail are fine',
    ],
    [
      'what they are behind is not known to be back',
      { checks: but([gateway, null], [http, down], [http2, down]), covers: { [http.id]: behindCox, [http2.id]: behindCox } },
      'unreachable | 2 things behind Cox cannot be reached | 14 min · mail is fine',
    ],
    ['behind a failed parent, and yet it answers: fine', { covers: { [http.id]: behindCox } }, 'ok | All quiet. 5 checks fine | '],
    [
      'an own problem comes before what is merely unreachable',
      { checks: but([http, down], [smtp, down]), covers: { [smtp.id]: behindCox } },
      'down | HTTP on web1: connection refused | 14 min · links are fine',
    ],
    [
      'planned work runs, all else is quiet',
      { covers: { [smtp.id]: atWork }, windows: [work()], lastTroubleAt: now - DAY },
      'ok | All quiet. 4 checks fine. Planned work runs on example.net until 18:00 PDT | ',
    ],
    [
      'what planned work covers is never the headline',
      { checks: but([smtp, down]), covers: { [smtp.id]: atWork }, windows: [work()] },
      'ok | All quiet. 4 checks fine. Planned work runs on example.net until 18:00 PDT | ',
    ],
    [
      'nor is its missing data',
      { checks: but([smtp, stale(okState, now)]), covers: { [smtp.id]: atWork }, windows: [work()] },
      'ok | All quiet. 4 checks fine. Planned work runs on example.net until 18:00 PDT | ',
    ],
    [
      'planned work without an end',
      { windows: [work({ kind: 'open-ended', running: { window: 'w1', from: 0, to: null } })] },
      'ok | All quiet. 5 checks fine. Planned work runs on example.net | ',
    ],
    [
      'planned work that ends on another day',
      { windows: [work({ running: { window: 'w1', from: 0, to: now + 9 * HOUR } })] },
      'ok | All quiet. 5 checks fine. Planned work runs on example.net until 27 September 02:00 PDT | ',
    ],
    [
      'two works at once, each thing once',
      {
        windows: [
          work({ affects: ['mail', 'web1'] }),
          work({ id: 'w2', affects: ['web1'], running: { window: 'w2', from: 0, to: now + 2 * HOUR } }),
        ],
      },
      'ok | All quiet. 5 checks fine. Planned work runs on example.net and web1, the last of it until 19:00 PDT | ',
    ],
    [
      'planned work that affects nothing by name',
      { windows: [work({ affects: [] })] },
      'ok | All quiet. 5 checks fine. Planned work runs: “Mail upgrade” until 18:00 PDT | ',
    ],
    ['planned work of another time is not told', { windows: [work({ running: null })] }, 'ok | All quiet. 5 checks fine | '],
    [
      'what is worked on is not called fine beside an alert',
      { checks: but([http, down]), alerts: [webAlert()], covers: { [smtp.id]: atWork }, windows: [work()] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers and links are fine',
    ],
    [
      'a routine that restarts something',
      { checks: but([http, down]), covers: { [http.id]: rotation } },
      'ok | All quiet. 4 checks fine. Weekly log rotation restarts web1 | ',
    ],
    [
      'work that should be over',
      { checks: but([smtp, down]), windows: [work({ running: null, overrunSince: now - 10 * MINUTE })] },
      'degraded | Planned work “Mail upgrade” should be over since 16:50 PDT, and example.net is not back | 10 min · servers and links are fine',
    ],
    [
      'work that nobody has finished, though all is back',
      { windows: [work({ kind: 'open-ended', overrunSince: now - 10 * MINUTE })] },
      'degraded | Planned work “Mail upgrade” should be over since 16:50 PDT | 10 min · servers, links and mail are fine',
    ],
    [
      'an alert comes before work that overruns',
      { checks: but([http, down]), alerts: [webAlert()], windows: [work({ running: null, overrunSince: now })] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'flapping is not quiet, even while it is ok',
      { checks: but([http, flapping]) },
      'degraded | HTTP on web1 comes and goes | 5 min · links and mail are fine',
    ],
    [
      'the desk is offline: grey, and nothing is called fine',
      { checks: but([http, down]), covers: Object.fromEntries(healthy.map(([plan]) => [plan.id, offline])), cutOffSince: now - 4 * MINUTE },
      'unknown | This desk is offline since 16:56 PDT: nothing is known of what lies beyond it | 4 min',
    ],
    [
      'the desk is offline: before every other alert, and it can be taken',
      {
        cutOffSince: now - 4 * MINUTE,
        alerts: [webAlert(), alertOf(thing('desk', 'desk'), { severity: 'unknown', title: 'This desk is offline' })],
      },
      'unknown | This desk is offline since 16:56 PDT: nothing is known of what lies beyond it | 4 min · nobody has it yet · and 1 more problem',
    ],
    [
      'offline since another day',
      { cutOffSince: now - DAY, alerts: [alertOf(thing('desk', 'desk'), { severity: 'unknown', acknowledgement: taken })] },
      'unknown | This desk is offline since 25 September 17:00 PDT: nothing is known of what lies beyond it | 1 d · Kim has it',
    ],
    [
      'a silent engine comes before an offline desk',
      { beatAt: now - 40_000, cutOffSince: now - HOUR },
      'stale | No news from the watching process for 40 s | ',
    ],
    [
      'silenced comes after taken',
      {
        checks: but([http, down], [gateway, down]),
        alerts: [webAlert({ silencedUntil: now + HOUR }), coxAlert({ severity: 'degraded', acknowledgement: taken })],
      },
      'degraded | Cox at San Diego: gateway does not answer | 14 min · Kim has it · mail is fine · and 1 more problem',
    ],
    [
      'silenced alone is still no quiet',
      { checks: but([http, down]), alerts: [webAlert({ silencedUntil: now + HOUR })] },
      'down | HTTP on web1 fails | 14 min · nobody has it yet · Ping answers, other servers, links and mail are fine',
    ],
    [
      'a retry behind a failed parent is not counted',
      { checks: but([http, step(okState, verdict('down'), now, rules(3)).state]), covers: { [http.id]: behindCox } },
      'ok | All quiet. 4 checks fine | ',
    ],
    ['a beat of 15 s is news enough', { beatAt: now - silentAfterMs }, 'ok | All quiet. 5 checks fine | '],
  ];
  it.each(table)('%s', (_what, part, expected) => expect(say(part)).toBe(expected));
  it('says which alert it is about', () => {
    expect(headline(scene({ alerts: [webAlert({ diagnosis: diagnosed('sure') })] }), now).alert).toBe(webAlert().id);
    expect(headline(scene({}), now).alert).toBe(null);
  });
  it('waits for an engine that has not spoken yet', () => {
    expect(headline(emptyTables(), now)).toMatchObject({ standing: 'pending', title: 'Waiting for the watching process', about: 'engine' });
  });

  it('is quiet or calls a thing fine only when each of its checks is fresh and ok', () => {
    const move = fc.record({
      which: fc.nat(4),
      level: fc.constantFrom(...levels, 'silence' as const),
      cover: fc.constantFrom(null, null, behindCox, atWork, rotation, offline),
      wait: fc.integer({ min: 1_000, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const states = healthy.map(() => pendingState(0));
        const covers: (Cover | null)[] = healthy.map(() => null);
        let at = 0;
        for (const { which, level, wait, cover } of moves) {
          at += wait;
          covers[which] = cover;
          const state = states[which] as CheckState;
          if (level !== 'silence') states[which] = step(state, verdict(level), at, rules(2)).state;
          states.forEach((it, index) => {
            states[index] = age(it, at, 0, 65_000).state;
          });
        }
        const checks = healthy.map(([plan], index): [PlannedCheck, CheckState] => [plan, states[index] as CheckState]);
        const covered = Object.fromEntries(healthy.flatMap(([plan], index) => (covers[index] ? [[plan.id, covers[index]]] : [])));
        const tables = scene({ checks, covers: covered, beatAt: at });
        const h = headline(tables, at);
        const standing = (plan: PlannedCheck, state: CheckState) => standingOf(state, covered[plan.id] ?? null);
        const okay = (kinds: string[]): boolean =>
          checks.every(([plan, state]) => !kinds.includes(plan.subject.kind) || (standing(plan, state) === 'ok' && state.soft === null));
        expect(h.title.startsWith('All quiet')).toBe(
          checks.every(([plan, state]) => ['ok', 'maintenance'].includes(standing(plan, state))),
        );
        const works = h.works ?? '';
        if (/\bservers\b/.test(works)) expect(okay(['host'])).toBe(true);
        if (/\blinks\b/.test(works)) expect(okay(['link'])).toBe(true);
        if (/\bmail\b/.test(works)) expect(okay(['mail'])).toBe(true);
        expect(h.title).not.toBe('');
      }),
    );
  });
});
