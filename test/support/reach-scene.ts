import { type CheckType, checks } from '../../shared/checks/index.ts';
import { type Covered, type CoverInput, type CoverMemory, coverProblems, graphOf } from '../../shared/health/reach.ts';
import { type CheckState, pendingState } from '../../shared/health/step.ts';
import type { PlannedCheck, Subject } from '../../shared/model/plan.ts';
import { check, hard, thing, verdict } from './story.ts';

export const NOW = 10_000_000;
export const CYCLE = 35_000;
const failing = NOW - 60_000;
/** States by a word. */
export const words = {
  ok: { ...hard(verdict('ok')), at: NOW - 1_000 },
  down: { ...hard(verdict('down'), failing), at: NOW - 1_000 },
  'just-down': { ...hard(verdict('down'), NOW - 20_000), at: NOW },
  lost: { ...hard(verdict('down', 'timeout'), failing), at: NOW - 1_000 },
  wrong: { ...hard(verdict('down', 'wrong-answer'), failing), at: NOW - 1_000 },
  degraded: { ...hard(verdict('degraded'), failing), at: NOW - 1_000 },
  unknown: { ...hard(verdict('unknown'), failing), at: NOW - 1_000 },
  retried: { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'down', attempt: 1, firstAt: NOW - 1_000 } },
  'retried-unknown': { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'unknown', attempt: 1, firstAt: NOW - 1_000 } },
  'retried-degraded': { ...hard(verdict('ok')), at: NOW - 1_000, soft: { level: 'degraded', attempt: 1, firstAt: NOW - 1_000 } },
  /** Ok, but before others failed; its next look is due soon. */
  'ok-before': { ...hard(verdict('ok')), at: NOW - 25_000 },
  /** The same, and its next look is overdue. */
  'ok-long-before': { ...hard(verdict('ok')), at: NOW - 40_000 },
  /** Ok in the very moment in which others failed. */
  'ok-then': { ...hard(verdict('ok')), at: NOW - 20_000 },
  pending: pendingState(NOW - 500_000),
  'just-pending': pendingState(NOW - 20_000),
  stale: { ...hard(verdict('ok')), at: NOW - 100_000, staleSince: NOW - 10_000 },
  'stale-down': { ...hard(verdict('down'), failing), at: NOW - 100_000, staleSince: NOW - 10_000 },
  flapping: { ...hard(verdict('ok')), at: NOW - 1_000, flapping: { since: failing, percent: 40 } },
} satisfies Record<string, CheckState>;
export type Word = keyof typeof words;
/** `host('web1', 'sw1', 'cox he')`: each text is a group of ids of which one is enough. */
export const groups = (needs: string[]): string[][] => needs.map((group) => group.split(' '));
export const host = (id: string, ...needs: string[]): Subject => thing('host', id, { dependsOn: groups(needs) });
export const link = (id: string, ...needs: string[]): Subject => thing('link', id, { dependsOn: groups(needs) });
export const prefix = (id: string, via: string): Subject => thing('prefix', id, { dependsOn: groups([via]) });
export const service = (id: string, hosts: string, ...needs: string[]): Subject =>
  thing('service', id, { hosts: hosts === '' ? [] : hosts.split(' '), dependsOn: groups(needs) });
export const at = (site: string, subject: Subject): Subject => ({ ...subject, site });
export interface Scene extends Partial<Omit<CoverInput, 'graph' | 'problems' | 'checksOf'>> {
  things: Subject[];
  /** "cox down, web1/http retried": how the checks of subjects stand, or single ones. All others are ok. A subject without `/` has a ping. */
  stand: string;
}
/** Plays a scene: every subject has one ping (a link calls it gateway), and each check named with a `/`; `id -` has none. */
export function look({ things, stand, ...more }: Scene): { covered: Map<string, Covered>; memory: CoverMemory } {
  const bySubject = new Map<string, { plan: PlannedCheck; subject: Subject; state: CheckState }[]>();
  for (const subject of things) bySubject.set(subject.id, []);
  const put = (id: string, name: string | undefined, state: CheckState): void => {
    const subject = things.find((it) => it.id === id) as Subject;
    const type = name === undefined || name.startsWith('icmp') ? 'icmp' : Object.hasOwn(checks, name) ? (name as CheckType) : 'http';
    const plan = check(subject, type, name ?? (subject.kind === 'link' ? 'gateway' : 'icmp'), { config: { address: '192.0.2.1' } });
    bySubject.get(id)?.push({ plan, subject, state });
  };
  const said = new Set<string>();
  for (const part of stand.split(', ').filter((it) => it !== '')) {
    const [what = '', word = ''] = part.split(' ');
    const [id = '', name] = what.split('/');
    said.add(id);
    if (word !== '-') put(id, name, words[word as Word]);
  }
  for (const { id } of things) if (!said.has(id)) put(id, undefined, words.ok);
  const all = [...bySubject.values()].flat();
  return coverProblems({
    graph: graphOf(things),
    problems: all.filter(({ state }) => (state.hard !== 'ok' && state.hard !== 'pending') || state.flapping),
    checksOf: (id) => bySubject.get(id) ?? [],
    cutOff: null,
    suspected: false,
    windows: [],
    routines: [],
    memory: { failed: new Set(), recovered: new Map() },
    now: NOW,
    ...more,
  });
}
/** "web1 unreachable by cox": every problem in words. One whose roots are the usual ones and that does not wait says no more. */
export const told = ({ covered }: { covered: Map<string, Covered> }): string[] =>
  [...covered].map(([id, { cover, roots, hold }]) => {
    const name = id.replace(/\/(icmp|gateway)$/, '');
    const usual = cover?.kind === 'unreachable' ? cover.by : cover?.kind === 'cut-off' ? 'desk' : id.split('/')[0];
    const from = roots.join('+') === usual ? '' : ` from ${roots.join('+')}`;
    return `${name} ${cover ? `${cover.kind} by ${cover.by}${cover.always ? ' always' : ''}` : 'counts'}${from}${hold ? ' waits' : ''}`;
  });
export const chain = [link('cox'), host('router', 'cox'), host('sw1', 'router'), host('web1', 'sw1')];
export const twoUplinks = [link('cox'), link('he'), host('router', 'cox he'), host('web1', 'router')];
export const shop = [host('web1'), host('web2'), host('db1'), service('shop', 'web1 web2', 'db1')];
