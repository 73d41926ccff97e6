/** Finds things by what people type: every word must occur in the name, the id, the address or a check's name. */
import type { LiveTables } from '../../shared/live.ts';
import { checkLabel } from '../state/derive.ts';

export interface Found {
  key: string;
  subject: string;
  check: string | null;
  title: string;
  note: string;
  /** Checks that tell how it stands. */
  checks: string[];
}

/** @returns the best `most`: names that begin with the words first, subjects before checks */
export function find(tables: Pick<LiveTables, 'subjects' | 'plans'>, typed: string, most = 40): Found[] {
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
      },
      `${subject?.name} ${plan.id} ${plan.target} ${plan.type}`,
      10,
    );
  }
  for (const subject of Object.values(tables.subjects)) {
    offer(
      {
        key: subject.id,
        subject: subject.id,
        check: null,
        title: subject.name,
        note: subject.note,
        checks: bySubject.get(subject.id) ?? subject.hosts.flatMap((host) => bySubject.get(host) ?? []),
      },
      `${subject.name} ${subject.id} ${subject.note} ${subject.kind}`,
      0,
    );
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ it }) => it);
}
