/** What customers are told about planned work: when, what may be interrupted, what keeps working. Plain text to copy. Pure. */
import type { MaintenanceWindow, Occurrence } from '../../shared/model/maintenance.ts';
import type { Subject } from '../../shared/model/plan.ts';
import { clean, listOf } from '../../shared/text.ts';
import { clockShort, dayName, humanDuration, zoneTitle } from '../../shared/time.ts';

/** @param when the time it is about: the one that runs, or the next; null = the day is not fixed */
export function announcementOf(
  it: MaintenanceWindow,
  when: Occurrence | null,
  subjects: Readonly<Record<string, Subject>>,
  zone: string,
): string {
  const names = (ids: readonly string[]) =>
    listOf(
      ids.map((id) => {
        const subject = subjects[id];
        return clean(subject?.audience || subject?.name || id);
      }),
      30,
    );
  return [
    `Planned work: ${clean(it.name)}`,
    '',
    whenText(it, when, zone),
    ...(it.affects.length > 0 ? [`May be interrupted meanwhile: ${names(it.affects)}.`] : []),
    ...(it.spares.length > 0 ? [`Keeps working: ${names(it.spares)}.`] : []),
    ...(it.reason ? ['', clean(it.reason, 1_000)] : []),
  ].join('\n');
}

function whenText(it: MaintenanceWindow, when: Occurrence | null, zone: string): string {
  const takes = it.durationMs === null ? '' : ` We expect it to take ${humanDuration(it.durationMs)}.`;
  if (!when) return `The day is not fixed yet; we will announce it.${takes}`;
  const from = `${dayName(when.from, zone)}, ${clockShort(when.from, zone)}`;
  if (when.to === null) return `From ${from} ${zoneTitle(when.from, zone)} until it is done.`;
  const sameDay = dayName(when.from, zone) === dayName(when.to, zone);
  const to = sameDay ? clockShort(when.to, zone) : `${dayName(when.to, zone)}, ${clockShort(when.to, zone)}`;
  return `${from} to ${to} ${zoneTitle(when.to, zone)}.${it.kind === 'flexible' ? takes : ''}`;
}
