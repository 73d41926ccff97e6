/** Makes the alert of each group: its words, how it lives on or ends, and what is told of that. */
import type { Alert } from '../model/alert.ts';
import type { EventDraft } from '../model/event.ts';
import { type SubjectRef, severityOf, worst } from '../model/words.ts';
import { clean, count } from '../text.ts';
import { behindOf } from './behind.ts';
import { offlineText, offlineTitle } from './desk-offline.ts';
import { textOfSeveral, titleOfSeveral } from './group-words.ts';
import type { Severity } from './members.ts';
import { subjectIdOf } from './names.ts';
import { relatedSentences, withRoutine } from './related-words.ts';
import { living } from './scope.ts';
import { countAt, foldedOf, isNewsless, levelOf, situationsOf, subjectOf } from './situations.ts';
import { textOfAlert, titleOf } from './words.ts';
import { type Group, type Item, symptomAt, type Work } from './work.ts';

/** Raises and updates. */
export function record(work: Work): string {
  const groups = living(work.groups);
  for (const group of groups) recordGroup(work, group);
  return `${groups.filter((it) => !it.open).length} raised, ${groups.filter((it) => it.open).length} go on`;
}

function recordGroup(work: Work, group: Group): void {
  const { now, newId, relatedTo } = work.input;
  const { open } = group;
  const items = [...group.roots.values()].sort((a, b) => (a.plan.id < b.plan.id ? -1 : 1));
  const checks = items.map((it) => it.plan.id);
  const had = new Set(open?.checks);
  const joined = checks.filter((id) => !had.has(id));
  const left = open?.checks.filter((id) => !group.roots.has(id)) ?? [];
  const consequences = [...group.consequences].sort();

  const roots = situationsOf(work, items);
  let severity = severityNow(group, items, left);
  const raisedAt = open?.raisedAt ?? now;
  const symptoms = items.filter((it) => !isNewsless(it) && it.state.hard !== 'pending').map((it) => symptomAt(it.state));
  const firstAt = symptoms.reduce((first, at) => Math.min(first, at), Math.min(now, open?.firstAt ?? now));

  const [first] = roots;
  if (!first) return;
  const isDesk = first.subject.kind === 'desk';
  const subject = subjectOf(work, roots);
  const rootIds = roots.map((it) => it.subject.id);
  const sameRoots = open !== null && sameSet(rootIds, [...had].map(subjectIdOf));
  const related = isDesk
    ? []
    : sameRoots
      ? open.related
      : relatedTo([...new Set(roots.flatMap(({ subject: { id, leg, hosts } }) => [id, ...(leg ? [leg.entry] : []), ...hosts]))], firstAt);

  const site = subject.kind === 'site' ? (work.input.siteName(subject.id) ?? subject.id) : null;
  const several = roots.length > 1;
  let title = isDesk ? offlineTitle : several ? titleOfSeveral(roots, site, (kind) => countAt(work, subject, kind)) : titleOf(first);
  title = withRoutine(title, related);
  const behind = behindOf({ checks, consequences }, work.input.graph.subject);
  let text = [
    isDesk ? offlineText(group) : several ? textOfSeveral(roots) : textOfAlert(first),
    ...(behind.length > 0 ? [foldedOf(work, behind, several)] : []),
    ...relatedSentences(related, { firstAt, raisedAt }, several),
  ].join(' ');
  if (open && joined.length + left.length === 0 && items.every(isNewsless)) {
    // No news changes no title; a desk that is cut off has no news of anything.
    title = open.title;
    if (items.every((it) => it.held === 'cut-off')) text = open.text;
  }
  const inDoubt = joined.length === 0 && items.some((it) => it.held === 'parent-retried');
  if (open && inDoubt && severityOf(severity) >= severityOf(open.severity)) {
    // Whether it got worse, or only what it is reached through, is being made sure of: until then it stands as it stood.
    ({ severity, title, text } = open);
  }

  const about = { at: now, subject, actor: 'engine' };
  if (!open) {
    const alert: Alert = {
      id: newId(),
      subject,
      severity,
      title,
      text,
      checks,
      consequences,
      related,
      firstAt,
      raisedAt,
      updatedAt: now,
      acknowledgement: null,
      openSince: raisedAt,
      escalation: 0,
      silencedUntil: null,
      endedAt: null,
      peak: peakOf(undefined, { title, text, severity, checks, consequences }),
    };
    const payload = { alert: alert.id, title, severity, checks, consequences: consequences.length };
    put(work, group, alert, `raised as ${severity}: ${title}`, { ...about, kind: 'alert-raised', payload });
    return;
  }
  const scopeChanged = joined.length + left.length > 0 || severity !== open.severity;
  const consequencesChanged = !sameSet(consequences, open.consequences);
  const wordsChanged = title !== open.title || text !== open.text || firstAt !== open.firstAt || !sameRef(subject, open.subject);
  if (!scopeChanged && !consequencesChanged && !wordsChanged) {
    group.alert = open;
    return;
  }
  const peak = peakOf(open.peak, { title, text, severity, checks, consequences });
  const alert: Alert = { ...open, subject, severity, title, text, checks, consequences, related, firstAt, updatedAt: now, peak };
  const notable = consequencesChanged && isNotable(open.consequences, consequences);
  const payload = {
    alert: alert.id,
    title,
    severity,
    joined,
    left,
    consequences: { now: consequences.length, before: open.consequences.length },
  };
  const reason = scopeChanged
    ? `${joined.length} joined, ${left.length} left, ${open.severity} → ${severity}`
    : consequencesChanged
      ? `${open.consequences.length} → ${count(consequences.length, 'consequence')}`
      : 'only its words changed';
  put(work, group, alert, reason, ...(scopeChanged || notable ? [{ ...about, kind: 'alert-updated', payload } as const] : []));
}

