/** A small hosting provider and the alerts of its desk: say how checks stand, settle, and read what is open. */
import { type SettleInput, settle } from '../../shared/alerting/settle.ts';
import type { Cover } from '../../shared/health/cover.ts';
import { graphOf } from '../../shared/health/reach.ts';
import type { CheckState } from '../../shared/health/step.ts';
import type { Alert, Related } from '../../shared/model/alert.ts';
import type { EventDraft } from '../../shared/model/event.ts';
import type { Silence } from '../../shared/model/maintenance.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import type { Level } from '../../shared/model/words.ts';
import { check, hard, okState, thing, verdict } from './story.ts';

const at = (site: string | null) => ({ site });
export const desk = thing('desk', 'desk', { name: 'This desk' });
export const things: Subject[] = [
  desk,
  thing('site', 'sd', { name: 'San Diego' }),
  thing('site', 'la', { name: 'Los Angeles' }),
  thing('link', 'cox', { name: 'Cox', ...at('sd') }),
  thing('link', 'zayo', { name: 'Zayo', ...at('sd') }),
  ...[13, 14, 15].map((n) => thing('prefix', `range-${n}`, { name: `198.18.${n}.0/24`, ...at('sd') })),
  ...['web1', 'web2', 'web3', 'db1', 'db2'].map((id) => thing('host', id, at('sd'))),
  thing('host', 'far1', at('la')),
  thing('host', 'far2', at('la')),
  thing('host', 'home1'),
  thing('host', 'home2'),
  thing('service', 'shop', { name: 'web shop', ...at('sd') }),
  thing('mail', 'post', { name: 'example.net', ...at('sd') }),
];

const checksFor = (it: Subject): PlannedCheck[] => {
  if (it.kind === 'desk') return ['gateway', 'resolver', 'far-host'].map((name) => check(it, 'icmp', name));
  if (it.kind === 'site') return [];
  if (it.kind === 'link') return [check(it, 'icmp', 'gateway')];
  if (it.kind === 'prefix') return [1, 2].map((n) => check(it, 'icmp', `r${n}`, { target: `${it.id}.${n}` }));
  if (it.kind === 'service') return [check(it, 'http')];
  if (it.kind === 'mail') return [check(it, 'tcp', 'imap'), check(it, 'tcp', 'smtp')];
  return [
    check(it, 'icmp'),
    check(it, 'http'),
    ...(it.id === 'web1' ? [check(it, 'tcp', 'ssh', { config: { address: '127.0.0.1' } })] : []),
  ];
};

export const silent = verdict('down', 'no-reply', 'no answer to 5 pings');
export const refused = verdict('down', 'refused', 'connection refused');
export const wrong = verdict('down', 'wrong-status', 'answers 503, expected 200');
export const slow = verdict('degraded', 'slow', 'answers in 1.9 s');
export const unclear = verdict('unknown', 'permission', 'no permission to ping');

/** Hard since a moment; it was seen ok before. */
export const bad = (of = refused, since = 0): CheckState => ({ ...hard(of, since), history: `o${letter[of.state]}` });
const letter: Record<Level, string> = { ok: 'o', degraded: 'd', down: 'D', unknown: 'u' };
export const fine: CheckState = { ...okState, history: 'o' };
/** Never seen ok. */
export const fromTheStart = (of = refused, since = 0): CheckState => ({ ...bad(of, since), history: letter[of.state] });
export const flapping = (state: CheckState, since = 0): CheckState => ({ ...state, flapping: { since, percent: 30 } });

export const behind = (...roots: string[]) => ({
  cover: { kind: 'unreachable', by: roots[0] ?? '', name: roots[0] ?? '', always: false } as Cover,
  roots,
});
export const work = (name = 'Mail upgrade') => ({ cover: { kind: 'maintenance', by: 'w1', name, always: true } as Cover });
export const routine = (name = 'log rotation') => ({ cover: { kind: 'routine', by: 'r1', name, always: false } as Cover });
export const offline = { cover: { kind: 'cut-off', by: 'desk', name: 'This desk', always: true } as Cover };
export const held = { hold: true };

