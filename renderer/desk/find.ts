/** Finds things by what people type: every word must occur in the name, the id, the address or a check's name. */
import type { LiveTables } from '../../shared/live.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { SubjectKind } from '../../shared/model/words.ts';
import { checkLabel, legsOf } from '../state/derive.ts';
import type { Place } from '../state/view.ts';

/** What can be found by its words as well: the list of drills at the desk, the debrief in a drill. */
export type FindAction = 'drills' | 'debrief';
const actions: Record<FindAction, { title: string; note: string; words: string }> = {
  drills: { title: 'Play a drill', note: 'an outage to practise on', words: 'play a drill drills exercise practise training' },
  debrief: { title: 'Debrief', note: 'how the drill went so far', words: 'debrief drill how it went' },
};

export interface Found {
  key: string;
  subject: string;
  check: string | null;
  title: string;
  note: string;
  /** Checks that tell how it stands. */
  checks: string[];
  kind: SubjectKind;
  /** A page of its own, instead of the detail of the subject. */
  place?: Place;
  /** An incident, instead of a thing of the inventory. */
  incident?: Incident;
  /** Something to do, instead of a thing. */
  does?: FindAction;
}

/** @returns the best `most`: names that begin with the words first, subjects before checks */
export function find(
  tables: Pick<LiveTables, 'subjects' | 'plans' | 'incidents'>,
  typed: string,
  offered: readonly FindAction[] = [],
  most = 40,
): Found[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const first = words[0] ?? '';
  const found: { rank: number; it: Found }[] = [];
  const offer = (it: Found, haystack: string, base: number) => {
    const text = haystack.toLowerCase();
    if (!words.every((word) => text.includes(word))) return;
    const title = it.title.toLowerCase();
    found.push({ rank: base + (title.startsWith(first) ? 0 : title.includes(first) ? 1 : 2), it });
  };
  const bySubject = new Map<string, string[]>();
  for (const plan of Object.values(tables.plans)) {
    bySubject.set(plan.subject.id, [...(bySubject.get(plan.subject.id) ?? []), plan.id]);
    const subject = tables.subjects[plan.subject.id];
    offer(
      {
        key: plan.id,
        subject: plan.subject.id,
        check: plan.id,
        title: `${subject?.name ?? plan.subject.id} · ${checkLabel(plan)}`,
        note: plan.target,
        checks: [plan.id],
        kind: plan.subject.kind,
      },
      `${subject?.name} ${plan.id} ${plan.target} ${plan.type}`,
      10,
    );
  }
  for (const subject of Object.values(tables.subjects)) {
    const legs = legsOf(tables, subject.id).flatMap((leg) => bySubject.get(leg.id) ?? []);
    const own = [...legs, ...(bySubject.get(subject.id) ?? [])];
    const { id, name, note, kind } = subject;
    const checks = own.length > 0 ? own : subject.hosts.flatMap((host) => bySubject.get(host) ?? []);
    const it = { key: id, subject: id, check: null, title: name, note, checks, kind };
    offer(it, `${name} ${id} ${note} ${kind}`, 0);
    if (kind === 'mail' && !subject.leg)
      offer(
        { ...it, key: `${id} page`, title: `${name} · mail page`, note: 'the stack as a picture', place: { kind: 'mail', id } },
        `${name} ${id} mail page stack`,
        5,
      );
  }
  for (const incident of Object.values(tables.incidents)) {
    const { id, title, status, lead } = incident;
    offer(
      { key: id, subject: id, check: null, title, note: `incident, ${status}`, checks: [], kind: 'service', incident },
      `${title} incident ${status} ${lead ?? ''}`,
      1,
    );
  }
  for (const does of offered) {
    const { title, note, words: known } = actions[does];
    offer({ key: `does ${does}`, subject: '', check: null, title, note, checks: [], kind: 'desk', does }, known, 1);
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ it }) => it);
}
