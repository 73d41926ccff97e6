/** What was changed before something failed: shown beside the fault. */
import type { Related } from '../model/alert.ts';
import type { Change } from '../model/maintenance.ts';
import { clean } from '../text.ts';
import { DAY, HOUR, humanDuration, MINUTE } from '../time.ts';

const reachMs = 7 * DAY;
const most = 3;

/**
 * Changes to what failed within the seven days before, newest first, three at most. Those to nothing in particular are left out: they
 * would stand beside every fault.
 * @param subjects ids of what failed, with the hosts that carry it
 * @param firstAt first symptom, epoch ms
 * @param nameOf name of a subject by its id
 */
export function relatedChanges(
  changes: readonly Change[],
  subjects: readonly string[],
  firstAt: number,
  nameOf: (id: string) => string = (id) => id,
): Related[] {
  const wanted = new Set(subjects);
  return changes
    .filter((it) => it.subject !== null && wanted.has(it.subject) && it.at <= firstAt && it.at >= firstAt - reachMs)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, most)
    .map((it) => ({ kind: 'change', text: `${whatOf(it, nameOf)}, ${agoWords(firstAt - it.at)}`, at: it.at }));
}

/** "security patches on web1"; what names its place already is not told twice. */
function whatOf({ text, subject }: Change, nameOf: (id: string) => string): string {
  const what = clean(text, 200);
  const name = clean(nameOf(subject as string), 120);
  return what.toLowerCase().includes(name.toLowerCase()) ? what : `${what} on ${name}`;
}

/** In one unit: it is an order of magnitude that helps. */
function agoWords(ms: number): string {
  if (ms < MINUTE) return 'less than a minute before';
  return `${humanDuration(ms - (ms % (ms >= DAY ? DAY : ms >= HOUR ? HOUR : MINUTE)))} before`;
}
