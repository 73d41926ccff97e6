import { expect, it } from 'vitest';
import { headline, headlineLine } from '../../shared/headline.ts';
import type { Cover } from '../../shared/health/cover.ts';
import type { CheckState } from '../../shared/health/step.ts';
import { emptyTables, type LiveTables, type WindowLive } from '../../shared/live.ts';
import type { Alert } from '../../shared/model/alert.ts';
import { DAY, HOUR, MINUTE } from '../../shared/time.ts';
import { mailStack } from '../support/mail-legs.ts';
import { alertOf, check, hard, okState, stale, thing, verdict } from '../support/story.ts';

const now = 1_000 * DAY;
const web1 = thing('host', 'web1');
const stack = mailStack();
const other = mailStack('mail-other', 'example.org', ['receiving']);
const plans = [check(web1, 'http'), ...stack.plans, ...other.plans];
const down = hard(verdict('down', 'refused', 'connection refused'), now - 14 * MINUTE);
const [, sending, , reading] = stack.legs as [typeof web1, typeof web1, typeof web1, typeof web1];
const checksOf = (leg: { id: string }): string[] => stack.plans.filter((plan) => plan.subject.id === leg.id).map((plan) => plan.id);

interface Scene {
  /** By the beginning of a check's id. */
  states?: Record<string, CheckState>;
  covers?: Record<string, Cover>;
  alerts?: Alert[];
  windows?: WindowLive[];
}
const tablesOf = ({ states = {}, covers = {}, alerts = [], windows = [] }: Scene): LiveTables => {
  const byId = <T extends { id: string }>(all: T[]): Record<string, T> => Object.fromEntries(all.map((it) => [it.id, it]));
  const of = <T>(all: Record<string, T>, id: string): T | undefined => Object.entries(all).find(([begin]) => id.startsWith(begin))?.[1];
  const desk = {
    id: 'desk' as const,
    organization: { name: 'Example', timezone: 'America/Los_Angeles' },
    version: '1',
    startedAt: 0,
    inventory: { file: 'f', loadedAt: 0, problems: [], starter: false },
    lastCompleteCycleAt: now,
    beatAt: now,
    troubles: [],
    lastTroubleAt: null,
    cutOffSince: null,
    onCall: [],
    routes: [],
  };
  return {
    ...emptyTables(),
    desk: { desk },
    subjects: byId([web1, ...stack.subjects, ...other.subjects]),
    plans: byId(plans),
    checks: byId(plans.map(({ id }) => ({ id, state: of(states, id) ?? okState, cover: of(covers, id) ?? null, value: null, spark: [] }))),
    alerts: byId(alerts),
    windows: byId(windows),
  };
};
const say = (scene: Scene): string => {
  const h = headline(tablesOf(scene), now);
  return `${h.title} | ${headlineLine(h, now)}`;
};
const firstAt = now - 14 * MINUTE;
const readingAlert = alertOf(reading, { title: 'Mail of example.net cannot be read', checks: checksOf(reading), firstAt });
const unread: Record<string, CheckState> = { [`${reading.id}/`]: down };

it.each<[name: string, scene: Scene, line: string]>([
  [
    'a leg: the others by name, other mail too',
    { states: unread, alerts: [readingAlert] },
    'Mail of example.net cannot be read | 14 min · nobody has it yet · receiving, sending, delivery and webmail work; servers and other mail are fine',
  ],
  [
    'what is left of the leg',
    {
      states: { [`${reading.id}/imap`]: down },
      alerts: [{ ...readingAlert, title: 'IMAP of example.net fails', checks: checksOf(reading).slice(0, 2) }],
    },
    'IMAP of example.net fails | 14 min · nobody has it yet · POP3 and POP3S work; receiving, sending, delivery and webmail work; servers and other mail are fine',
  ],
  [
    'what is not known is not called fine, nor what is worked on',
    {
      states: { ...unread, 'mail-example.delivery/roundtrip': stale(okState, now), 'mail-example.webmail/': down },
      covers: { 'mail-example.webmail/': { kind: 'maintenance', by: 'w', name: 'New webmail', always: true } },
      alerts: [readingAlert],
    },
    'Mail of example.net cannot be read | 14 min · nobody has it yet · receiving and sending work; planned work runs on webmail; delivery is not known; servers and other mail are fine',
  ],
  [
    'another leg that has an alert of its own',
    {
      states: { ...unread, 'mail-example.webmail/': down },
      alerts: [readingAlert, alertOf(stack.legs[4] ?? web1, { firstAt: now, checks: ['mail-example.webmail/webmail'] })],
    },
    'Mail of example.net cannot be read | 14 min · nobody has it yet · receiving, sending and delivery work, webmail does not; servers and other mail are fine · and 1 more problem',
  ],
  [
    'several legs in one alert, and the round trip behind them',
    {
      states: {
        ...unread,
        [`${sending.id}/submission`]: down,
        'mail-example.delivery/roundtrip': hard(verdict('unknown', 'cannot-send', 'no message could be sent')),
      },
      covers: { 'mail-example.delivery/roundtrip': { kind: 'unreachable', by: sending.id, name: sending.name, always: false } },
      alerts: [
        alertOf(stack.entry, {
          title: 'example.net: mail can neither be read nor sent',
          checks: [...checksOf(reading), `${sending.id}/submission`, `${sending.id}/submissions`],
          consequences: ['mail-example.delivery/roundtrip'],
          firstAt,
        }),
      ],
    },
    'example.net: mail can neither be read nor sent | 14 min · nobody has it yet · receiving and webmail work; delivery is not known; servers and other mail are fine',
  ],
  [
    'a server with legs behind it',
    {
      states: { 'web1/': down, ...unread },
      covers: { [`${reading.id}/`]: { kind: 'unreachable', by: 'web1', name: 'web1', always: false } },
      alerts: [alertOf(web1, { checks: ['web1/http'], consequences: checksOf(reading), firstAt })],
    },
    'web1 is down | 1 thing behind it cannot be reached · 14 min · nobody has it yet',
  ],
  [
    'between a failure and its alert',
    { states: { [`${reading.id}/imaps`]: down } },
    'IMAPS of example.net: connection refused | 14 min · servers are fine',
  ],
  [
    'planned work on the entry that is late',
    {
      states: unread,
      windows: [
        {
          id: 'w1',
          name: 'Mail upgrade',
          kind: 'fixed',
          from: now - 2 * HOUR,
          to: now - HOUR,
          durationMs: null,
          schedule: null,
          affects: ['mail-example'],
          spares: [],
          reason: '',
          source: 'desk',
          by: 'Kim',
          createdAt: 0,
          startedAt: null,
          endedAt: null,
          cancelledAt: null,
          skipped: [],
          running: null,
          next: null,
          overrunSince: now - HOUR,
          overran: true,
        },
      ],
    },
    'Planned work “Mail upgrade” should be over since 16:00 PDT, and example.net is not back | 1 h · servers are fine',
  ],
])('%s', (_name, scene, line) => {
  expect(say(scene)).toBe(line);
});