/** Ends what has nothing left that is wrong by itself. */
export function end(work: Work): string {
  const { now, isWatched } = work.input;
  let ended = 0;
  for (const group of work.groups) {
    const { open } = group;
    if (!open || group.roots.size > 0) continue;
    ended += 1;
    const { title, text } = open.peak ?? open;
    const alert: Alert = { ...open, title, text, endedAt: now, updatedAt: now };
    const about = { at: now, subject: open.subject, actor: 'engine' };
    const what = { alert: open.id, title };
    const into = group.movedTo?.alert;
    const closed = (why: string): void =>
      put(work, group, alert, `closed: ${why}`, { ...about, kind: 'alert-closed', payload: { ...what, why } });
    if (into) {
      const payload = { ...what, into: into.id, intoTitle: into.title };
      put(work, group, alert, `goes on in ${into.title}`, { ...about, kind: 'alert-merged', payload });
    } else if (group.covered) {
      closed(`planned work “${clean(group.covered.name, 120)}” covers it`);
    } else if (open.checks.length > 0 && !open.checks.some(isWatched)) closed('it is no longer in the inventory');
    else {
      const payload = { ...what, lastedMs: Math.max(0, now - open.firstAt) };
      put(work, group, alert, 'no problem of its own is left', { ...about, kind: 'alert-recovered', payload });
    }
  }
  return `${ended} ended`;
}

/** The worst counts, then the widest, then the newest. */
function peakOf(
  before: Alert['peak'],
  { title, text, severity, checks, consequences }: Pick<Alert, 'title' | 'text' | 'severity' | 'checks' | 'consequences'>,
): Alert['peak'] {
  const weight = severityOf(severity) * 1_000_000 + checks.length + consequences.length;
  return before && before.weight > weight ? before : { title, text, weight };
}

export function put(work: Work, group: Group, alert: Alert, reason: string, ...events: EventDraft[]): void {
  group.alert = alert;
  work.changed.add(group);
  work.events.push(...events);
  work.decisions.push({ stage: alert.endedAt === null ? 'record' : 'end', alert: alert.id, reason });
}

function severityNow(group: Group, items: readonly Item[], left: readonly string[]): Severity {
  const before = group.open?.severity ?? null;
  if (before && left.length === 0 && items.every(isNewsless)) return before;
  const now = worst(items.map(levelOf)) as Severity;
  // One that comes and goes would otherwise take the whole alert up and down with it, with a message each time. And what is frozen
  // does not get better by that.
  const keeps =
    items.some((it) => it.held === 'cut-off') || (left.length === 0 && items.some((it) => it.state.flapping && it.state.hard === 'ok'));
  return before && keeps && severityOf(before) > severityOf(now) ? before : now;
}

/** So many things are followed one by one; beyond that only each doubling (or halving) is worth a line. */
const fewThings = 8;
function isNotable(before: readonly string[], now: readonly string[]): boolean {
  const was = [...new Set(before.map(subjectIdOf))];
  const are = [...new Set(now.map(subjectIdOf))];
  if (Math.min(was.length, are.length) >= fewThings) return Math.floor(Math.log2(was.length)) !== Math.floor(Math.log2(are.length));
  return !sameSet(was, are);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const inA = new Set(a);
  const inB = new Set(b);
  return inA.size === inB.size && [...inA].every((id) => inB.has(id));
}
const sameRef = (a: SubjectRef, b: SubjectRef): boolean => a.kind === b.kind && a.id === b.id;