type Why = { cover?: Cover | null; roots?: readonly string[]; hold?: boolean };
export interface NightDesk {
  /** How checks stand from now on; a check that is not named stays. */
  set(states: Record<string, CheckState>): NightDesk;
  /** Why problems of checks do not count; by check id, null = they do. */
  why(covers: Record<string, Why | null>): NightDesk;
  /** Takes checks out of the inventory. */
  drop(...checks: string[]): NightDesk;
  now: number;
  cutOff: SettleInput['cutOff'];
  silences: Silence[];
  related: Related[];
  open: Map<string, Alert>;
  ended: Alert[];
  events: EventDraft[];
  /** Settles at a moment, puts what changed in force. */
  at(now: number): NightDesk;
  /** "web1 is down: web1/http web1/icmp", with what is behind it after a plus. */
  board(): string[];
  /** What was told since it was last asked: "alert-raised web1 is down". */
  told(): string[];
  alert(): Alert;
  decisions: ReturnType<typeof settle>['decisions'];
  relatedAsked: [readonly string[], number][];
}

export function nightDesk(subjects: Subject[] = things, checksOfSubject = checksFor): NightDesk {
  const plans = new Map(subjects.flatMap((it) => checksOfSubject(it).map((plan) => [plan.id, plan] as const)));
  const bySubject = Map.groupBy([...plans.values()], (plan) => plan.subject.id);
  const states = new Map<string, CheckState>();
  const covers = new Map<string, Why>();
  const names = new Map(subjects.map((it) => [it.id, it]));
  const graph = graphOf(subjects);
  let ids = 0;
  let heard = 0;
  const stateOf = (id: string): CheckState => states.get(id) ?? fine;
  const desk: NightDesk = {
    now: 0,
    cutOff: null,
    silences: [],
    related: [],
    open: new Map(),
    ended: [],
    events: [],
    decisions: [],
    relatedAsked: [],
    set(all) {
      for (const [id, state] of Object.entries(all)) {
        if (!plans.has(id)) throw new Error(`no check ${id}`);
        states.set(id, state);
      }
      return desk;
    },
    why(all) {
      for (const [id, why] of Object.entries(all)) {
        if (!plans.has(id)) throw new Error(`no check ${id}`);
        if (why) covers.set(id, why);
        else covers.delete(id);
      }
      return desk;
    },
    drop(...checks) {
      for (const id of checks) {
        const plan = plans.get(id) as PlannedCheck;
        plans.delete(id);
        bySubject.set(
          plan.subject.id,
          (bySubject.get(plan.subject.id) ?? []).filter((it) => it.id !== id),
        );
      }
      return desk;
    },
    at(now) {
      desk.now = now;
      const problems = [...plans.values()].flatMap((plan) => {
        const state = stateOf(plan.id);
        if ((state.hard === 'ok' || state.hard === 'pending') && !state.flapping) return [];
        const subject = names.get(plan.subject.id) as Subject;
        return [{ plan, subject, state, cover: null, roots: [subject.id], hold: false, ...covers.get(plan.id) }];
      });
      const done = settle({
        problems,
        open: [...desk.open.values()],
        silences: desk.silences,
        graph,
        siteName: (id) => names.get(id)?.name,
        checksOf: (id) =>
          (bySubject.get(id) ?? []).map((plan) => ({ plan, state: stateOf(plan.id), cover: covers.get(plan.id)?.cover ?? null })),
        isWatched: (id) => plans.has(id),
        cutOff: desk.cutOff,
        relatedTo: (asked, firstAt) => {
          desk.relatedAsked.push([asked, firstAt]);
          return desk.related;
        },
        now,
        newId: () => `N${++ids}`,
      });
      for (const alert of done.alerts) {
        if (alert.endedAt === null) desk.open.set(alert.id, alert);
        else {
          desk.open.delete(alert.id);
          desk.ended.push(alert);
        }
      }
      desk.events.push(...done.events);
      desk.decisions = done.decisions;
      return desk;
    },
    board: () =>
      [...desk.open.values()].map(
        (it) => `${it.title}: ${it.checks.join(' ')}${it.consequences.length > 0 ? ` + ${it.consequences.join(' ')}` : ''}`,
      ),
    told() {
      const fresh = desk.events.slice(heard);
      heard = desk.events.length;
      return fresh.map(
        (event) =>
          `${event.kind} ${'title' in event.payload ? event.payload.title : ''}${'why' in event.payload ? ` (${event.payload.why})` : ''}`,
      );
    },
    alert() {
      const [only, ...others] = desk.open.values();
      if (!only || others.length > 0) throw new Error(`${desk.open.size} alerts are open`);
      return only;
    },
  };
  return desk;
}
